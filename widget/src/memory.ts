/**
 * What this browser remembers of a visitor: the session and its token, nothing else.
 *
 * The token opens this one conversation only and the server lets it expire. Where storage is
 * blocked the conversation lasts as long as the page.
 */

export interface Remembered {
  session: string;
  token: string;
  /** The answer being written, so that it goes on after a reload. */
  reply?: string;
}

export interface Memory {
  load(): Remembered | null;
  save(remembered: Remembered): void;
  forget(): void;
  /** Small notes of this tab or this browser, such as whether the panel stood open. */
  note(name: string, value?: string): string | null;
}

function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null; // storage is switched off or full
  }
}

function readable(text: string | null): Remembered | null {
  const value = attempt(() => JSON.parse(text ?? "null"));
  const { session, token, reply } = (value ?? {}) as Record<string, unknown>;
  if (typeof session !== "string" || typeof token !== "string") return null;
  return typeof reply === "string" ? { session, token, reply } : { session, token };
}

/** Memory for one assistant of one appliance. */
export function memory(apiUrl: string, assistantId: string): Memory {
  const key = `inhouse:${apiUrl}:${assistantId}`;
  let kept: Remembered | null = readable(attempt(() => localStorage.getItem(key)));

  return {
    load: () => kept,
    save(remembered) {
      kept = remembered;
      attempt(() => localStorage.setItem(key, JSON.stringify(remembered)));
    },
    forget() {
      kept = null;
      attempt(() => localStorage.removeItem(key));
    },
    note(name, value) {
      const place = `${key}:${name}`;
      if (value !== undefined) attempt(() => sessionStorage.setItem(place, value));
      return attempt(() => sessionStorage.getItem(place));
    },
  };
}
