import { Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Logo } from "../shell/Logo";
import classes from "./DoorFrame.module.css";
import { InsecureNote } from "./InsecureNote";

interface Props {
  title: string;
  text?: string;
  children: ReactNode;
}

/** The narrow page that stands before the console. */
export function DoorFrame({ title, text, children }: Props) {
  const { t } = useTranslation();
  useDocumentTitle(`${title} · ${t("product")}`);
  return (
    <main className={classes.yard}>
      <div className={classes.door}>
        <Logo />
        <Stack gap={4} mt="xl" mb="lg">
          <Title order={1}>{title}</Title>
          {text && (
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          )}
        </Stack>
        <InsecureNote />
        {children}
      </div>
    </main>
  );
}
