import type { LocalModel, Machine } from "../../api/models";

export interface Part {
  kind: "model" | "others" | "free";
  name: string; // of the model
  megabytes: number;
  share: number; // of the whole memory, 0 to 1
}

/** Who has the machine's memory: each loaded model, everything else, and what is free. */
export function memoryParts(machine: Machine, models: LocalModel[]): Part[] {
  const total = Math.max(machine.memory_total_mb, 1);
  const free = Math.min(Math.max(machine.memory_available_mb, 0), total);
  const loaded = models
    .filter(({ resident_mb }) => (resident_mb ?? 0) > 0)
    .map((model) => ({ name: model.title || model.name, megabytes: model.resident_mb ?? 0 }));
  const sum = loaded.reduce((all, { megabytes }) => all + megabytes, 0);
  const rest = Math.max(total - free - sum, 0);
  // Figures measured at different moments may add up to more than there is.
  const whole = Math.max(total, sum + rest + free);
  const part = (kind: Part["kind"], megabytes: number, name = ""): Part => ({
    kind,
    name,
    megabytes,
    share: megabytes / whole,
  });
  return [
    ...loaded.map(({ name, megabytes }) => part("model", megabytes, name)),
    part("others", rest),
    part("free", free),
  ];
}
