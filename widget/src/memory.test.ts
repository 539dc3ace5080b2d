import { afterEach, describe, expect, it, vi } from "vitest";
import { memory } from "./memory";

const HERE = "http://ai.example.org";
const keep = { session: "ses_1", token: "vt_1" };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

describe("the browser's memory", () => {
  it("keeps a session and its token over a reload", () => {
    memory(HERE, "asst_1").save({ ...keep, reply: "msg_2" });
    expect(memory(HERE, "asst_1").load()).toEqual({ ...keep, reply: "msg_2" });
  });

  it("is separate for each assistant and each appliance", () => {
    memory(HERE, "asst_1").save(keep);
    expect(memory(HERE, "asst_2").load()).toBeNull();
    expect(memory("http://other.example.org", "asst_1").load()).toBeNull();
  });

  it("holds nothing but the session, its token and the answer under way", () => {
    memory(HERE, "asst_1").save({ ...keep, reply: "msg_2" });
    const stored = JSON.parse(localStorage.getItem(localStorage.key(0) ?? "") ?? "{}");
    expect(Object.keys(stored).sort()).toEqual(["reply", "session", "token"]);
  });

  it("forgets", () => {
    const it = memory(HERE, "asst_1");
    it.save(keep);
    it.forget();
    expect(it.load()).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it.each(["{", "null", "7", '{"session":1,"token":"x"}', '{"session":"x"}'])(
    "takes %j in its place for nothing",
    (text) => {
      localStorage.setItem(`inhouse:${HERE}:asst_1`, text);
      expect(memory(HERE, "asst_1").load()).toBeNull();
    },
  );

  it("lasts as long as the page where storage is blocked", () => {
    const blocked = () => {
      throw new DOMException("denied", "SecurityError");
    };
    const storage = { getItem: blocked, setItem: blocked, removeItem: blocked };
    vi.stubGlobal("localStorage", storage);
    vi.stubGlobal("sessionStorage", storage);
    const it = memory(HERE, "asst_1");
    it.save(keep);
    expect(it.load()).toEqual(keep);
    expect(it.note("open", "1")).toBeNull();
  });

  it("keeps small notes for the tab", () => {
    memory(HERE, "asst_1").note("open", "1");
    expect(memory(HERE, "asst_1").note("open")).toBe("1");
  });
});
