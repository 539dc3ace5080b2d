import { afterEach, describe, expect, it, vi } from "vitest";
import { emitter } from "./emitter";

afterEach(() => vi.restoreAllMocks());

describe("the events", () => {
  it("reach listeners of the name and listeners of everything", () => {
    const heard: string[] = [];
    const events = emitter();
    events.on("open", (_, name) => heard.push(`one ${name}`));
    events.on("*", (_, name) => heard.push(`all ${name}`));
    events.emit("open");
    events.emit("close");
    expect(heard).toEqual(["one open", "all open", "all close"]);
  });

  it("reach the window under their own name", () => {
    const heard: unknown[] = [];
    const listener = (event: Event) => heard.push((event as CustomEvent).detail);
    window.addEventListener("selfhostedai:unread", listener);
    emitter().emit("unread", { count: 2 });
    window.removeEventListener("selfhostedai:unread", listener);
    expect(heard).toEqual([{ count: 2 }]);
  });

  it("tell those who come late that all is ready", () => {
    const events = emitter();
    const late = vi.fn();
    events.emit("ready");
    events.on("ready", late);
    events.on("*", late);
    expect(late).toHaveBeenCalledTimes(2);
  });

  it("are no longer ready once destroyed", () => {
    const events = emitter();
    const late = vi.fn();
    events.emit("ready");
    events.emit("destroy");
    events.on("ready", late);
    expect(late).not.toHaveBeenCalled();
  });

  it("survive a listener that throws, and show its mistake", () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const events = emitter();
    const after = vi.fn();
    events.on("open", () => {
      throw new Error("the page's own mistake");
    });
    events.on("open", after);
    events.emit("open");
    expect(after).toHaveBeenCalledOnce();
    expect(shown).toHaveBeenCalledOnce();
  });

  it("stop when the listener is taken away", () => {
    const events = emitter();
    const heard = vi.fn();
    events.on("open", heard)();
    events.on("open", heard);
    events.off("open", heard);
    events.on("open", heard);
    events.off("open");
    events.emit("open");
    expect(heard).not.toHaveBeenCalled();
  });
});
