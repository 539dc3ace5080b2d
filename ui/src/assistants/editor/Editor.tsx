import { Drawer } from "@mantine/core";
import { useDisclosure, useDocumentTitle, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import type { Assistant } from "../../api/types";
import { ProblemNote } from "../../parts/ProblemNote";
import { Playground } from "../../playground/Playground";
import { useConversation } from "../../playground/useConversation";
import { DeskProvider, DraftProvider, useNewDesk, useNewDraftForm } from "./desk";
import { draftOf } from "./draft";
import classes from "./Editor.module.css";
import { EditorHeader } from "./EditorHeader";
import { EditorTabs } from "./EditorTabs";
import { LeaveGuard } from "./LeaveGuard";
import { rules, tabOf } from "./validate";

/** One assistant: its settings on the left, a conversation with it on the right. */
export function Editor({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const editor = useTranslation("editor").t;
  const navigate = useNavigate();
  const { tab = "behaviour" } = useParams();
  const form = useNewDraftForm({ initialValues: draftOf(assistant), validate: rules });
  const base = `/assistants/${assistant.id}`;
  const desk = useNewDesk(assistant, form, (field) => navigate(`${base}/${tabOf(field)}`));
  const conversation = useConversation(assistant.id);
  const [trying, tryOut] = useDisclosure(false);
  const wide = useMediaQuery("(min-width: 75em)", window.innerWidth >= 1200, {
    getInitialValueInEffect: false,
  });
  useDocumentTitle(`${assistant.name} · ${t("product")}`);

  useHotkeys([["mod+S", () => desk.dirty && void desk.save()]], []);

  const playground = (
    <Playground
      assistant={assistant}
      conversation={conversation}
      unsaved={desk.dirty}
      saving={desk.saving}
      onSave={desk.save}
      onClose={wide ? undefined : tryOut.close}
    />
  );
  return (
    <DraftProvider form={form}>
      <DeskProvider value={desk}>
        <div className={classes.editor}>
          <EditorHeader onTry={wide ? undefined : tryOut.open} />
          {desk.problem && desk.problem.status !== 401 && (
            <div className={classes.problem}>
              <ProblemNote problem={desk.problem} />
            </div>
          )}
          <div className={classes.columns}>
            <EditorTabs tab={tab} onTab={(next) => navigate(`${base}/${next}`)} />
            {wide && <aside className={classes.playground}>{playground}</aside>}
          </div>
        </div>
        {!wide && (
          <Drawer.Root opened={trying} onClose={tryOut.close} size={480}>
            <Drawer.Overlay />
            <Drawer.Content aria-label={editor("try")}>
              <Drawer.Body p={0} className={classes.drawerBody}>
                {playground}
              </Drawer.Body>
            </Drawer.Content>
          </Drawer.Root>
        )}
        <LeaveGuard base={base} dirty={desk.dirty} onDiscard={desk.discard} />
      </DeskProvider>
    </DraftProvider>
  );
}
