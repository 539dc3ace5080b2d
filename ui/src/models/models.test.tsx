import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { EmbedderState } from "../api/embedder";
import type { LocalModel, Machine } from "../api/models";
import { show } from "../testing/render";
import { json, refusal, sent, serveAt } from "../testing/server";
import { Component as ModelsPage } from "./ModelsPage";

const small: LocalModel = {
  name: "smollm2-135m",
  title: "SmolLM2 135M",
  role: "language",
  family: "smollm2",
  parameters: "135M",
  quantisation: "Q4_1",
  size: 98_000_000,
  context_tokens: 8192,
  licence: "Apache-2.0",
  source: "huggingface.co/x",
  memory_mb: 420,
  installed: true,
  imported: false,
  verified: true,
  state: "ready",
  resident_mb: 400,
  default: true,
  advice: "",
  fits: "yes",
  downloadable: true,
  benchmark: {
    verdict: "fine",
    prefill_tokens_per_second: 412.4,
    generation_tokens_per_second: 38,
    generation_tokens_per_second_4: 96,
    threads: 2,
    measured_at: "2026-11-20T10:00:00Z",
  },
  conversion: { quantisation: "Q4_0", size: 91_000_000, prefill_gain: 2.13 },
  job: null,
};
const large: LocalModel = {
  ...small,
  name: "qwen3-14b",
  title: "Qwen3 14B",
  installed: false,
  default: false,
  state: "stopped",
  resident_mb: null,
  fits: "no",
  benchmark: null,
  conversion: null,
};
const finder: LocalModel = {
  ...small,
  name: "e5-small",
  title: "E5 small",
  role: "embedding",
  benchmark: null,
  conversion: null,
};
const other: LocalModel = { ...finder, name: "bge-m3", title: "BGE M3", default: false };
const machine: Machine = {
  memory_total_mb: 8000,
  memory_available_mb: 5000,
  memory_models_mb: 400,
  disk_free_mb: 90_000,
  cores: 2,
  cpu: "Some CPU",
  downloads_allowed: false,
  queue: [{ model: small.name, running: 3, waiting: 2, slots: 8 }],
};
const active = { model: "e5-small", fingerprint: "1" };
const calm: EmbedderState = { active, previous: null, change: null };

function box(more: Parameters<typeof serveAt>[0] = {}, models = [small, large, finder, other]) {
  return serveAt({
    "GET /v1/models/local": json({ data: models }),
    "GET /v1/models/machine": json(machine),
    "GET /v1/models/incoming": json({
      folder: "/var/lib/inhouse/models/incoming",
      data: [{ file: "new.gguf", size: 4_000_000_000, kind: "gguf" }],
    }),
    "GET /v1/embedder": json(calm),
    ...more,
  });
}

const card = (name: string) => screen.findByRole("article", { name });

test("a model shows how fast it is here, and the figures that say so", async () => {
  box();
  show(<ModelsPage />);
  const shown = await card("SmolLM2 135M");
  for (const words of ["Fine here", "reads 412 tokens/s", "four answers at once 96 tokens/s"]) {
    expect(within(shown).getByText(words)).toBeDefined();
  }
  expect(shown.textContent).toContain("Convert to Q4_0: reads 2.1× faster on this machine.");
});

test("the memory bar and the queue are said in words", async () => {
  box();
  show(<ModelsPage />);
  const bar = await screen.findByRole("img", { name: /SmolLM2 135M 419 MB/ });
  expect(bar.getAttribute("aria-label")).toContain("Free 5.2 GB");
  expect(screen.getByText(/3 of 8 places taken/).textContent).toContain("2 waiting");
});

test("where nothing is downloaded, the page says how a file gets here", async () => {
  box();
  show(<ModelsPage />, "/models?show=available");
  const shown = await card("Qwen3 14B");
  expect(within(shown).getByText("Too large for this memory")).toBeDefined();
  expect(within(shown).queryByRole("button", { name: /Download/ })).toBeNull();
  expect(await screen.findByText(/This machine downloads nothing/)).toBeDefined();
  expect(await screen.findByText("/var/lib/inhouse/models/incoming")).toBeDefined();
});

