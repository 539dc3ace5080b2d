import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type CollectionPatch,
  collectionsChange,
  collectionsListed,
  type Provider,
  type ProviderBody,
  type ProviderPatch,
  providersChange,
  providersCreate,
  providersListed,
  providersPermit,
  providersRemove,
  providersTest,
} from "./generated";
import { got } from "./http";

export type {
  Collection,
  Provider,
  ProviderBody,
  ProviderModel,
  ProviderPatch,
  ProviderTest,
} from "./generated";

export type ProviderKind = Provider["kind"];

export const kinds: ProviderKind[] = [
  "openai",
  "azure",
  "anthropic",
  "gemini",
  "groq",
  "compatible",
];

const key = ["providers"] as const;

export function useProviders() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => got(providersListed({ signal })),
    select: (page) => page.data,
    // A provider that failed is tried again by itself.
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ health }) => health.state !== "closed") ? 5_000 : 30_000,
  });
}

const at = (provider_id: string) => ({ path: { provider_id } });

export function useProviderActions() {
  const queries = useQueryClient();
  const onSettled = async () => {
    void queries.invalidateQueries({ queryKey: ["models"] });
    await queries.invalidateQueries({ queryKey: key });
  };
  const create = useMutation({
    mutationFn: (body: ProviderBody) => got(providersCreate({ body })),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: ProviderPatch & { id: string }) =>
      got(providersChange({ ...at(id), body })),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (id: string) => got(providersRemove(at(id))),
    onSettled,
  });
  const test = useMutation({ mutationFn: (id: string) => got(providersTest(at(id))), onSettled });
  const permit = useMutation({
    mutationFn: ({ id, allowed }: { id: string; allowed: boolean }) =>
      got(providersPermit({ ...at(id), body: { allowed } })),
    onSettled,
  });
  return { create, change, remove, test, permit };
}

const collectionsKey = ["collections"] as const;

export function useCollections() {
  return useQuery({
    queryKey: collectionsKey,
    queryFn: ({ signal }) => got(collectionsListed({ query: { limit: 200 }, signal })),
    select: (page) => page.data,
  });
}

export function useChangeCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: CollectionPatch & { id: string }) =>
      got(collectionsChange({ path: { collection_id: id }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: collectionsKey }),
  });
}
