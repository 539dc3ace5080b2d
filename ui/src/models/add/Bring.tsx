import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useIncoming } from "../../api/models";
import { CodeBlock } from "../../parts/CodeBlock";
import { Note } from "../../parts/Note";
import classes from "./Bring.module.css";

/** How a model that is not here gets here. */
export function Bring({ allowed, onAdd }: { allowed: boolean; onAdd: () => void }) {
  const { t } = useTranslation("models");
  const folder = useIncoming().data?.folder;
  return (
    <div className={classes.frame}>
      <Note>
        <Text size="sm">{t(allowed ? "bring.allowed" : "bring.off")}</Text>
        {folder && (
          <div className={classes.folder}>
            <CodeBlock code={folder} label={t("add.folder")} />
          </div>
        )}
        <Button size="xs" variant="default" mt="xs" onClick={onAdd}>
          {t("add.open")}
        </Button>
      </Note>
    </div>
  );
}
