/** One thing that is not as it was. */
export interface Difference {
  field: string; // its path: "answers.mode"
  was: unknown;
  is: unknown;
}

/** The fields that differ, in the order in which the configuration has them. */
export function differences(before: object, after: object): Difference[] {
  const was = new Map(leaves(before));
  return leaves(after)
    .filter(([field, value]) => JSON.stringify(was.get(field)) !== JSON.stringify(value))
    .map(([field, value]) => ({ field, was: was.get(field), is: value }));
}

// These hold what somebody chose to put in: they are compared as one thing.
const whole = new Set(["metadata", "knowledge.filters"]);

function leaves(value: object, path = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
    const field = path ? `${path}.${key}` : key;
    const group = part !== null && typeof part === "object" && !Array.isArray(part);
    return group && !whole.has(field) ? leaves(part, field) : [[field, part]];
  });
}
