import type { LocalModel, ModelRole } from "../api/models";

export const roles = ["language", "embedding", "reranker"] as const satisfies ModelRole[];
export const views = ["installed", "running", "available"] as const;
export type View = (typeof views)[number];

export function isView(value: unknown): value is View {
  return views.some((view) => view === value);
}

/** Whether a model is on this list. A download under way is still only available. */
export function isShown({ installed, state }: LocalModel, view: View): boolean {
  if (view === "available") return !installed;
  return installed && (view === "installed" || state === "ready" || state === "loading");
}
