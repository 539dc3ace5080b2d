import { Button, Group, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type ChangeEvent, type DragEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./DropArea.module.css";
import { droppedFiles, isHidden } from "./dropped";

interface Props {
  roomy: boolean; // nothing else is on the screen yet
  onFiles: (files: File[]) => void;
  extra?: ReactNode; // another way to add something
}

/** Where files and folders are dropped, or chosen with the keyboard. */
export function DropArea({ roomy, onFiles, extra }: Props) {
  const { t } = useTranslation("knowledge");
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles(await droppedFiles(event.dataTransfer));
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.currentTarget.files ?? [])].filter(({ name }) => !isHidden(name)));
    event.currentTarget.value = ""; // so that the same file can be chosen again
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same
    <div
      className={classes.area}
      data-over={over || undefined}
      data-roomy={roomy || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => void drop(event)}
    >
      <div className={classes.icon} aria-hidden>
        <IconUpload size={20} stroke={1.75} />
      </div>
      <div className={classes.words}>
        <Text size="sm" fw={600}>
          {t("drop.title")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("drop.kinds")}
        </Text>
      </div>
      <Group gap="xs" className={classes.buttons}>
        <Button onClick={() => files.current?.click()}>{t("drop.files")}</Button>
        <Button variant="default" onClick={() => folder.current?.click()}>
          {t("drop.folder")}
        </Button>
        {extra}
      </Group>
      <input ref={files} type="file" multiple hidden onChange={choose} data-testid="files" />
      <input ref={folder} type="file" hidden onChange={choose} {...{ webkitdirectory: "" }} />
    </div>
  );
}
