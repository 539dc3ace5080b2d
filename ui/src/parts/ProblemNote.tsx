import { Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import classes from "./ProblemNote.module.css";

interface Props {
  problem: unknown;
  onRetry?: () => void;
  action?: ReactNode;
}

/** The API's own sentence about what went wrong, and the id that finds it in the log. */
export function ProblemNote({ problem, onRetry, action }: Props) {
  const { t } = useTranslation();
  const { message, facts } = asProblem(problem);
  return (
    <div className={classes.note} role="alert">
      <IconAlertTriangle size={18} stroke={1.75} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <Text size="sm">{facts.code === "unreachable" ? t("problem.unreachable") : message}</Text>
        {facts.requestId && (
          <Text size="xs" c="dimmed" ff="monospace" mt={2}>
            {t("requestId", { id: facts.requestId })}
          </Text>
        )}
        {(onRetry || action) && (
          <Group gap="xs" mt="xs">
            {onRetry && (
              <Button size="xs" variant="default" onClick={onRetry}>
                {t("retry")}
              </Button>
            )}
            {action}
          </Group>
        )}
      </div>
    </div>
  );
}
