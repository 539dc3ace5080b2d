/** Elements built by hand: text is always text, so nothing here can turn into markup. */

type Child = Node | string | null | undefined | false;
type Value = string | boolean | null | undefined | ((event: never) => void);

/** An element with its attributes, listeners (`onclick`) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

const PATHS = {
  chat: "M20 11.5a7.5 7.5 0 0 1-11 6.7l-4.5 1.3 1.3-4.3A7.5 7.5 0 1 1 20 11.5zM9 10h7M9 13h4.5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  back: "M14.5 6l-6 6 6 6",
  more: "M6 12h0M12 12h0M18 12h0",
  send: "M12 19V5.5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  fresh: "M12 5v14M5 12h14",
  erase: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  page: "M13.5 4H6v16h12V8.5zV8.5H18M9 12.5h6M9 16h6",
  again: "M19 6v4.5h-4.5M19 10.5a7.2 7.2 0 1 0 .2 3.6",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8h0",
};

export type Icon = keyof typeof PATHS;

/** A line icon that takes the colour of the text around it. */
export function icon(name: Icon): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that submits nothing. */
export function button(
  attributes: Record<string, Value>,
  onclick: () => void,
  ...children: Child[]
): HTMLButtonElement {
  return h("button", { type: "button", ...attributes, onclick }, ...children);
}

/** A button with an icon and a name for those who do not see it. */
export function iconButton(name: Icon, label: string, onclick: () => void): HTMLButtonElement {
  return button({ class: "icon", "aria-label": label, title: label }, onclick, icon(name));
}
