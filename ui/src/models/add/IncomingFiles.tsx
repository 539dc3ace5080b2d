import { Input, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useIncoming } from "../../api/models";
import { Choice } from "../../parts/Choice";
import { CodeBlock } from "../../parts/CodeBlock";
import { fileSize } from "../../parts/format";
import { ProblemNote } from "../../parts/ProblemNote";

interface Props {
  value: string;
  onChange: (file: string) => void;
  error?: React.ReactNode;
}

/** What lies in the folder for new models, to choose one. */
export function IncomingFiles({ value, onChange, error }: Props) {
  const { t } = useTranslation("models");
  const incoming = useIncoming();
  if (incoming.error) return <ProblemNote problem={incoming.error} />;
  if (!incoming.data) return <Skeleton h={64} radius="md" />;
  const { folder, data: files } = incoming.data;
  return (
    <Stack gap="sm">
      {files.length === 0 ? (
        <Text size="sm">{t("add.empty")}</Text>
      ) : (
        <Radio.Group label={t("add.choose")} value={value} onChange={onChange} error={error}>
          <Stack gap="xs" mt={6}>
            {files.map(({ file, size, kind }) => (
              <Choice
                key={file}
                value={file}
                name={file}
                text={`${fileSize(size)} · ${t(`add.kind.${kind}`)}`}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          {t("add.folder")}
        </Text>
        <CodeBlock code={folder} label={t("add.folder")} />
      </div>
      {files.length === 0 && error && <Input.Error>{error}</Input.Error>}
    </Stack>
  );
}
