import { expect, test } from "vitest";
import type { LocalModel, Machine } from "../../api/models";
import { memoryParts } from "./memory";

const machine = { memory_total_mb: 8000, memory_available_mb: 3000 } as Machine;
const model = (name: string, resident_mb: number | null) => ({ name, resident_mb }) as LocalModel;

test("each loaded model has its part, and the parts make the whole", () => {
  const parts = memoryParts(machine, [
    model("small", 500),
    model("asleep", null),
    model("m", 1500),
  ]);
  expect(parts.map(({ kind, name, megabytes }) => [kind, name, megabytes])).toEqual([
    ["model", "small", 500],
    ["model", "m", 1500],
    ["others", "", 3000],
    ["free", "", 3000],
  ]);
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test("figures that do not add up never overflow the bar", () => {
  const parts = memoryParts(machine, [model("huge", 7000)]);
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(parts.every(({ megabytes }) => megabytes >= 0)).toBe(true);
});
