import { afterEach, describe, expect, it } from "vitest";
import { decide, obstacle, readAttributes } from "./options";
import type { Config } from "./wire";

const config: Config = { assistant_id: "asst_1", name: "Helpdesk", theme: "dark" };
const start = { assistantId: "asst_1", apiUrl: "http://ai.example.org" };

afterEach(() => {
  document.documentElement.lang = "";
  document.documentElement.dir = "";
});

function tag(attributes: Record<string, string>): HTMLScriptElement {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  return script;
}

describe("the script tag", () => {
  it("says everything in data attributes", () => {
    const script = tag({ "data-assistant-id": "asst_1", "data-primary-color": "#123456" });
    expect(readAttributes(script)).toMatchObject({
      assistantId: "asst_1",
      primaryColor: "#123456",
    });
  });

  it("takes the address from where the script came, folder included", () => {
    const script = tag({});
    Object.defineProperty(script, "src", { value: "https://ai.example.org/in/widget.js?v=1" });
    expect(readAttributes(script).apiUrl).toBe("https://ai.example.org/in/");
  });

  it("may be missing", () => {
    expect(readAttributes(null)).toEqual({});
  });
});

describe("what the widget looks like", () => {
  it("is the page's wish before the server's word", () => {
    expect(decide({}, config)).toMatchObject({ theme: "dark", title: "Helpdesk" });
    expect(decide({ theme: "light", title: "Ask" }, config)).toMatchObject({
      theme: "light",
      title: "Ask",
    });
  });

  it.each([
    ["right", "bottom-right"],
    ["left", "bottom-left"],
    ["top-left", "top-left"],
    ["nowhere", "bottom-right"],
  ])("stands at %s as %s", (wish, position) => {
    expect(decide({ position: wish }, config).position).toBe(position);
  });

  it("ignores a colour that is none", () => {
    const wishes = { primaryColor: "url(//x)" };
    expect(decide(wishes, { ...config, primary_color: "#abc" }).primaryColor).toBe("#abc");
  });

  it.each([
    [{}, "From the server"],
    [{ welcome: "false" }, ""],
    [{ welcome: "true" }, "From the server"],
    [{ welcome: "Hi!" }, "Hi!"],
    [{ welcome: "Hi!", welcomeMessage: "Hello!" }, "Hello!"],
  ])("welcomes with %j as %j", (wish, expected) => {
    expect(decide(wish, { ...config, welcome_message: "From the server" }).welcome).toBe(expected);
  });

  it("speaks the page's language where it can", () => {
    document.documentElement.lang = "de-AT";
    expect(decide({}, config).words.send).toBe("Senden");
    expect(decide({ language: "en" }, config).words.send).toBe("Send");
    expect(decide({ language: "xx" }, config).language).toBe("de");
  });

  it("reads from right to left where the page does", () => {
    document.documentElement.dir = "rtl";
    expect(decide({}, config).dir).toBe("rtl");
    expect(decide({ dir: "ltr" }, config).dir).toBe("ltr");
    document.documentElement.dir = "";
    document.documentElement.lang = "ar-EG";
    expect(decide({}, config).dir).toBe("rtl");
  });
});

describe("what keeps the widget from starting", () => {
  it("is nothing when all is well", () => {
    expect(obstacle(start)).toBe("");
    expect(obstacle({ ...start, apiKey: "pk_1" })).toBe("");
  });

  it.each([
    [{ ...start, assistantId: "" }, "data-assistant-id"],
    [{ ...start, apiKey: "sk_live_1" }, "publishable"],
    [{ ...start, apiKey: "abc" }, "publishable"],
    [{ ...start, apiUrl: "ai.example.org" }, "full address"],
    [{ ...start, apiUrl: "javascript:alert(1)" }, "full address"],
    [{ ...start, apiUrl: "" }, "full address"],
  ])("is told for %j", (options, word) => {
    expect(obstacle(options)).toContain(word);
  });

  it("is mixed content, named as such, on an https page", () => {
    const before = window.location.href;
    window.happyDOM?.setURL("https://intranet.example.org/");
    expect(obstacle(start)).toContain("mixed content");
    expect(obstacle({ ...start, apiUrl: "http://localhost:5000" })).toBe("");
    expect(obstacle({ ...start, apiUrl: "https://ai.example.org" })).toBe("");
    window.happyDOM?.setURL(before);
  });
});
