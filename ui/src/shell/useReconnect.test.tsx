import { useQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { unreachable } from "../api/problem";
import { show } from "../testing/render";
import { json, serve } from "../testing/server";
import { useReconnect } from "./useReconnect";

function Screen({ load }: { load: () => Promise<string> }) {
  useReconnect();
  const { data, error } = useQuery({ queryKey: ["screen"], queryFn: load, retry: false });
  return <p>{data ?? error?.code ?? "…"}</p>;
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

test("a screen comes back by itself when the appliance answers again", async () => {
  vi.useFakeTimers();
  serve(json({ status: "ok" }));
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(unreachable());
  load.mockResolvedValue("the documents");
  show(<Screen load={load} />);
  await pass(10);
  expect(screen.getByText("unreachable")).toBeDefined();

  await pass(3_000);
  expect(screen.getByText("the documents")).toBeDefined();
  vi.useRealTimers();
});
