import { describe, expect, it } from "vitest";
import { cut, places, spoken, unique, unwrap } from "./citations";
import { wordsOf } from "./languages";
import type { Citation } from "./wire";

const en = wordsOf("en");
const citation = (more: Partial<Citation>): Citation => ({
  number: 1,
  document_id: "doc_1",
  document_name: "Handbook.pdf",
  ...more,
});

describe("the place of a citation", () => {
  it("names page and section", () => {
    expect(places(citation({ page: 3, heading: "Leave" }), en)).toEqual(["Page 3", "Leave"]);
  });

  it("names sheet and cells", () => {
    expect(places(citation({ sheet: "Prices", cells: "B2:D9" }), en)).toEqual(["Prices, B2:D9"]);
  });

  it("is empty for a document without places", () => {
    expect(places(citation({ page: null, heading: null }), en)).toEqual([]);
  });
});

describe("finding the quoted sentence in its passage", () => {
  it("cuts the passage in three", () => {
    expect(cut("We open at nine. We close at five.", "We close at five.")).toEqual([
      "We open at nine. ",
      "We close at five.",
      "",
    ]);
  });

  it("finds a quote across line ends and runs of spaces", () => {
    expect(cut("28 days of paid\n  leave a year", "paid leave")?.[1]).toBe("paid\n  leave");
  });

  it("takes signs of regular expressions as they are", () => {
    expect(cut("Costs (net): $5 [a*b]?", "(net): $5 [a*b]?")?.[1]).toBe("(net): $5 [a*b]?");
  });

  it.each(["", "   ", "not there"])("is null for %j", (quote) => {
    expect(cut("We open at nine.", quote)).toBeNull();
  });
});

describe("a passage taken from a page", () => {
  it("loses the line ends inside a sentence only", () => {
    expect(unwrap("Leave\n\nWe grant 28 days\nof leave.\nAsk early.")).toBe(
      "Leave\n\nWe grant 28 days of leave.\nAsk early.",
    );
  });

  it("keeps the rows of a sheet", () => {
    expect(unwrap("Car: 45p\nBicycle: 20p")).toBe("Car: 45p\nBicycle: 20p");
  });
});

it("lists each source once, in order", () => {
  const list = [citation({ number: 2 }), citation({ number: 1 }), citation({ number: 2 })];
  expect(unique(list).map(({ number }) => number)).toEqual([1, 2]);
});

it("speaks an answer without markers and signs", () => {
  expect(spoken("## Leave\n**28 days** a year [1]. In August [?].")).toBe(
    "Leave 28 days a year. In August.",
  );
});
