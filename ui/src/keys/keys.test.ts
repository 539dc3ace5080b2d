import { expect, test } from "vitest";
import type { NewApiKey } from "../api/types";
import { curlFor } from "./curl";
import { type KeyForm, requestOf } from "./form";
import { scopeName, scopes, usual } from "./scopes";

const form: KeyForm = {
  name: " Tickets ",
  kind: "secret",
  scopes: usual,
  origins: ["https://left-over.example"],
  assistant_id: "",
  lifetime: "never",
};
const now = Date.parse("2026-05-01T00:00:00Z");

test("a secret key carries scopes and no sites", () => {
  expect(requestOf(form, now)).toEqual({ name: "Tickets", kind: "secret", scopes: usual });
});

test("a publishable key carries sites and no scopes", () => {
  const request = requestOf({ ...form, kind: "publishable", assistant_id: "asst_1" }, now);
  expect(request).toEqual({
    name: "Tickets",
    kind: "publishable",
    origins: ["https://left-over.example"],
    assistant_id: "asst_1",
  });
});

test("a lifetime becomes a day in the future", () => {
  expect(requestOf({ ...form, lifetime: "30" }, now).expires_at).toBe("2026-05-31T00:00:00.000Z");
});

test("every scope has a name, and `admin` is not given unasked", () => {
  expect(scopes.map(scopeName)).not.toContain("");
  expect(scopeName("assistants:read")).toBe("See assistants");
  expect(usual).not.toContain("admin");
});

const made = { kind: "secret", scopes: ["assistants:read"], key: "sk_1", origins: [] };

test("the test command uses what the key may do", () => {
  const curl = (key: object) =>
    curlFor({ ...made, ...key } as unknown as NewApiKey, "http://box:5000");
  expect(curl({})).toContain("curl http://box:5000/v1/assistants \\\n");
  expect(curl({ scopes: ["chat"], assistant_id: "asst_1" })).toContain("/asst_1/sessions");
  expect(curl({ kind: "publishable", scopes: ["chat"], origins: ["https://a.example"] })).toContain(
    '-H "Origin: https://a.example"',
  );
});
