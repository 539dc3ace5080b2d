/** `window.SelfHostedAI`: what the page can ask of the widget. */

import { emitter, type Listener } from "./emitter";
import type { Options } from "./options";
import { type State, startWidget, type Widget } from "./widget";

export interface SelfHostedAI {
  (method: string, ...values: unknown[]): unknown;
  readonly version: string;
  /** Resolves once a widget stands in the page; it never rejects. */
  readonly ready: Promise<void>;
  init(options?: Options): SelfHostedAI;
  open(options?: { focus?: boolean }): void;
  close(): void;
  toggle(): void;
  isOpen(): boolean;
  /** Ask; resolves when the answer is over, to whether the question could be asked. */
  send(text: string): Promise<boolean>;
  stop(): void;
  newConversation(): void;
  setTheme(theme: string): void;
  update(options: Options): void;
  getState(): State | null;
  on(name: string, listener: Listener): () => void;
  once(name: string, listener: Listener): () => void;
  off(name: string, listener?: Listener): void;
  destroy(): void;
}

type Call = ArrayLike<unknown>;

/** Make the API; `attributes` are the options that the script tag carries. */
export function makeApi(attributes: Options): SelfHostedAI {
  const events = emitter();
  let options: Options = attributes;
  let widget: Widget | null = null;
  let generation = 0;
  let arrived: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  // What was asked for before the widget stood, in order.
  let wishes: ((widget: Widget) => void)[] = [];

  function when(act: (widget: Widget) => void): void {
    if (widget) act(widget);
    else wishes.push(act);
  }

  function remove(): void {
    generation += 1;
    wishes = [];
    if (!widget) return;
    widget.destroy();
    widget = null;
    events.emit("destroy");
  }

  async function start(): Promise<void> {
    const mine = generation;
    const started = await startWidget(options, events, () => mine === generation);
    if (!started) return;
    widget = started;
    arrived();
    events.emit("ready");
    for (const wish of wishes.splice(0)) wish(started);
  }

  const methods = {
    init(more: Options = {}) {
      const before = wishes;
      remove();
      wishes = before;
      options = { ...options, ...more };
      void start();
      return api;
    },
    open: ({ focus = true } = {}) => when((it) => it.open(focus)),
    close: () => when((it) => it.close()),
    toggle: () => when((it) => (it.isOpen ? it.close() : it.open())),
    isOpen: () => widget?.isOpen ?? false,
    send: (text: string) =>
      new Promise<boolean>((resolve) => when((it) => resolve(it.send(String(text))))),
    stop: () => when((it) => it.stop()),
    newConversation: () => when((it) => it.startOver()),
    setTheme: (theme: string) => methods.update({ theme }),
    update(more: Options) {
      options = { ...options, ...more };
      when((it) => it.update(more));
    },
    getState: () => widget?.state ?? null,
    on: events.on,
    once(name: string, listener: Listener) {
      let told = false;
      const undo = events.on(name, (detail, event) => {
        if (told) return;
        told = true;
        queueMicrotask(() => undo()); // a sticky event comes while `on` is still running
        listener(detail, event);
      });
      return undo;
    },
    off: events.off,
    destroy: remove,
  };

  const api = Object.assign(
    (method: string, ...values: unknown[]) =>
      (methods as Record<string, (...values: unknown[]) => unknown>)[method]?.(...values),
    methods,
    { version: __VERSION__, ready },
  ) as SelfHostedAI;
  return api;
}

/** Carry out the calls a stub collected before the script arrived; true if `init` was among them. */
export function replay(api: SelfHostedAI, queue: unknown): boolean {
  const calls = Array.isArray(queue) ? (queue as Call[]) : [];
  for (const call of calls) {
    const [method, ...values] = Array.from(call);
    api(String(method), ...values);
  }
  return calls.some((call) => call[0] === "init");
}
