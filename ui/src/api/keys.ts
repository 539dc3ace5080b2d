import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyBody, keysCreate, keysListed, keysRevoke } from "./generated";
import { got } from "./http";

const listKey = ["keys"] as const;

export function useKeys() {
  return useQuery({
    queryKey: listKey,
    queryFn: ({ signal }) => got(keysListed({ query: { limit: 200 }, signal })),
    select: (page) => page.data,
  });
}

export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyBody) => got(keysCreate({ body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: listKey }),
  });
}

export function useRevokeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => got(keysRevoke({ path: { key_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: listKey }),
  });
}
