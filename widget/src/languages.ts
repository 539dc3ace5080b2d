/** Pure: the widget's words, side by side in the languages that are built in. */

const LANGUAGES = ["en", "de"];

const TABLE = {
  title: ["Assistant", "Assistent"],
  subtitle: ["Answers from our documents", "Antworten aus unseren Dokumenten"],
  welcome: [
    "Hello! What would you like to know? I look for the answer in our documents.",
    "Guten Tag! Stellen Sie eine Frage, ich suche die Antwort in unseren Dokumenten.",
  ],
  placeholder: ["Ask a question\u2026", "Frage eingeben\u2026"],
  notice: [
    "Written by AI. Please check the sources.",
    "Von einer KI geschrieben. Bitte Quellen pr\u00fcfen.",
  ],
  open: ["Open chat", "Chat \u00f6ffnen"],
  unread: ["new answer", "neue Antwort"],
  close: ["Close chat", "Chat schlie\u00dfen"],
  more: ["More", "Mehr"],
  fresh: ["New conversation", "Neues Gespr\u00e4ch"],
  erase: ["Erase conversation", "Gespr\u00e4ch l\u00f6schen"],
  eraseAsk: [
    "Erase this conversation from this browser?",
    "Dieses Gespr\u00e4ch aus diesem Browser l\u00f6schen?",
  ],
  yes: ["Erase", "L\u00f6schen"],
  no: ["Keep", "Behalten"],
  erased: ["The conversation was erased.", "Das Gespr\u00e4ch wurde gel\u00f6scht."],
  started: ["A new conversation has started.", "Ein neues Gespr\u00e4ch hat begonnen."],
  send: ["Send", "Senden"],
  stop: ["Stop answering", "Antwort anhalten"],
  you: ["You", "Sie"],
  conversation: ["Conversation", "Gespr\u00e4ch"],
  latest: ["Latest message", "Neueste Nachricht"],
  searching: ["Searching the documents\u2026", "Durchsucht die Dokumente\u2026"],
  waiting: ["Waiting in line", "In der Warteschlange"],
  next: ["You are next", "Gleich sind Sie dran"],
  before: ["%s before you", "%s vor Ihnen"],
  about: [", about %s s", ", etwa %s s"],
  writing: ["Writing\u2026", "Schreibt\u2026"],
  reconnecting: ["Connection lost. Trying again\u2026", "Verbindung verloren. Neuer Versuch\u2026"],
  sources: ["Sources", "Quellen"],
  source: ["Source", "Quelle"],
  back: ["Back to the conversation", "Zur\u00fcck zum Gespr\u00e4ch"],
  page: ["Page", "Seite"],
  unsure: ["Not found in the documents", "In den Dokumenten nicht gefunden"],
  unsureNote: [
    "Marked sentences were not found in the documents.",
    "Markierte S\u00e4tze wurden in den Dokumenten nicht gefunden.",
  ],
  refused: ["The documents do not answer this.", "Dazu steht nichts in den Dokumenten."],
  stopped: ["Stopped.", "Angehalten."],
  interrupted: ["This answer was interrupted.", "Diese Antwort wurde unterbrochen."],
  full: [
    "This conversation has become too long. Please start a new one.",
    "Dieses Gespr\u00e4ch ist zu lang geworden. Bitte beginnen Sie ein neues.",
  ],
  again: ["Try again", "Erneut versuchen"],
  failed: [
    "Something went wrong. Please try again.",
    "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.",
  ],
  busy: [
    "Many people are asking right now. Please try again in a moment.",
    "Gerade fragen viele. Bitte versuchen Sie es gleich noch einmal.",
  ],
  limit: [
    "That was a lot at once. Please try again in %s seconds.",
    "Das war viel auf einmal. Bitte versuchen Sie es in %s Sekunden noch einmal.",
  ],
  network: [
    "The assistant cannot be reached. Check the connection and try again.",
    "Der Assistent ist nicht erreichbar. Bitte die Verbindung pr\u00fcfen.",
  ],
  invalid: [
    "This question could not be sent. Please try a shorter one.",
    "Diese Frage konnte nicht gesendet werden. Bitte fassen Sie sie k\u00fcrzer.",
  ],
  copy: ["Copy", "Kopieren"],
  copied: ["Copied", "Kopiert"],
  table: ["Table", "Tabelle"],
  code: ["Code", "Code"],
} satisfies Record<string, [string, string]>;

export type Words = Record<keyof typeof TABLE, string>;

/** The first wish there are words for, as a language code; English when there is none. */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): string {
  const codes = wishes.map((wish) => (wish ?? "").slice(0, 2).toLowerCase());
  return codes.find((code) => LANGUAGES.includes(code)) ?? "en";
}

/** The words of one of the built-in languages. */
export function wordsOf(language: string): Words {
  const at = LANGUAGES.indexOf(language);
  return Object.fromEntries(
    Object.entries(TABLE).map(([name, words]) => [name, words[at] as string]),
  ) as Words;
}
