import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useEmbedder } from "../api/embedder";
import type { LocalModel, Machine, ModelRole } from "../api/models";
import { Section } from "../parts/Section";
import { ChangeEmbedder } from "./embedder/ChangeEmbedder";
import { EmbedderPanel } from "./embedder/EmbedderPanel";
import { ModelCard } from "./list/ModelCard";

interface Props {
  role: ModelRole;
  models: LocalModel[]; // of this role, on the list shown
  all: LocalModel[];
  machine: Machine | null;
}

/** The models for one kind of work. */
export function RoleSection({ role, models, all, machine }: Props) {
  const { t } = useTranslation("models");
  if (models.length === 0) return null;
  return (
    <Section title={t(`roles.${role}.title`)} description={t(`roles.${role}.text`)}>
      {role === "embedding" && machine ? (
        <Embedders models={models} all={all} machine={machine} />
      ) : (
        models.map((model) => <ModelCard key={model.name} model={model} machine={machine} />)
      )}
    </Section>
  );
}

/** Changing the embedding model rebuilds the index, so it is more than a click. */
function Embedders({ models, all, machine }: Omit<Props, "role">) {
  const [next, choose] = useState<LocalModel | null>(null);
  const embedder = useEmbedder().data;
  return (
    <>
      {embedder && <EmbedderPanel state={embedder} models={all} />}
      {models.map((model) => (
        <ModelCard key={model.name} model={model} machine={machine} onAdopt={() => choose(model)} />
      ))}
      {next && <ChangeEmbedder model={next} onClose={() => choose(null)} />}
    </>
  );
}
