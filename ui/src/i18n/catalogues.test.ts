import { expect, test } from "vitest";
import { german } from "./de";
import { english } from "./en";

/** Each text by its path; plural forms are compared as they are. */
function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const here = path ? `${path}.${key}` : key;
    return typeof value === "object" ? texts(value, here) : [[here, value as string]];
  });
}

const inEnglish = texts(english);
const inGerman = new Map(texts(german));

test("German has the texts that English has, and no other", () => {
  expect([...inGerman.keys()].sort()).toEqual(inEnglish.map(([path]) => path).sort());
});

test("both languages fill in the same values", () => {
  const values = (text: string) => (text.match(/{{\w+}}/g) ?? []).sort();
  for (const [path, text] of inEnglish) {
    expect(values(inGerman.get(path) ?? ""), path).toEqual(values(text));
  }
});
