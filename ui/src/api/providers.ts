import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";

export const kinds = ["openai", "azure", "anthropic", "gemini", "groq", "compatible"] as const;
export type ProviderKind = (typeof kinds)[number];

export interface ProviderModel {
  name: string;
  role: "language" | "embedding";
  input_usd_per_million: number | null;
  output_usd_per_million: number | null;
}

export interface Provider {
  id: string;
  kind: ProviderKind;
  name: string;
  base_url: string | null;
  api_version: string | null;
  models: ProviderModel[];
  has_key: boolean;
  key_hint: string | null;
  enabled: boolean;
  allowed: boolean; // in this project
  health: {
    state: "closed" | "open" | "half_open";
    failures: number;
    last_error: string | null;
    latency_ms: number | null;
  };
  created_at: string;
  updated_at: string;
}

export interface ProviderBody {
  kind: ProviderKind;
  name: string;
  base_url?: string | null;
  api_version?: string | null;
  key?: string | null; // written, never read
  models?: ProviderModel[];
  enabled?: boolean;
}

export interface ProviderTest {
  ok: boolean;
  latency_ms: number | null;
  models: string[];
  error: { code: string; message: string } | null;
}

const key = ["providers"] as const;

export function useProviders() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call<{ data: Provider[] }>("GET", "/v1/providers", { signal }),
    select: (page) => page.data,
    // A provider that failed is tried again by itself.
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ health }) => health.state !== "closed") ? 5_000 : 30_000,
  });
}

export function useProviderActions() {
  const queries = useQueryClient();
  const onSettled = async () => {
    void queries.invalidateQueries({ queryKey: ["models"] });
    await queries.invalidateQueries({ queryKey: key });
  };
  const create = useMutation({
    mutationFn: (body: ProviderBody) => call<Provider>("POST", "/v1/providers", { body }),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: Partial<ProviderBody> & { id: string }) =>
      call<Provider>("PATCH", "/v1/providers/{id}", { path: { id }, body }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (id: string) => call<void>("DELETE", "/v1/providers/{id}", { path: { id } }),
    onSettled,
  });
  const test = useMutation({
    mutationFn: (id: string) =>
      call<ProviderTest>("POST", "/v1/providers/{id}/test", { path: { id } }),
    onSettled,
  });
  const permit = useMutation({
    mutationFn: ({ id, allowed }: { id: string; allowed: boolean }) =>
      call<Provider>("PUT", "/v1/providers/{id}/permission", { path: { id }, body: { allowed } }),
    onSettled,
  });
  return { create, change, remove, test, permit };
}

export interface Collection {
  id: string;
  name: string;
  never_leaves_the_box: boolean;
  documents: number;
}

const collectionsKey = ["collections"] as const;

export function useCollections() {
  return useQuery({
    queryKey: collectionsKey,
    queryFn: ({ signal }) => call<{ data: Collection[] }>("GET", "/v1/collections", { signal }),
    select: (page) => page.data,
  });
}

export function useChangeCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; never_leaves_the_box?: boolean }) =>
      call<Collection>("PATCH", "/v1/collections/{id}", { path: { id }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: collectionsKey }),
  });
}
