import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useRef,
} from "react";
import { sendFile } from "../../api/knowledge";
import { asProblem, isAbort } from "../../api/problem";
import { isUnderWay, nextUp, type Upload, uploadsReducer } from "./queue";

interface Uploads {
  uploads: Upload[];
  add(assistantId: string, files: File[], replaces?: string): void;
  tryAgain(key: string): void;
  dismiss(key: string): void; // cancels it when it is still on its way
}

const UploadsContext = createContext<Uploads | null>(null);

export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("useUploads stands outside of its provider.");
  return uploads;
}

/** Keeps sending while people move between screens. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const [uploads, dispatch] = useReducer(uploadsReducer, []);
  const cancels = useRef(new Map<string, () => void>());
  const queries = useQueryClient();

  useEffect(() => {
    for (const upload of nextUp(uploads)) {
      const { key } = upload;
      const before = Date.now();
      const sending = sendFile(upload, (fraction) => dispatch({ type: "progress", key, fraction }));
      cancels.current.set(key, sending.cancel);
      dispatch({ type: "sending", key });
      sending.done
        .then(({ isNew }) => dispatch({ type: isNew(before) ? "remove" : "known", key }))
        .catch((thrown: unknown) => {
          if (!isAbort(thrown)) dispatch({ type: "failed", key, problem: asProblem(thrown) });
        })
        .finally(() => {
          cancels.current.delete(key);
          void queries.invalidateQueries({ queryKey: ["documents"] });
          void queries.invalidateQueries({ queryKey: ["jobs"] });
        });
    }
  }, [uploads, queries]);

  const busy = uploads.some(isUnderWay);
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);

  const value = useMemo<Uploads>(
    () => ({
      uploads,
      add: (assistantId, files, replaces) =>
        dispatch({ type: "add", uploads: files.map((file) => fresh(file, assistantId, replaces)) }),
      tryAgain: (key) => dispatch({ type: "again", key }),
      dismiss: (key) => {
        cancels.current.get(key)?.();
        dispatch({ type: "remove", key });
      },
    }),
    [uploads],
  );
  return <UploadsContext value={value}>{children}</UploadsContext>;
}

let made = 0;

function fresh(file: File, assistantId: string, replaces: string | null = null): Upload {
  made += 1;
  const key = `upload-${made}`;
  return { key, file, assistantId, replaces, state: "waiting", fraction: 0, problem: null };
}
