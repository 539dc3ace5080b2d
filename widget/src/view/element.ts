/** The element in the page: a shadow root of its own, put back when the page swaps its body. */

import css from "./styles.css?inline";

const TAG = "inhouse-chat";
const ROOT = "ai-widget-root";

export class WidgetElement extends HTMLElement {
  /** Finds the place to come back to when the page throws the element out; null: stay away. */
  home: (() => Element | null) | null = null;

  disconnectedCallback(): void {
    // The page is in the middle of a swap: its new body may not be there yet.
    setTimeout(() => this.settle(), 0);
  }

  /** Be in the page, unless the widget was destroyed. */
  settle(): void {
    if (this.isConnected || !this.home) return;
    const home = this.home();
    if (home) home.append(this);
    else setTimeout(() => this.settle(), 50);
  }
}

/** Give `root` the widget's styles in a way no content security policy forbids. */
function dress(root: ShadowRoot, nonce: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.nonce = nonce;
    style.textContent = css;
    root.append(style);
  }
}

/** The `#ai-widget-root` of the page; made, at the end of `parent`, where there is none. */
function findRoot(parent: Element | null, inline: boolean): Element | null {
  const existing = document.getElementById(ROOT);
  if (existing || !parent) return existing;
  const root = document.createElement("div");
  const display = inline ? "block!important;height:100%" : "contents";
  root.id = ROOT;
  // Set by script, so that no policy forbids it and no rule of the page comes before it.
  root.style.cssText = `all:initial!important;display:${display}!important`;
  parent.append(root);
  return root;
}

/** Put `content` into the page behind a shadow root. */
export function mount(
  content: Node,
  inline: boolean,
  container: string,
  nonce: string,
): WidgetElement {
  if (!customElements.get(TAG)) customElements.define(TAG, WidgetElement);
  const element = document.createElement(TAG) as WidgetElement;
  const shadow = element.attachShadow({ mode: "open" });
  element.toggleAttribute("data-inline", inline);
  dress(shadow, nonce);
  shadow.append(content);
  element.home = () =>
    findRoot(container ? document.querySelector(container) : document.body, inline);
  element.settle();
  return element;
}

/** Take the widget out of the page for good. */
export function unmount(element: WidgetElement): void {
  const root = element.parentElement;
  element.home = null;
  element.remove();
  if (root?.childElementCount === 0) root.remove();
}
