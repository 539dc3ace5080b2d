/** The script's entry: read the tag, offer the API, start. Loading it twice changes nothing. */

import { makeApi, replay, type SelfHostedAI } from "./api";
import { readAttributes } from "./options";

type Host = Window & { SelfHostedAI?: Partial<SelfHostedAI> & { q?: unknown } };

const host = window as Host;

/** The tag that brought this script; after a deferred run the page has to be searched for it. */
function findScript(): HTMLScriptElement | null {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  return document.querySelector<HTMLScriptElement>("script[data-assistant-id]");
}

if (!host.SelfHostedAI?.version) {
  const script = findScript();
  const api = makeApi(readAttributes(script));
  // The queue comes first: a listener in it must hear even the start.
  const initialised = replay(api, host.SelfHostedAI?.q);
  host.SelfHostedAI = api;
  if (!initialised && script?.dataset.autoInit !== "false") api.init();
}
