import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { fill, show } from "../testing/render";
import { OriginList } from "./OriginList";

function Sites({ start = [] as string[] }) {
  const [value, setValue] = useState(start);
  return <OriginList value={value} onChange={setValue} empty="No site yet." />;
}

async function add(user: ReturnType<typeof show>["user"], site: string) {
  fill("Add a site", site);
  await user.type(field(), "{Enter}");
}

const field = () => screen.getByRole("textbox", { name: "Add a site" });

test("a site is added with the Enter key", async () => {
  const { user } = show(<Sites />);
  await add(user, "https://intranet.example");
  expect(screen.getByRole("list").textContent).toContain("https://intranet.example");
  expect((field() as HTMLInputElement).value).toBe("");
});

test("a slip is explained and nothing is added", async () => {
  const { user } = show(<Sites />);
  await add(user, "intranet.example");
  expect(screen.getByText("Start with http:// or https://.")).toBeDefined();
  expect(screen.getByText("No site yet.")).toBeDefined();
});

test("the same site is not listed twice", async () => {
  const { user } = show(<Sites start={["https://a.example"]} />);
  await add(user, "https://A.example/");
  expect(screen.getByText("This site is already on the list.")).toBeDefined();
});

test("a site can be taken off", async () => {
  const { user } = show(<Sites start={["https://a.example"]} />);
  await user.click(screen.getByRole("button", { name: "Remove https://a.example" }));
  expect(screen.getByText("No site yet.")).toBeDefined();
});
