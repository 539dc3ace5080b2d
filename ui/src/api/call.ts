import { client } from "./generated/client.gen";
import { got } from "./http";

interface Options {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

/** A request by its address, for routes whose client was not generated. Throws like `got`. */
export function call<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  options: Options = {},
): Promise<T> {
  return got(client.request<T>({ method, url, ...options }) as Promise<{ data?: T }>);
}
