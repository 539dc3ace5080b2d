import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useSetUp } from "../api/auth";
import { fieldErrors } from "../api/problem";
import { CodeBlock } from "../parts/CodeBlock";
import { ProblemNote } from "../parts/ProblemNote";
import { codeBrought } from "./code";
import { DoorFrame } from "./DoorFrame";
import { looksLikeEmail } from "./email";
import { NewPassword } from "./NewPassword";

const fields = ["code", "email", "password", "name"] as const;

/** The first account, made with the one-time code. */
export function SetUp() {
  const { t } = useTranslation("door");
  const setUp = useSetUp();
  const brought = codeBrought(window.location.hash);
  const form = useForm({
    initialValues: { code: brought, name: "", email: "", password: "" },
    validate: {
      code: (code) => (code.trim() ? null : t("invalid.code")),
      email: (email) => (looksLikeEmail(email) ? null : t("invalid.email")),
      password: (password) => (password.length >= 8 ? null : t("invalid.password")),
    },
  });

  const submit = form.onSubmit(({ code, name, email, password }) =>
    setUp.mutate(
      { code: code.trim(), name: name.trim(), email: email.trim(), password },
      { onError: (problem) => form.setErrors(fieldErrors(problem, fields)) },
    ),
  );
  const elsewhere = setUp.error && Object.keys(fieldErrors(setUp.error, fields)).length === 0;

  return (
    <DoorFrame title={t("setUp.title")} text={t("setUp.text")}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t("setUp.code")}
            description={t("setUp.codeHint")}
            autoComplete="one-time-code"
            spellCheck={false}
            autoFocus={!brought}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            {...form.getInputProps("code")}
          />
          <TextInput
            label={t("setUp.name")}
            autoComplete="name"
            autoFocus={Boolean(brought)}
            {...form.getInputProps("name")}
          />
          <TextInput
            type="email"
            label={t("setUp.email")}
            description={t("setUp.emailHint")}
            autoComplete="username"
            {...form.getInputProps("email")}
          />
          <NewPassword label={t("setUp.password")} {...form.getInputProps("password")} />
          {elsewhere && <ProblemNote problem={setUp.error} />}
          <Button type="submit" loading={setUp.isPending} fullWidth>
            {t("setUp.submit")}
          </Button>
          <div>
            <Text size="xs" c="dimmed" mb={6}>
              {t("setUp.codeLost")}
            </Text>
            <CodeBlock code="appliance new-code" label={t("setUp.codeLost")} />
          </div>
        </Stack>
      </form>
    </DoorFrame>
  );
}
