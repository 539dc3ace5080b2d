/** Pure: which addresses out of an answer may become links. */

const SCHEME = /^(https?:\/\/|mailto:|tel:)/i;
// Characters that are invisible or turn the direction of text: they only serve to deceive.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `text` without control characters and direction overrides. */
export function clean(text: string): string {
  return text.replace(INVISIBLE, "");
}

/** The address to link to, or null when it is anything but a plain web, mail or phone address. */
export function safeUrl(address: string): string | null {
  const text = clean(address).trim();
  if (text.length > 2000 || !SCHEME.test(text)) return null;
  try {
    const url = new URL(text);
    return url.username || url.password ? null : url.href;
  } catch {
    return null;
  }
}

/** A bare address in running text, cut from the punctuation and marker that touch it. */
export function trimUrl(text: string): [string, string] {
  const tail = /(\[\d+\])?[.,;:!?)\]}>"'*_~]*$/.exec(text)?.[0] ?? "";
  return [text.slice(0, text.length - tail.length), tail];
}
