/** One running widget: its settings, its panel and launcher, its conversation. */

import { type Client, client, Refusal } from "./client";
import { shades } from "./colour";
import { conversation } from "./conversation";
import { button, h, icon } from "./dom";
import type { Emitter } from "./emitter";
import { type Memory, memory } from "./memory";
import { decide, type Options, obstacle } from "./options";
import { mount, unmount } from "./view/element";
import { panel } from "./view/panel";
import type { Config } from "./wire";

export interface State {
  open: boolean;
  busy: boolean;
  unread: number;
  conversationId: string | null;
  theme: string;
  language: string;
}

export interface Widget {
  readonly isOpen: boolean;
  readonly state: State;
  /** Show the panel. The focus moves into it unless `focus` is false. */
  open(focus?: boolean): void;
  /** Hide the panel and give the focus back to the launcher, if the panel had it. */
  close(): void;
  /** Ask; resolves when the answer is over, to whether it was asked. */
  send(text: string): Promise<boolean>;
  stop(): void;
  startOver(): void;
  /** Change how the widget looks. Language and being inline are decided when it starts. */
  update(options: Options): void;
  destroy(): void;
}

// Below this the panel covers the page and becomes modal.
const SMALL = "(max-width: 480px), (max-height: 420px)";
const DARK = "(prefers-color-scheme: dark)";
const PAUSES = [1_000, 4_000, 15_000];

/** Say what is wrong to the page's developer; the visitor sees nothing. */
function complain(text: string): null {
  console.error(`[Inhouse widget] ${text}`);
  return null;
}

/** Why the server gives no settings, and what to do about it. */
function explain(status: number, there: boolean, { assistantId, apiUrl }: Options): string {
  // A refused page may not read the refusal, but it can see that somebody is there.
  if (status === 403 || there) {
    return `This site may not show assistant ${assistantId}. Add ${location.origin} to its allowed sites in the Inhouse console.`;
  }
  if (status === 404) return `There is no assistant ${assistantId} at ${apiUrl}.`;
  if (status === 401) return "data-api-key is not valid.";
  return `${apiUrl} cannot be reached (${status}). Does it run, and does this page's connect-src allow it?`;
}

