import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("problem.notFoundTitle")}>
      <EmptyState
        icon={<IconMapQuestion size={22} stroke={1.75} />}
        title={t("problem.notFoundTitle")}
        text={t("problem.notFoundText")}
        action={
          <Button component={Link} to="/assistants">
            {t("problem.home")}
          </Button>
        }
      />
    </Page>
  );
}
