import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Provider } from "../api/providers";
import { fill, show } from "../testing/render";
import { json, refusal, sent, serveAt } from "../testing/server";
import { keepsKey, type ProviderForm, requestOf, startOf } from "./edit/form";
import { hostOf } from "./kinds";
import { Component as ProvidersPage } from "./ProvidersPage";

const openai: Provider = {
  id: "prv_1",
  kind: "openai",
  name: "Our OpenAI",
  base_url: null,
  api_version: null,
  models: [],
  has_key: true,
  key_hint: "…ab12",
  enabled: true,
  allowed: false,
  health: { state: "closed", failures: 0, last_error: null, latency_ms: 320 },
  created_at: "2026-11-20T10:00:00Z",
  updated_at: "2026-11-20T10:00:00Z",
};

function box(providers: Provider[], more: Parameters<typeof serveAt>[0] = {}) {
  return serveAt({
    "GET /v1/providers": json({ data: providers, next_cursor: null }),
    "GET /v1/collections": json({
      data: [{ id: "col_1", name: "Contracts", never_leaves_the_box: false, documents: 3 }],
    }),
    ...more,
  });
}

test("without a provider the page says that nothing leaves", async () => {
  box([]);
  show(<ProvidersPage />);
  expect(await screen.findByText("Nothing leaves this building")).toBeDefined();
});

test("a provider is allowed only after a warning that texts leave", async () => {
  const address = "PUT /v1/providers/prv_1/permission";
  const asked = box([openai], { [address]: json({ ...openai, allowed: true }) });
  const { user } = show(<ProvidersPage />);
  await user.click(
    await screen.findByRole("switch", { name: "Allowed in this project: Our OpenAI" }),
  );
  expect(await screen.findByText("Let texts leave the building?")).toBeDefined();
  expect(screen.getByText(/These go to api\.openai\.com/)).toBeDefined();
  expect(await sent(asked, address)).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Allow, texts may leave" }));
  await waitFor(async () => expect(await sent(asked, address)).toEqual([{ allowed: true }]));
});

test("as soon as texts may leave, the page says where to", async () => {
  box([{ ...openai, allowed: true }]);
  show(<ProvidersPage />);
  expect(await screen.findByText(/they may go to: Our OpenAI/)).toBeDefined();
});

test("a provider that does not answer is seen to be paused", async () => {
  box([
    { ...openai, health: { state: "open", failures: 5, last_error: "timeout", latency_ms: null } },
  ]);
  show(<ProvidersPage />);
  expect(await screen.findByText("Does not answer, paused after 5 failures")).toBeDefined();
});

test("the result of a test is told", async () => {
  box([openai], {
    "POST /v1/providers/prv_1/test": json({
      ok: false,
      latency_ms: null,
      models: [],
      error: { code: "provider_auth", message: "The key was refused." },
    }),
  });
  const { user } = show(<ProvidersPage />);
  await user.click(await screen.findByRole("button", { name: "Test Our OpenAI" }));
  expect(await screen.findByText(/The key was refused/)).toBeDefined();
});

test("a new provider is off, and its key is sent once and forgotten", async () => {
  const asked = box([], { "POST /v1/providers": json(openai, 201) });
  const { user } = show(<ProvidersPage />);
  await user.click(await screen.findByRole("button", { name: "Add a provider" }));
  await screen.findByRole("textbox", { name: "Name" });
  fill("Name", "Our OpenAI");
  fill("Key", "sk-secret-ab12");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(async () =>
    expect(await sent(asked, "POST /v1/providers")).toEqual([
      { kind: "openai", name: "Our OpenAI", key: "sk-secret-ab12", models: [], enabled: false },
    ]),
  );
});

test("a kept key is never in the field, and stays when nothing is typed", async () => {
  const address = "PATCH /v1/providers/prv_1";
  const asked = box([openai], { [address]: json(openai) });
  const { user } = show(<ProvidersPage />);
  await user.click(await screen.findByRole("button", { name: "Edit Our OpenAI" }));
  const field = await screen.findByLabelText("Key");
  expect((field as HTMLInputElement).value).toBe("");
  expect(screen.getByText(/The key …ab12 is kept/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(async () =>
    expect(await sent(asked, address)).toEqual([{ name: "Our OpenAI", models: [] }]),
  );
});

test("a collection is kept in the box with a switch", async () => {
  const asked = box([], { "PATCH /v1/collections/col_1": json({}) });
  const { user } = show(<ProvidersPage />);
  await user.click(await screen.findByRole("switch", { name: "Contracts: Never leaves the box" }));
  await waitFor(async () =>
    expect(await sent(asked, "PATCH /v1/collections/col_1")).toEqual([
      { never_leaves_the_box: true },
    ]),
  );
});

test("an older server is said to have no providers", async () => {
  box([], { "GET /v1/providers": refusal(404, { code: "not_found" }) });
  show(<ProvidersPage />);
  expect(await screen.findByText(/This server does not offer providers/)).toBeDefined();
  expect(within(document.body).queryByRole("button", { name: "Add a provider" })).toBeNull();
});

test("each kind sends only the fields it has", () => {
  const form: ProviderForm = {
    ...startOf(null),
    name: " X ",
    base_url: "https://r.openai.azure.com ",
    api_version: "2024-10-21",
  };
  expect(requestOf({ ...form, kind: "anthropic" })).toEqual({
    kind: "anthropic",
    name: "X",
    models: [],
  });
  expect(requestOf({ ...form, kind: "azure" })).toMatchObject({
    base_url: "https://r.openai.azure.com",
    api_version: "2024-10-21",
  });
  expect(requestOf({ ...form, forget: true }).key).toBeNull();
});

test("a key goes to no other address than the one it was given for", () => {
  const box: Provider = { ...openai, kind: "compatible", base_url: "http://10.0.0.8/v1" };
  const form = startOf(box);
  expect(keepsKey(box, form)).toBe(true);
  expect(keepsKey(box, { ...form, base_url: "http://10.0.0.9/v1" })).toBe(false);
  expect(keepsKey(box, { ...form, forget: true })).toBe(false);
});

test("the place where texts go has a name", () => {
  expect(hostOf({ kind: "groq", base_url: null })).toBe("api.groq.com");
  expect(hostOf({ kind: "compatible", base_url: "http://10.0.0.8:11434/v1" })).toBe(
    "10.0.0.8:11434",
  );
});
