/** Pure: words for the place in the line to the model. */

import type { Words } from "./languages";
import type { Status } from "./wire";

/** "2 before you, about 8 s", as far as it is known. */
export function place({ position, wait_seconds: seconds }: Status, words: Words): string {
  const fill = (text: string, value: number) => text.replace("%s", String(Math.ceil(value)));
  const where = position ? fill(words.before, position) : position === 0 && words.next;
  return (where || words.waiting) + (seconds ? fill(words.about, seconds) : "\u2026");
}
