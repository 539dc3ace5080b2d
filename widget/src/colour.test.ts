import { describe, expect, it } from "vitest";
import { contrast, parseColour, shades } from "./colour";

type Rgb = [number, number, number];
const rgb = (css: string) => (css.match(/\d+/g) ?? []).map(Number) as Rgb;
const PANELS: [boolean, Rgb, Rgb][] = [
  [false, [255, 255, 255], [244, 245, 247]],
  [true, [22, 26, 32], [34, 40, 48]],
];
const BRANDS = [
  "#0f766e",
  "#ffffff",
  "#000000",
  "#ffe600",
  "#e30613",
  "#1d4ed8",
  "#7f7f7f",
  "#abc",
];

describe("a brand colour", () => {
  it.each([
    ["#0f766e", [15, 118, 110]],
    ["#ABC", [170, 187, 204]],
    [" #fff ", [255, 255, 255]],
  ])("is read from %s", (text, expected) => {
    expect(parseColour(text)).toEqual(expected);
  });

  it.each(["red", "#12", "#1234567", "url(x)", "#ggg", "", "#fff;background:url(//x)"])(
    "is not read from %j",
    (text) => expect(parseColour(text)).toBeNull(),
  );

  it("gives the contrast the standard gives", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 1);
  });
});

describe.each(PANELS)("the palette on a panel (dark: %s)", (dark, panel, bubble) => {
  it.each(BRANDS)("keeps WCAG AA for %s", (brand) => {
    const { fill, on, accent, tint } = shades(brand, dark);
    expect(contrast(rgb(fill), panel)).toBeGreaterThanOrEqual(3);
    expect(contrast(rgb(on), rgb(fill))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb(accent), bubble)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb(accent), rgb(tint))).toBeGreaterThanOrEqual(4.5);
  });

  it("leaves a colour that stands out as it is", () => {
    expect(rgb(shades("#c026d3", dark).fill)).toEqual([192, 38, 211]);
  });
});
