import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode; // what to do next, in words
  action?: ReactNode;
  compact?: boolean;
}

export function EmptyState({ icon, title, text, action, compact = false }: Props) {
  return (
    <Stack align="center" gap={6} className={classes.frame} data-compact={compact || undefined}>
      <div className={classes.icon} aria-hidden>
        {icon}
      </div>
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text size="sm" c="dimmed" ta="center" maw={440}>
        {text}
      </Text>
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}
