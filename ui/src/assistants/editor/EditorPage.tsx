import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useAssistant } from "../../api/assistants";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Editor } from "./Editor";

export function Component() {
  const { assistantId = "" } = useParams();
  const { t } = useTranslation("editor");
  const assistant = useAssistant(assistantId);
  if (assistant.data) return <Editor key={assistantId} assistant={assistant.data} />;
  return (
    <Page title={t("title")} wide>
      {assistant.error ? (
        <ProblemNote problem={assistant.error} onRetry={() => void assistant.refetch()} />
      ) : (
        <Stack gap="lg" maw={640}>
          <Skeleton h={36} w={360} />
          <Skeleton h={62} />
          <Skeleton h={62} />
          <Skeleton h={180} />
        </Stack>
      )}
    </Page>
  );
}
