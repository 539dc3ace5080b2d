import { expect, test } from "vitest";
import { asProblem, fieldErrors, Problem, problemFrom } from "./problem";

const headers = (pairs: Record<string, string> = {}) => new Headers(pairs);

function refused(param: string): Problem {
  return new Problem("Too long.", { status: 422, code: "invalid_request", param });
}

test("the API's own sentence, code and request id are kept", () => {
  const body = { error: { message: "No such document.", code: "not_found", request_id: "req_1" } };
  const problem = problemFrom({ status: 404, headers: headers() }, body);

  expect(problem.message).toBe("No such document.");
  expect(problem.facts).toMatchObject({ status: 404, code: "not_found", requestId: "req_1" });
});

test("an answer that is not the API's still names its status and request", () => {
  const answer = { status: 502, headers: headers({ "X-Request-Id": "req_2" }) };
  const problem = problemFrom(answer, "<html>");

  expect(problem.message).toContain("502");
  expect(problem.facts.requestId).toBe("req_2");
});

test("how long to wait is read from the header", () => {
  const answer = { status: 429, headers: headers({ "Retry-After": "7" }) };
  expect(problemFrom(answer, null).facts.retryAfter).toBe(7);
});

test("no answer at all is a problem of its own", () => {
  expect(asProblem(new TypeError("Failed to fetch")).code).toBe("unreachable");
});

test("a fault is shown at the field it is about", () => {
  expect(fieldErrors(refused("body.name"), ["name"])).toEqual({ name: "Too long." });
  expect(fieldErrors(refused("origins.0"), ["origins"])).toEqual({ origins: "Too long." });
});

test("a fault of another field is left for the note by the form", () => {
  expect(fieldErrors(refused("project_id"), ["name"])).toEqual({});
});
