import { screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import type { Choice } from "../../../api/models";
import { show } from "../../../testing/render";
import { json, refusal, serveAt } from "../../../testing/server";
import { Fallbacks, moved } from "./Fallbacks";
import { ModelSelect } from "./ModelSelect";

const choices: Choice[] = [
  { name: "small", title: "Small", engine: "local", leaves_the_box: false, available: true },
  { name: "p1/gpt", title: "GPT", engine: "openai", leaves_the_box: true, available: true },
  { name: "p1/old", title: "Old", engine: "openai", leaves_the_box: true, available: false },
];

function Picker() {
  const [value, choose] = useState<string | null>(null);
  return <ModelSelect label="Model" none="The default" value={value} onChange={choose} />;
}

test("a model that texts would be sent to is marked", async () => {
  serveAt({ "GET /v1/models/choices": json({ data: choices }) });
  const { user } = show(<Picker />);
  await user.click(screen.getByRole("combobox", { name: "Model" }));
  const outside = await screen.findByRole("option", { name: /GPT/ });
  expect(outside.textContent).toContain("texts leave the building");
  expect(screen.getByRole("option", { name: "Small" }).textContent).toBe("Small");
  expect(screen.getByRole("option", { name: /not available/ })).toBeDefined();
});

test("a server that names no choices still offers its own models", async () => {
  const local = { name: "small", role: "language", installed: true, state: "ready" };
  serveAt({
    "GET /v1/models/choices": refusal(404, { code: "not_found" }),
    "GET /v1/models/local": json({ data: [local] }),
  });
  const { user } = show(<Picker />);
  await user.click(screen.getByRole("combobox", { name: "Model" }));
  expect(await screen.findByRole("option", { name: "small" })).toBeDefined();
});

function Order() {
  const [value, change] = useState(["small", "p1/gpt"]);
  return <Fallbacks value={value} taken={value} onChange={change} />;
}

test("the order of those that stand in is changed with buttons", async () => {
  serveAt({ "GET /v1/models/choices": json({ data: choices }) });
  const { user } = show(<Order />);
  const shown = () => screen.getAllByRole("listitem").map((item) => item.textContent);
  await waitFor(() => expect(shown()).toEqual(["1Small", "2GPT"]));
  await user.click(screen.getByRole("button", { name: "Move GPT up" }));
  expect(shown()).toEqual(["1GPT", "2Small"]);
  await user.click(screen.getByRole("button", { name: "Remove Small" }));
  expect(shown()).toEqual(["1GPT"]);
});

test("an entry that cannot move stays", () => {
  expect(moved(["a", "b"], 0, 1)).toEqual(["b", "a"]);
  expect(moved([], 0, 1)).toEqual([]);
});
