/** What a page may say about the widget, from `data-*`, from `init()` and from the server. */

import { parseColour } from "./colour";
import { chooseLanguage, type Words, wordsOf } from "./languages";
import type { Config } from "./wire";

const THEMES = /^(auto|light|dark)$/;
const POSITIONS = /^((top|bottom)-(left|right)|inline)$/;
const ALIASES: Record<string, string> = { right: "bottom-right", left: "bottom-left" };
const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ps|ug|ur|yi)\b/i;

/** Everything a page can set; each name is also an attribute, `assistantId` as data-assistant-id. */
export interface Options {
  assistantId?: string;
  apiUrl?: string;
  apiKey?: string;
  theme?: string;
  position?: string;
  title?: string;
  primaryColor?: string;
  /** `false` shows none; text is taken as the message itself. */
  welcome?: string | boolean;
  welcomeMessage?: string;
  placeholder?: string;
  language?: string;
  dir?: string;
  /** `true`, a number of seconds, or `once` for once in this browser tab. */
  autoOpen?: string | boolean | number;
  /** Where an inline widget goes, as a CSS selector. */
  container?: string;
  /** The nonce for the style element of browsers without constructable style sheets. */
  nonce?: string;
}

/** How the widget looks and speaks, everything decided. */
export interface Look {
  theme: string;
  position: string;
  title: string;
  primaryColor: string;
  welcome: string;
  placeholder: string;
  language: string;
  words: Words;
  inline: boolean;
  dir: "ltr" | "rtl";
}

/** The options on the script tag; the address defaults to the folder the script came from. */
export function readAttributes(script: HTMLScriptElement | null): Options {
  if (!script) return {};
  const { src, nonce, dataset } = script;
  return { apiUrl: src && new URL(".", src).href, nonce: nonce ?? "", ...dataset };
}

/** The first wish that is `allowed`, aliases resolved. */
function oneOf(allowed: RegExp, ...wishes: (string | undefined)[]): string | undefined {
  return wishes.map((wish = "") => ALIASES[wish] ?? wish).find((wish) => allowed.test(wish));
}

function welcome(options: Options, config: Config, words: Words): string {
  const { welcome: wish, welcomeMessage } = options;
  if (wish === false || wish === "false") return "";
  const text = typeof wish === "string" && wish !== "true" ? wish : "";
  return welcomeMessage || text || config.welcome_message || words.welcome;
}

function direction(options: Options): "ltr" | "rtl" {
  const { lang, dir } = document.documentElement;
  const wish = options.dir || (options.language ? "" : dir);
  if (wish === "rtl" || wish === "ltr") return wish;
  return RIGHT_TO_LEFT.test(options.language || lang) ? "rtl" : "ltr";
}

/** The look: what the page wishes before what the server says, before the defaults. */
export function decide(options: Options, config: Config): Look {
  const colours = [options.primaryColor, config.primary_color];
  const language = chooseLanguage([
    options.language,
    config.locale,
    document.documentElement.lang,
    ...(navigator.languages ?? []),
  ]);
  const words = wordsOf(language);
  const position = oneOf(POSITIONS, options.position, config.position) ?? "bottom-right";
  return {
    theme: oneOf(THEMES, options.theme, config.theme) ?? "auto",
    position,
    inline: position === "inline",
    title: options.title || config.title || config.name || words.title,
    primaryColor: colours.find((colour) => parseColour(colour ?? "")) ?? "#0f766e",
    welcome: welcome(options, config, words),
    placeholder: options.placeholder || config.placeholder || words.placeholder,
    language,
    words,
    dir: direction(options),
  };
}

/** Why the widget cannot start with these options, in a sentence for the page's developer. */
export function obstacle({ assistantId, apiKey = "", apiUrl = "" }: Options): string {
  if (!assistantId) return "The script tag needs data-assistant-id.";
  if (apiKey && !apiKey.startsWith("pk_")) {
    return "data-api-key must be a publishable key, pk_\u2026. Revoke a secret key that was published.";
  }
  const [, plain, name] = /^http(s?):\/\/([^/:]+|\[[^\]]+\])/.exec(apiUrl) ?? [];
  if (!name) return "data-api-url must be a full address.";
  const local = /^(localhost|127\..*|\[::1\])$/.test(name);
  if (location.protocol === "https:" && plain === "" && !local) {
    return `This page is https and ${apiUrl} is not; browsers block that as mixed content.`;
  }
  return "";
}
