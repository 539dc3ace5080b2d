/** Pure: from one brand colour, a palette that can be read on light and on dark. */

type Rgb = [number, number, number];

export interface Shades {
  /** Behind the launcher, the visitor's words and the send button. */
  fill: string;
  /** Text and icons on `fill`. */
  on: string;
  /** Links and marks on the panel. */
  accent: string;
  /** A breath of the accent, for backgrounds. */
  tint: string;
}

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [11, 15, 20];
/** A theme's panel and bubble, and the end of the scale that stands out from them. */
const LIGHT: Record<"panel" | "bubble" | "far", Rgb> = {
  panel: WHITE,
  bubble: [244, 245, 247],
  far: [0, 0, 0],
};
const DARK: typeof LIGHT = { panel: [22, 26, 32], bubble: [34, 40, 48], far: WHITE };

/** Red, green and blue of #rgb or #rrggbb; null for anything else. */
export function parseColour(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!hex) return null;
  const six = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(six.slice(at, at + 2), 16)) as Rgb;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  a.map((part, i) => Math.round(part + ((b[i] as number) - part) * share)) as Rgb;

/** Move `colour` towards `far` until it stands out from `ground` by `ratio`. */
function reach(colour: Rgb, ground: Rgb, far: Rgb, ratio: number): Rgb {
  let share = 0;
  let moved = colour;
  while (contrast(moved, ground) < ratio && share < 1) {
    share += 0.05;
    moved = mix(colour, far, share);
  }
  return moved;
}

const css = (colour: Rgb): string => `rgb(${colour.join(",")})`;

/** Shades of `primary` on light or on dark; text on and beside them keeps WCAG AA. */
export function shades(primary: string, dark: boolean): Shades {
  const colour = parseColour(primary) ?? (parseColour("#0f766e") as Rgb);
  const { panel, bubble, far } = dark ? DARK : LIGHT;
  const fill = reach(colour, panel, far, 3);
  const strong = reach(colour, bubble, far, 5);
  const tint = mix(panel, strong, 0.14);
  const accent = reach(strong, tint, far, 4.6);
  return {
    fill: css(fill),
    // One of the two always reaches 4.5; white wins where both do, as brands expect it.
    on: css(contrast(fill, WHITE) >= 4.5 ? WHITE : INK),
    accent: css(accent),
    tint: css(tint),
  };
}
