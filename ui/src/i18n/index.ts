import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { english } from "./en";

export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

const stored = "inhouse-language";

/** The person's choice, else the browser's first language that we speak. */
function preferred(): Language {
  const wanted = [localStorage.getItem(stored) ?? "", ...navigator.languages];
  const known = wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in languages);
  return (known as Language | undefined) ?? "en";
}

export async function startLanguages(language: Language = preferred()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "general",
    resources: { en: english },
    interpolation: { escapeValue: false }, // React escapes
  });
  await speak(language).catch(() => speak("en"));
}

/** Switches the console's language; the catalogue is fetched when first needed. */
export async function speak(language: Language): Promise<void> {
  if (language !== "en" && !i18next.hasResourceBundle(language, "general")) {
    const { german } = await import("./de");
    for (const [name, texts] of Object.entries(german)) {
      i18next.addResourceBundle(language, name, texts);
    }
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(stored, language);
  await speak(language);
}
