/** What the appliance, or the network on the way to it, said went wrong. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    message: string,
    readonly facts: {
      status: number; // 0: no answer at all
      code: string; // stable; translations and branches may depend on it
      param?: string | null;
      requestId?: string | null;
      retryAfter?: number | null; // seconds
    },
  ) {
    super(message);
  }

  get code(): string {
    return this.facts.code;
  }

  get status(): number {
    return this.facts.status;
  }
}

interface Envelope {
  error: { message: string; code?: string; param?: string | null; request_id?: string | null };
}

function isEnvelope(body: unknown): body is Envelope {
  const error = (body as Envelope | null)?.error;
  return typeof error === "object" && typeof error?.message === "string";
}

/** Reads the one error shape of the API; anything else becomes a plain sentence. */
export function problemFrom(
  answer: { status: number; headers: { get(name: string): string | null } },
  body: unknown,
): Problem {
  const error = isEnvelope(body) ? body.error : undefined;
  const retryAfter = Number.parseInt(answer.headers.get("Retry-After") ?? "", 10);
  return new Problem(error?.message ?? `The server answered with status ${answer.status}.`, {
    status: answer.status,
    code: error?.code ?? (answer.status >= 500 ? "internal_error" : "error"),
    param: error?.param ?? null,
    requestId: error?.request_id ?? answer.headers.get("X-Request-Id"),
    retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
  });
}

/** Whatever was thrown, as a Problem. `fetch` throws a TypeError when nobody answers. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return unreachable();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(message, { status: 0, code: "unexpected" });
}

export function unreachable(): Problem {
  return new Problem("The appliance cannot be reached. Is it running?", {
    status: 0,
    code: "unreachable",
  });
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

/**
 * The field a refused request was about, in the shape @mantine/form takes.
 * Empty when the fault is not in one of `fields`: show the sentence by the form then.
 */
export function fieldErrors(problem: Problem, fields: readonly string[]): Record<string, string> {
  const param = problem.facts.param?.replace(/^body\./, "");
  if (!param) return {};
  const field = fields.find((name) => param === name || param.startsWith(`${name}.`));
  return field ? { [field]: problem.message } : {};
}