test("a file out of the folder becomes a model", async () => {
  const asked = box({ "POST /v1/models/local/import": json({ job_id: "job_1" }, 202) });
  const { user } = show(<ModelsPage />);
  await user.click(await screen.findByRole("button", { name: "Add a model" }));
  await user.click(await screen.findByRole("radio", { name: /new\.gguf/ }));
  await user.click(screen.getByRole("button", { name: "Add" }));

  await waitFor(async () =>
    expect(await sent(asked, "POST /v1/models/local/import")).toEqual([
      { path: "new.gguf", link: false },
    ]),
  );
});

test("removing a model asks first", async () => {
  const address = "DELETE /v1/models/local/smollm2-135m";
  const asked = box({ [address]: refusal(409, { message: "It is in use." }) });
  const { user } = show(<ModelsPage />);
  await user.click(await screen.findByRole("button", { name: "More for SmolLM2 135M" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  expect(await sent(asked, address)).toEqual([]);

  await user.click(await screen.findByRole("button", { name: "Remove model" }));
  expect(await screen.findByText("It is in use.")).toBeDefined();
});

test("another embedding model is built beside the old one, not swapped in", async () => {
  const asked = box({ "POST /v1/embedder/changes": json(calm, 202) });
  const { user } = show(<ModelsPage />);
  const shown = await card("BGE M3");
  await user.click(within(shown).getByRole("button", { name: "Change to this model" }));
  await user.click(await screen.findByRole("button", { name: "Build the new index" }));

  await waitFor(async () =>
    expect(await sent(asked, "POST /v1/embedder/changes")).toEqual([{ model: "bge-m3" }]),
  );
});

test("both embedding models are compared before the switch", async () => {
  const comparison = {
    questions: 40,
    generated: true,
    recall_at_1_before: 0.7,
    recall_at_1_after: 0.82,
    recall_at_5_before: 0.9,
    recall_at_5_after: 0.88,
  };
  const change = { id: "chg_1", model: "bge-m3", state: "ready", progress: 1, comparison };
  const switched = { ...calm, active: { model: "bge-m3", fingerprint: "2" }, previous: active };
  const asked = box({
    "GET /v1/embedder": json({ ...calm, change }),
    "POST /v1/embedder/changes/chg_1/switch": json(switched),
  });
  const { user } = show(<ModelsPage />);
  const first = await screen.findByRole("row", { name: /Right passage comes first/ });
  expect(first.textContent).toContain("70%82%+12 points");
  expect(screen.getByRole("row", { name: /first five/ }).textContent).toContain("−2 points");

  await user.click(screen.getByRole("button", { name: "Switch to BGE M3" }));
  await waitFor(async () =>
    expect(await sent(asked, "POST /v1/embedder/changes/chg_1/switch")).toHaveLength(1),
  );
});

test("the way back is offered as long as the old index is there", async () => {
  box({ "GET /v1/embedder": json({ ...calm, previous: { model: "bge-m3", fingerprint: "2" } }) });
  show(<ModelsPage />);
  expect(await screen.findByRole("button", { name: "Go back to BGE M3" })).toBeDefined();
});

test("work on a model shows how far it is and can be called off", async () => {
  const job = {
    id: "job_7",
    kind: "model_benchmark",
    status: "running",
    progress: 0.4,
    step: "Measuring",
    error: null,
  } as const;
  const asked = box({ "POST /v1/jobs/job_7/cancel": json({}) }, [{ ...small, job }]);
  const { user } = show(<ModelsPage />);
  expect((await screen.findByRole("progressbar")).getAttribute("aria-valuenow")).toBe("40");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(asked.some(({ url }) => url.includes("/job_7"))).toBe(true));
});

test("somebody who does not run the machine may look and not touch", async () => {
  box({ "GET /v1/models/machine": refusal(403, { code: "forbidden" }) });
  show(<ModelsPage />);
  const shown = await card("SmolLM2 135M");
  expect(await screen.findByText(/Only those who run this machine/)).toBeDefined();
  expect(within(shown).queryByRole("button")).toBeNull();
});
