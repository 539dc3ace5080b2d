import { Box, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Note } from "../parts/Note";
import { isProtected } from "./connection";

/** Shown when somebody on the network could listen. */
export function InsecureNote() {
  const { t } = useTranslation("door");
  if (isProtected(window.location)) return null;
  return (
    <Box mb="lg">
      <Note tone="warn">
        <Text size="sm" fw={600}>
          {t("insecure.title")}
        </Text>
        <Text size="sm">{t("insecure.text")}</Text>
      </Note>
    </Box>
  );
}
