export type Strength = "none" | "short" | "fair" | "good";

/** Length is what counts; there are no rules about capitals and digits. */
export function strengthOf(password: string): Strength {
  const length = [...password].length;
  if (length === 0) return "none";
  if (length < 8) return "short";
  return length < 15 || new Set(password).size < 6 ? "fair" : "good";
}
