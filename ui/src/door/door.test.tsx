import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fill, show } from "../testing/render";
import { json, refusal, serve } from "../testing/server";
import { isProtected } from "./connection";
import { SetUp } from "./SetUp";
import { strengthOf } from "./strength";

test.each([
  ["https:", "inhouse.example", true],
  ["http:", "127.0.0.1", true],
  ["http:", "localhost", true],
  ["http:", "[::1]", true],
  ["http:", "192.168.1.20", false],
  ["http:", "127.0.0.1.evil.example", false],
])("%s//%s is protected: %s", (protocol, hostname, answer) => {
  expect(isProtected({ protocol, hostname })).toBe(answer);
});

test.each([
  ["", "none"],
  ["short", "short"],
  ["eight888", "fair"],
  ["aaaaaaaaaaaaaaaaaaaa", "fair"],
  ["a quiet harbour in may", "good"],
])("the password %j is %s", (password, strength) => {
  expect(strengthOf(password)).toBe(strength);
});

async function fillIn(user: ReturnType<typeof show>["user"], password = "a quiet harbour in may") {
  fill("One-time code", " ABCD-EFGH ");
  fill("E-mail address", "ada@office.example");
  fill("Password", password);
  await user.click(screen.getByRole("button", { name: "Create account" }));
}

test("the first account is made with the code", async () => {
  const asked = serve(json({ user: {}, csrf_token: "t" }, 201));
  const { user } = show(<SetUp />);
  await fillIn(user);
  expect(asked[0]?.url).toContain("/v1/auth/setup");
  expect(await asked[0]?.json()).toMatchObject({ code: "ABCD-EFGH", email: "ada@office.example" });
});

test("a password that is too short is not sent", async () => {
  const asked = serve();
  const { user } = show(<SetUp />);
  await fillIn(user, "short");
  expect(screen.getByText("Use at least 8 characters.")).toBeDefined();
  expect(asked).toHaveLength(0);
});

test("what the server says about a field stands at the field", async () => {
  serve(
    refusal(422, { message: "This password is on every list of leaked ones.", param: "password" }),
  );
  const { user } = show(<SetUp />);
  await fillIn(user);
  expect(await screen.findByText("This password is on every list of leaked ones.")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a wrong code is told in the server's words, with the request's id", async () => {
  serve(refusal(403, { message: "This code is wrong or was used.", request_id: "req_7" }));
  const { user } = show(<SetUp />);
  await fillIn(user);
  const note = await screen.findByRole("alert");
  expect(note.textContent).toContain("This code is wrong or was used.");
  expect(note.textContent).toContain("req_7");
});
