/** The widget's events: to listeners of the API, and to the window as `selfhostedai:<name>`. */

export type Listener = (detail: unknown, name: string) => void;

export interface Emitter {
  /** Hear `name`, or everything with "*". `ready` is told again to those who come late. */
  on(name: string, listener: Listener): () => void;
  off(name: string, listener?: Listener): void;
  emit(name: string, detail?: Record<string, unknown>): void;
}

const STICKY = "ready";

export function emitter(): Emitter {
  const listeners = new Map<string, Set<Listener>>();
  let settled: Record<string, unknown> | null = null;

  function tell(listener: Listener, name: string, detail: unknown): void {
    try {
      listener(detail, name);
    } catch (problem) {
      // The page's mistake must not break the chat, and must not be hidden from the page either.
      console.error(problem);
    }
  }

  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      if (settled && (name === STICKY || name === "*")) tell(listener, STICKY, settled);
      return () => void set.delete(listener);
    },
    off(name, listener) {
      if (listener) listeners.get(name)?.delete(listener);
      else listeners.delete(name);
    },
    emit(name, detail = {}) {
      if (name === STICKY) settled = detail;
      if (name === "destroy") settled = null;
      for (const key of [name, "*"]) {
        for (const listener of [...(listeners.get(key) ?? [])]) tell(listener, name, detail);
      }
      window.dispatchEvent(new CustomEvent(`selfhostedai:${name}`, { detail }));
    },
  };
}
