import { afterEach, expect, test, vi } from "vitest";
import { json, refusal, serve } from "../testing/server";
import { assistantsCreate, assistantsListed } from "./generated";
import { got, onSignedOut, openStream, rememberCsrf } from "./http";

afterEach(() => rememberCsrf(null));

test("writes carry the token against forged requests, reads do not", async () => {
  const asked = serve(json({ data: [], next_cursor: null }), json({ id: "asst_1" }, 201));
  rememberCsrf("token-1");
  await got(assistantsListed());
  await got(assistantsCreate({ body: { name: "Front desk" } }));

  expect(asked.map((request) => request.headers.get("X-CSRF-Token"))).toEqual([null, "token-1"]);
});

test("a refusal is thrown as the API worded it", async () => {
  serve(refusal(422, { message: "A name is needed.", param: "name" }));
  const call = got(assistantsCreate({ body: { name: "" } }));
  await expect(call).rejects.toMatchObject({ message: "A name is needed.", status: 422 });
});

test("a lost session is told to whoever listens", async () => {
  const heard = vi.fn();
  const undo = onSignedOut(heard);
  serve(refusal(401, { code: "invalid_api_key" }));
  await expect(got(assistantsListed())).rejects.toMatchObject({ status: 401 });
  undo();

  expect(heard).toHaveBeenCalledOnce();
});

test("a request that was called off is no problem to report", async () => {
  const gone = new AbortController();
  serve(() => {
    throw new DOMException("gone", "AbortError");
  });
  await expect(openStream("GET", "/v1/x", { signal: gone.signal })).rejects.toThrow("gone");
});

test("a stream that is refused is an ordinary problem", async () => {
  serve(refusal(503, { code: "busy", message: "Come back later." }));
  await expect(openStream("POST", "/v1/x", { body: {} })).rejects.toMatchObject({ code: "busy" });
});