/** The server's settings; a server that is just starting gets a few more tries. */
async function fetchConfig(server: Client, options: Options): Promise<Config> {
  for (const pause of [...PAUSES, 0]) {
    try {
      return await server.config();
    } catch (problem) {
      const { status = 0, passing = false } = problem as Partial<Refusal>;
      const there = status === 0 && (await server.reachable());
      if (!passing || there || !pause) {
        throw new Refusal(
          status,
          there ? "origin_not_allowed" : "",
          explain(status, there, options),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error();
}

/**
 * Start a widget, or say on the console why not.
 *
 * Resolves to null when the page, the server or `alive` (the page has changed its mind) is against
 * it; then nothing was drawn.
 */
export async function startWidget(
  given: Options,
  events: Emitter,
  alive: () => boolean,
): Promise<Widget | null> {
  const { assistantId = "", apiKey = "" } = given;
  const apiUrl = (given.apiUrl ?? "").replace(/\/+$/, "");
  const options = { ...given, apiUrl };
  const wrong = obstacle(options);
  if (wrong) return complain(wrong);
  const server = client(apiUrl, assistantId, apiKey);
  try {
    const config = await fetchConfig(server, options);
    if (!document.body) {
      await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
    }
    return alive() ? widget(options, config, server, memory(apiUrl, assistantId), events) : null;
  } catch (problem) {
    const { message, code, status } = problem as Refusal;
    if (alive()) events.emit("error", { code, message, status });
    return alive() ? complain(message) : null;
  }
}

function widget(
  first: Options,
  config: Config,
  server: Client,
  notes: Memory,
  events: Emitter,
): Widget {
  let options = first;
  let look = decide(options, config);
  let unread = 0;
  const { words, inline, language, dir } = look;
  const undo: (() => void)[] = [];
  const small = matchMedia(SMALL);
  const dark = matchMedia(DARK);

  const badge = h("span", { class: "badge", hidden: true });
  const launcher = button(
    { class: "launcher", part: "launcher", "aria-haspopup": "dialog", "aria-controls": "panel" },
    () => (isOpen() ? close() : open()),
    h("span", { class: "closed" }, icon("chat")),
    h("span", { class: "opened" }, icon("down")),
    badge,
  );
  const board = panel({
    look,
    send(text) {
      const taken = Boolean(text.trim()) && !talk.busy;
      if (taken) void talk.send(text);
      return taken;
    },
    stop: () => talk.stop(),
    fresh: () => startOver(),
    erase: () => startOver(words.erased),
    close,
  });
  const talk = conversation(server, notes, board.log, (name, detail) => {
    if (name === "message:received" && !isOpen()) setUnread(unread + 1);
    events.emit(name, detail);
  });
  const frame = h("div", { class: "frame", lang: language, dir }, board.element, launcher);

  const isOpen = () => !board.element.hidden;

  function name(): void {
    const news = unread ? `, ${unread} ${words.unread}` : "";
    const label = isOpen() ? words.close : `${words.open}: ${look.title}${news}`;
    launcher.setAttribute("aria-label", label);
    launcher.title = label;
    launcher.setAttribute("aria-expanded", String(isOpen()));
    badge.textContent = String(unread);
    badge.hidden = !unread;
  }

  function setUnread(count: number): void {
    if (count === unread) return;
    unread = count;
    name();
    events.emit("unread", { count });
  }

  function turn(on: boolean): void {
    board.element.hidden = !on;
    frame.toggleAttribute("data-open", on);
    notes.note("open", on ? "1" : "0");
    if (on) setUnread(0);
    name();
    events.emit(on ? "open" : "close");
  }

  function open(focus = true): void {
    void talk.restore();
    if (!isOpen()) {
      turn(true);
      board.log.toEnd();
    }
    if (focus) board.field.focus();
  }

  function close(): void {
    if (!isOpen() || inline) return;
    const focused = board.element.contains(element.shadowRoot?.activeElement ?? null);
    turn(false);
    if (focused) launcher.focus();
  }

  function startOver(said = words.started): void {
    board.uncover();
    talk.forget();
    board.announce(said);
    board.field.focus();
  }

  function dress(): void {
    const { theme, position, primaryColor } = look;
    const shown = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    Object.assign(frame.dataset, { theme: shown, position });
    for (const [shade, value] of Object.entries(shades(primaryColor, shown === "dark"))) {
      frame.style.setProperty(`--${shade}`, value);
    }
    board.dress(look);
    name();
  }

  /** Follow the screen: small ones are covered, and on phones the keyboard takes its part. */
  function fit(): void {
    const { height, offsetTop } = window.visualViewport ?? { height: innerHeight, offsetTop: 0 };
    board.cover(small.matches && !inline);
    frame.style.setProperty("--height", `${height}px`);
    frame.style.setProperty("--top", `${offsetTop}px`);
  }

  function listen(target: EventTarget, event: string, act: () => void): void {
    target.addEventListener(event, act);
    undo.push(() => target.removeEventListener(event, act));
  }

  /** Take up where this browser left off, and open by itself if the page wishes so. */
  function begin(): void {
    const was = notes.note("open");
    const wish = String(options.autoOpen ?? "false");
    if (inline || talk.unfinished) void talk.restore();
    if (inline || small.matches) return;
    if (was === "1") open(false);
    // Whoever has closed it in this tab has seen it.
    if (was !== null || wish === "false") return;
    const timer = setTimeout(open, (Number(wish) || 0) * 1000, false);
    undo.push(() => clearTimeout(timer));
  }

  launcher.hidden = inline;
  dress();
  fit();
  listen(dark, "change", dress);
  listen(window.visualViewport ?? window, "resize", fit);
  listen(window.visualViewport ?? window, "scroll", fit);
  const { container = "", nonce = "" } = options;
  const element = mount(frame, inline, container, nonce);
  begin();

  return {
    get isOpen() {
      return isOpen();
    },
    get state() {
      const { busy, id } = talk;
      return { open: isOpen(), busy, unread, conversationId: id, theme: look.theme, language };
    },
    open,
    close,
    send: (text) => talk.send(text),
    stop: talk.stop,
    startOver,
    update(more) {
      options = { ...options, ...more };
      const wish = decide(options, config);
      const position = inline || wish.inline ? look.position : wish.position;
      look = { ...wish, words, language, dir, inline, position };
      dress();
    },
    destroy() {
      talk.dispose();
      for (const each of undo) each();
      unmount(element);
    },
  };
}
