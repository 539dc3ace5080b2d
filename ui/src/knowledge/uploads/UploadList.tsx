import { ActionIcon, Button, Progress, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileSize, percent } from "../../parts/format";
import { isUnderWay, type Upload } from "./queue";
import classes from "./UploadList.module.css";
import { useUploads } from "./UploadsProvider";

const SHOWN = 8; // of a folder with a thousand files, the next few are enough

/** Files that are on their way, or did not make it. */
export function UploadList({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("knowledge");
  const mine = useUploads().uploads.filter((upload) => upload.assistantId === assistantId);
  if (mine.length === 0) return null;
  const settled = mine.filter((upload) => !isUnderWay(upload));
  const moving = mine.filter(isUnderWay);
  return (
    <section aria-label={t("upload.title")}>
      <ul className={classes.list}>
        {[...settled, ...moving.slice(0, SHOWN)].map((upload) => (
          <Row key={upload.key} upload={upload} />
        ))}
      </ul>
      {moving.length > SHOWN && (
        <Text size="xs" c="dimmed" mt={6}>
          {t("upload.more", { count: moving.length - SHOWN })}
        </Text>
      )}
    </section>
  );
}

function Row({ upload }: { upload: Upload }) {
  const { t } = useTranslation("knowledge");
  const general = useTranslation().t;
  const { dismiss, tryAgain } = useUploads();
  const { file, state, fraction, problem, key } = upload;
  return (
    <li className={classes.row} data-state={state}>
      <div className={classes.words}>
        <Text size="sm" truncate>
          {file.name}
        </Text>
        {problem ? (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {problem.code === "unreachable" ? general("problem.unreachable") : problem.message}
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            {t(`upload.${state}`, { percent: percent(fraction), size: fileSize(file.size) })}
          </Text>
        )}
        {state === "sending" && (
          <Progress
            value={fraction * 100}
            size={4}
            mt={5}
            aria-label={t("upload.progress", { name: file.name })}
          />
        )}
      </div>
      {state === "failed" && (
        <Button size="xs" variant="default" onClick={() => tryAgain(key)}>
          {general("retry")}
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => dismiss(key)}
        aria-label={t(isUnderWay(upload) ? "upload.cancel" : "upload.dismiss", { name: file.name })}
      >
        <IconX size={16} />
      </ActionIcon>
    </li>
  );
}
