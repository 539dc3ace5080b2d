import { ActionIcon, Textarea } from "@mantine/core";
import { IconArrowUp, IconPlayerStopFilled } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Playground.module.css";

interface Props {
  busy: boolean;
  onAsk: (question: string) => void;
  onStop: () => void;
}

export function Composer({ busy, onAsk, onStop }: Props) {
  const { t } = useTranslation("playground");
  const [text, setText] = useState("");
  const send = () => {
    if (busy || text.trim() === "") return;
    onAsk(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the choice of a character in Japanese or Chinese; that is no send.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={classes.field}>
        <Textarea
          className={classes.input}
          aria-label={t("field")}
          placeholder={t("placeholder")}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={8000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {busy ? (
          <ActionIcon
            size={36}
            variant="default"
            onClick={onStop}
            aria-label={t("stop")}
            title={t("stop")}
          >
            <IconPlayerStopFilled size={16} />
          </ActionIcon>
        ) : (
          <ActionIcon
            type="submit"
            size={36}
            variant="filled"
            disabled={text.trim() === ""}
            aria-label={t("send")}
            title={t("send")}
          >
            <IconArrowUp size={18} stroke={2.2} />
          </ActionIcon>
        )}
      </div>
    </form>
  );
}
