import { ActionIcon, Button, Group, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowLeft, IconMessageCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { InHeader } from "../../shell/HeaderSlot";
import { useDesk } from "./desk";
import classes from "./EditorHeader.module.css";

/** The assistant's name and what can be done with the changes. */
export function EditorHeader({ onTry }: { onTry?: () => void }) {
  const { t } = useTranslation("editor");
  const { assistant, dirty, saving, save, discard } = useDesk();
  const wide = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
  const bar = (
    <div className={classes.header} data-wide={wide || undefined}>
      <Group gap="xs" wrap="nowrap" className={classes.name}>
        <ActionIcon
          component={Link}
          to="/assistants"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("back")}
        >
          <IconArrowLeft size={19} stroke={1.75} />
        </ActionIcon>
        <Title order={1} className={classes.title}>
          {assistant.name}
        </Title>
      </Group>
      <Group gap="xs" wrap="nowrap" className={classes.actions}>
        {dirty && (
          <>
            <Text size="sm" c="dimmed" visibleFrom="md" role="status">
              {t("unsaved")}
            </Text>
            <Button variant="default" visibleFrom="sm" onClick={discard} disabled={saving}>
              {t("discard")}
            </Button>
            <ActionIcon
              variant="default"
              size={36}
              hiddenFrom="sm"
              onClick={discard}
              disabled={saving}
              aria-label={t("discard")}
            >
              <IconArrowBackUp size={18} stroke={1.75} />
            </ActionIcon>
          </>
        )}
        {onTry && (
          <>
            <Button
              variant="default"
              visibleFrom="sm"
              onClick={onTry}
              leftSection={<IconMessageCircle size={17} stroke={1.75} />}
            >
              {t("try")}
            </Button>
            <ActionIcon
              variant="default"
              size={36}
              hiddenFrom="sm"
              onClick={onTry}
              aria-label={t("try")}
            >
              <IconMessageCircle size={18} stroke={1.75} />
            </ActionIcon>
          </>
        )}
        <Button onClick={() => void save()} disabled={!dirty} loading={saving}>
          {dirty || saving ? t("save") : t("saved")}
        </Button>
      </Group>
    </div>
  );
  return wide ? <InHeader>{bar}</InHeader> : bar;
}
