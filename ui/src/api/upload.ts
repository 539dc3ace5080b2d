import { csrfToken, noteProblem } from "./http";
import { type Problem, problemFrom, unreachable } from "./problem";

export interface Sending<T> {
  done: Promise<T>; // rejects with Problem, or AbortError after cancel()
  cancel(): void;
}

/** Sends a form and says how far it is (0..1), which `fetch` cannot. */
export function send<T>(
  method: "POST" | "PUT",
  path: string,
  form: FormData,
  onProgress: (fraction: number) => void,
): Sending<T> {
  const request = new XMLHttpRequest();
  request.open(method, path);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRF-Token", csrfToken());
  request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
  const done = new Promise<T>((resolve, reject) => {
    request.onload = () => {
      if (request.status < 300) resolve(bodyOf(request) as T);
      else reject(noteProblem(refusal(request)));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("Upload cancelled", "AbortError"));
  });
  request.send(form);
  return { done, cancel: () => request.abort() };
}

function refusal(request: XMLHttpRequest): Problem {
  const headers = { get: (name: string) => request.getResponseHeader(name) };
  return problemFrom({ status: request.status, headers }, bodyOf(request));
}

function bodyOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}
