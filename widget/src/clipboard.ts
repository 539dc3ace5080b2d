/**
 * Put `text` on the clipboard; resolves to whether that worked.
 *
 * A plain-http page has no `navigator.clipboard`, so there an invisible field is selected and
 * copied the old way.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.cssText = "position:fixed;top:0;left:0;opacity:0";
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    const focused = before?.shadowRoot?.activeElement ?? before;
    (focused as HTMLElement | null)?.focus();
  }
}
