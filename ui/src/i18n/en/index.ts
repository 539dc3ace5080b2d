import assistants from "./assistants.json";
import door from "./door.json";
import editor from "./editor.json";
import general from "./general.json";
import keys from "./keys.json";
import knowledge from "./knowledge.json";
import models from "./models.json";
import playground from "./playground.json";
import providers from "./providers.json";
import shell from "./shell.json";

export const english = {
  general,
  door,
  shell,
  assistants,
  editor,
  playground,
  knowledge,
  keys,
  models,
  providers,
};

export type Catalogue = typeof english;
