import { useTranslation } from "react-i18next";
import { DoorFrame } from "./DoorFrame";
import { SignInForm } from "./SignInForm";

export function SignIn() {
  const { t } = useTranslation("door");
  return (
    <DoorFrame title={t("signIn.title")} text={t("signIn.text", { host: window.location.host })}>
      <SignInForm />
    </DoorFrame>
  );
}
