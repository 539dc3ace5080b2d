import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeApi, replay, type SelfHostedAI } from "./api";

const START = { assistantId: "asst_1", apiUrl: "http://ai.example.org/" };
const CONFIG = { assistant_id: "asst_1", name: "Helpdesk" };

let api: SelfHostedAI;
let answer: (url: string) => Promise<Response>;
let complaints: ReturnType<typeof vi.spyOn>;

const shadow = () => document.querySelector("inhouse-chat")?.shadowRoot;
const find = <T extends HTMLElement>(selector: string) => shadow()?.querySelector<T>(selector) as T;

beforeEach(() => {
  answer = async () => Response.json(CONFIG);
  vi.stubGlobal(
    "fetch",
    vi.fn((url: string) => answer(url)),
  );
  complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
  localStorage.clear();
  sessionStorage.clear();
  api = makeApi(START);
});

afterEach(() => {
  api.destroy();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("window.SelfHostedAI", () => {
  it("stands in the page once, in its own root, after init", async () => {
    api.init();
    await api.ready;
    expect(document.querySelectorAll("#ai-widget-root > inhouse-chat")).toHaveLength(1);
    expect(find("h2").textContent).toBe("Helpdesk");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("opens, closes and toggles, and says so", async () => {
    const heard: string[] = [];
    api.on("*", (_, name) => heard.push(name));
    api.init();
    await api.ready;
    api.open();
    api.toggle();
    api.toggle();
    expect(api.isOpen()).toBe(true);
    expect(heard).toEqual(["ready", "open", "close", "open"]);
    expect(find(".launcher").getAttribute("aria-expanded")).toBe("true");
  });

  it("remembers what was asked before it stood there", async () => {
    api.open();
    api.init();
    await api.ready;
    await vi.waitFor(() => expect(api.isOpen()).toBe(true));
  });

  it("can be called like a function", async () => {
    api("init");
    await api.ready;
    api("open");
    expect(api("isOpen")).toBe(true);
    expect(api("nothing")).toBeUndefined();
  });

  it("tells ready once to `once`, however late", async () => {
    api.init();
    await api.ready;
    const heard = vi.fn();
    api.once("ready", heard);
    expect(heard).toHaveBeenCalledOnce();
  });

  it("changes its look while it stands", async () => {
    api.init();
    await api.ready;
    api.update({ title: "Ask us", position: "left", primaryColor: "#c026d3" });
    api.setTheme("dark");
    expect(find("h2").textContent).toBe("Ask us");
    expect(find(".frame").dataset).toMatchObject({ theme: "dark", position: "bottom-left" });
    expect(find(".frame").style.getPropertyValue("--fill")).toBe("rgb(192,38,211)");
  });

  it("changes the assistant with another init", async () => {
    api.init();
    await api.ready;
    answer = async () => Response.json({ ...CONFIG, name: "Other" });
    api.init({ assistantId: "asst_2" });
    await vi.waitFor(() => expect(find("h2")?.textContent).toBe("Other"));
    expect(document.querySelectorAll("inhouse-chat")).toHaveLength(1);
  });

  it("leaves nothing behind when destroyed", async () => {
    api.init();
    await api.ready;
    api.destroy();
    expect(document.getElementById("ai-widget-root")).toBeNull();
    expect(api.getState()).toBeNull();
  });

  it("comes back when the page swaps its body", async () => {
    api.init();
    await api.ready;
    document.documentElement.replaceChild(document.createElement("body"), document.body);
    await vi.waitFor(() => expect(find(".launcher").isConnected).toBe(true));
    expect(document.body.querySelectorAll("inhouse-chat")).toHaveLength(1);
  });

  it("uses the root a page already has", async () => {
    const own = document.createElement("div");
    own.id = "ai-widget-root";
    document.body.append(own);
    api.init();
    await api.ready;
    expect(own.firstElementChild?.tagName).toBe("INHOUSE-CHAT");
  });
});

describe("calls made before the script arrived", () => {
  it("are carried out in their order, listeners included", async () => {
    const heard = vi.fn();
    const queue = [["on", "ready", heard], ["init", { title: "Early" }], ["open"]];
    expect(replay(api, queue)).toBe(true);
    await api.ready;
    await vi.waitFor(() => expect(api.isOpen()).toBe(true));
    expect(heard).toHaveBeenCalledOnce();
    expect(find("h2").textContent).toBe("Early");
  });

  it("may be `arguments` objects, or nothing at all", () => {
    const queue = [{ 0: "open", length: 1 }];
    expect(replay(api, queue)).toBe(false);
    expect(replay(api, undefined)).toBe(false);
    expect(replay(api, "open")).toBe(false);
  });
});

describe("a widget that may not start", () => {
  const said = () => String(complaints.mock.calls[0]?.[0]);

  async function refused(): Promise<string> {
    api.init();
    await vi.waitFor(() => expect(complaints).toHaveBeenCalledOnce());
    expect(document.querySelector("inhouse-chat")).toBeNull();
    return said();
  }

  it("names the site to allow, and where, when its origin is refused", async () => {
    const error = { code: "origin_not_allowed", message: "no" };
    answer = async () => Response.json({ error }, { status: 403 });
    expect(await refused()).toContain(`Add ${location.origin} to its allowed sites`);
  });

  it("knows a refusal it may not read from a server that is down", async () => {
    answer = async (url) => {
      if (url.endsWith("/widget.js")) return new Response();
      throw new TypeError("Failed to fetch");
    };
    expect(await refused()).toContain(`Add ${location.origin} to its allowed sites`);
  });

  it("says that there is no such assistant", async () => {
    answer = async () => Response.json({}, { status: 404 });
    expect(await refused()).toContain("no assistant asst_1");
  });

  it("sends a secret key nowhere", async () => {
    api = makeApi({ ...START, apiKey: "sk_live_123" });
    expect(await refused()).not.toContain("sk_live_123");
    expect(fetch).not.toHaveBeenCalled();
  });

  it("tells the page's own listeners too", async () => {
    const heard = vi.fn();
    api.on("error", heard);
    answer = async () => Response.json({ error: { code: "gone" } }, { status: 404 });
    await refused();
    expect(heard).toHaveBeenCalledOnce();
  });

  it("stays away when it was destroyed while it waited", async () => {
    api.init();
    api.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(document.querySelector("inhouse-chat")).toBeNull();
  });
});
