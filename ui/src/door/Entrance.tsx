import { Center, Loader, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAuth } from "../api/auth";
import { ProblemNote } from "../parts/ProblemNote";
import { Shell } from "../shell/Shell";
import { useReconnect } from "../shell/useReconnect";
import { DoorFrame } from "./DoorFrame";
import { SetUp } from "./SetUp";
import { SignIn } from "./SignIn";

/** Decides who sees what: the set-up, the sign-in, or the console. */
export function Entrance() {
  const auth = useAuth();
  useReconnect();
  if (auth.data?.signed_in) return <Shell />;
  if (auth.data?.setup_needed) return <SetUp />;
  if (auth.data) return <SignIn />;
  return <Waiting problem={auth.error} retry={() => void auth.refetch()} />;
}

function Waiting({ problem, retry }: { problem: unknown; retry: () => void }) {
  const { t } = useTranslation("door");
  if (problem) {
    return (
      <DoorFrame title={t("noAnswer")}>
        <ProblemNote problem={problem} onRetry={retry} />
      </DoorFrame>
    );
  }
  return (
    <Center component="main" mih="100dvh">
      <Stack align="center" gap="sm" role="status">
        <Loader size="sm" />
        <Text size="sm" c="dimmed">
          {t("starting")}
        </Text>
      </Stack>
    </Center>
  );
}
