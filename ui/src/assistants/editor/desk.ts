import { createFormContext, type UseFormReturnType } from "@mantine/form";
import { createContext, useContext } from "react";
import { type AssistantDraft, useChangeAssistant } from "../../api/assistants";
import type { Problem } from "../../api/problem";
import type { Assistant } from "../../api/types";
import { changesBetween, draftOf, isSame } from "./draft";

export type DraftForm = UseFormReturnType<AssistantDraft>;
export const [DraftProvider, useDraftForm, useNewDraftForm] = createFormContext<AssistantDraft>();

/** What the parts of the editor share: the assistant as saved, and what is being changed. */
export interface Desk {
  assistant: Assistant;
  dirty: boolean;
  saving: boolean;
  problem: Problem | null;
  save(): Promise<boolean>;
  discard(): void;
  adopt(assistant: Assistant): void; // it was changed elsewhere: show that
  allowOrigin(origin: string): Promise<void>; // saved at once, apart from the form
}

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk stands outside of the editor.");
  return desk;
}

/** `showField` leads the person to a field that is not right. */
export function useNewDesk(
  assistant: Assistant,
  form: DraftForm,
  showField: (field: string) => void,
): Desk {
  const change = useChangeAssistant(assistant.id);

  const adopt = (saved: Assistant) => {
    form.setInitialValues(draftOf(saved));
    form.setValues(draftOf(saved));
    form.clearErrors();
    change.reset();
  };

  const save = async () => {
    const [wrong] = Object.keys(form.validate().errors);
    if (wrong) {
      showField(wrong);
      return false;
    }
    const sent = structuredClone(form.getValues());
    try {
      const saved = await change.mutateAsync(changesBetween(draftOf(assistant), sent));
      // What was typed while the request was on its way stays, as a new change.
      if (isSame(sent, form.getValues())) adopt(saved);
      else form.setInitialValues(draftOf(saved));
      return true;
    } catch (thrown) {
      const field = (thrown as Problem).facts.param?.replace(/^body\./, "");
      if (field) {
        form.setFieldError(field, (thrown as Problem).message);
        showField(field);
      }
      return false;
    }
  };

  const allowOrigin = async (origin: string) => {
    const kept = assistant.security.allowed_origins;
    const saved = await change.mutateAsync({ security: { allowed_origins: [...kept, origin] } });
    const typed = form.getValues().security.allowed_origins;
    form.setInitialValues(draftOf(saved));
    form.setFieldValue("security.allowed_origins", [...new Set([...typed, origin])]);
  };

  return {
    assistant,
    dirty: form.isDirty(),
    saving: change.isPending,
    problem: change.error,
    save,
    discard: () => adopt(assistant),
    adopt,
    allowOrigin,
  };
}
