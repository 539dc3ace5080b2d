import { setNonce } from "get-nonce";

/** The server's permission for this page load to add style elements. */
export function styleNonce(): string {
  const tag = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  return tag?.content ?? "";
}

/** The scroll lock behind dialogs writes its own style element; it asks here. */
export function shareNonce(): void {
  setNonce(styleNonce());
}
