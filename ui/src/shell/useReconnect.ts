import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Problem } from "../api/problem";

const PAUSE = 3_000; // milliseconds between two knocks

/** Whether somebody is looking at what this query could not get because nobody answered. */
function isCutOff(query: Query): boolean {
  const { error, status } = query.state;
  return status === "error" && error instanceof Problem && error.status === 0 && query.isActive();
}

/** While the appliance does not answer, knocks again and again; then brings everything up to date. */
export function useReconnect(): void {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const cache = queries.getQueryCache();
    const look = () => setLost(cache.getAll().some(isCutOff));
    look();
    // Other news comes while React is drawing, when nothing may be set.
    return cache.subscribe(({ type }) => type === "updated" && look());
  }, [queries]);
  useEffect(() => {
    if (!lost) return;
    const knock = async () => {
      const answered = await fetch("/health").then(
        () => true,
        () => false,
      );
      if (answered) await queries.refetchQueries({ predicate: isCutOff });
    };
    const timer = setInterval(() => void knock(), PAUSE);
    return () => clearInterval(timer);
  }, [lost, queries]);
}
