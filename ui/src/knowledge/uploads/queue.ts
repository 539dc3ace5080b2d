import type { Problem } from "../../api/problem";

/** One file on its way to the appliance. Once it is there, its document takes over. */
export interface Upload {
  key: string;
  file: File;
  assistantId: string;
  replaces: string | null; // a document's id
  state: "waiting" | "sending" | "failed" | "known";
  fraction: number; // 0..1 of what was sent
  problem: Problem | null;
}

export type UploadAction =
  | { type: "add"; uploads: Upload[] }
  | { type: "sending"; key: string }
  | { type: "progress"; key: string; fraction: number }
  | { type: "known"; key: string } // the same file was there already
  | { type: "failed"; key: string; problem: Problem }
  | { type: "again"; key: string }
  | { type: "remove"; key: string };

export function uploadsReducer(uploads: Upload[], action: UploadAction): Upload[] {
  switch (action.type) {
    case "add":
      return [...uploads, ...action.uploads];
    case "remove":
      return uploads.filter(({ key }) => key !== action.key);
    case "sending":
      return change(uploads, action.key, { state: "sending", fraction: 0, problem: null });
    case "progress":
      return change(uploads, action.key, { fraction: action.fraction });
    case "known":
      return change(uploads, action.key, { state: "known", fraction: 1 });
    case "failed":
      return change(uploads, action.key, { state: "failed", problem: action.problem });
    case "again":
      return change(uploads, action.key, { state: "waiting", fraction: 0, problem: null });
  }
}

function change(uploads: Upload[], key: string, to: Partial<Upload>): Upload[] {
  return uploads.map((upload) => (upload.key === key ? { ...upload, ...to } : upload));
}

const AT_ONCE = 2; // more would only share the same wire

/** Those whose turn it is. */
export function nextUp(uploads: Upload[]): Upload[] {
  const sending = uploads.filter(({ state }) => state === "sending").length;
  return uploads
    .filter(({ state }) => state === "waiting")
    .slice(0, Math.max(0, AT_ONCE - sending));
}

export function isUnderWay({ state }: Upload): boolean {
  return state === "waiting" || state === "sending";
}
