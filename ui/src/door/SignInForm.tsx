import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useSignIn } from "../api/auth";
import { ProblemNote } from "../parts/ProblemNote";
import { looksLikeEmail } from "./email";
import { useCapsLock } from "./useCapsLock";

interface Props {
  email?: string;
  onDone?: () => void;
}

export function SignInForm({ email = "", onDone }: Props) {
  const { t } = useTranslation("door");
  const signIn = useSignIn();
  const caps = useCapsLock();
  const form = useForm({
    initialValues: { email, password: "" },
    validate: {
      email: (text) => (looksLikeEmail(text) ? null : t("invalid.email")),
      password: (text) => (text ? null : t("invalid.passwordEmpty")),
    },
  });
  const submit = form.onSubmit((values) =>
    signIn.mutate({ ...values, email: values.email.trim() }, { onSuccess: onDone }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          type="email"
          label={t("signIn.email")}
          autoComplete="username"
          autoFocus={!email}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("signIn.password")}
          autoComplete="current-password"
          data-autofocus={email !== "" || undefined}
          description={caps.on ? t("password.caps") : undefined}
          inputWrapperOrder={["label", "input", "error", "description"]}
          visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }}
          {...caps.listeners}
          {...form.getInputProps("password")}
          onBlur={caps.listeners.onBlur}
        />
        {signIn.error && <ProblemNote problem={signIn.error} />}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {t("signIn.submit")}
        </Button>
      </Stack>
    </form>
  );
}
