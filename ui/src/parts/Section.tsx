import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Section.module.css";

interface Props {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** A group of settings under one heading. */
export function Section({ title, description, children }: Props) {
  return (
    <section className={classes.section}>
      <Stack gap={2} mb="md">
        <Title order={2}>{title}</Title>
        {description && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </Stack>
      <Stack gap="md">{children}</Stack>
    </section>
  );
}
