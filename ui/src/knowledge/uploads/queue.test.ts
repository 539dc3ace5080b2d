import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import { isHidden } from "./dropped";
import { nextUp, type Upload, type UploadAction, uploadsReducer } from "./queue";

function waiting(...keys: string[]): Upload[] {
  return keys.map((key) => ({
    key,
    file: new File(["x"], `${key}.txt`),
    assistantId: "asst_1",
    replaces: null,
    state: "waiting",
    fraction: 0,
    problem: null,
  }));
}

const after = (uploads: Upload[], ...actions: UploadAction[]) =>
  actions.reduce(uploadsReducer, uploads);

test("two files are sent at the same time, the others wait", () => {
  expect(nextUp(waiting("a", "b", "c")).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("when one is through the next begins", () => {
  const uploads = after(
    waiting("a", "b", "c"),
    { type: "sending", key: "a" },
    { type: "sending", key: "b" },
    { type: "remove", key: "a" },
  );
  expect(nextUp(uploads).map(({ key }) => key)).toEqual(["c"]);
});

test("a refused file stays with its reason and can be tried again", () => {
  const problem = new Problem("This file is empty.", { status: 400, code: "empty" });
  const failed = after(waiting("a"), { type: "failed", key: "a", problem });
  expect(failed[0]).toMatchObject({ state: "failed", problem });
  expect(
    after(failed, { type: "again", key: "a" }, { type: "sending", key: "a" })[0],
  ).toMatchObject({ state: "sending", problem: null });
});

test("files that programs leave lying about are not taken along", () => {
  expect([".DS_Store", "~$Letter.docx", "Thumbs.db", "Letter.docx"].map(isHidden)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
