import { Button, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useUser } from "../api/auth";
import { SignInForm } from "./SignInForm";

interface Props {
  opened: boolean;
  onDone: () => void;
}

/** Asks for the password where the person is, so that nothing written is lost. */
export function SignInAgain({ opened, onDone }: Props) {
  const { t } = useTranslation("door");
  const user = useUser();
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      title={t("signIn.again")}
      size="sm"
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("signIn.againText")}
        </Text>
        <SignInForm email={user?.email ?? ""} onDone={onDone} />
        <Button variant="subtle" color="gray" onClick={() => window.location.reload()}>
          {t("signIn.signOutInstead")}
        </Button>
      </Stack>
    </Modal>
  );
}
