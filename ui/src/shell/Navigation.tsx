import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import {
  IconBook2,
  IconCloud,
  IconCpu,
  IconExternalLink,
  IconKey,
  IconMessages,
  IconShieldOff,
  IconX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";
import { useAuth } from "../api/auth";
import { useHasApiReference } from "../api/machine";
import { isProtected } from "../door/connection";
import { Logo } from "./Logo";
import classes from "./Navigation.module.css";

const places = [
  { to: "/assistants", name: "assistants", Icon: IconMessages },
  { to: "/knowledge", name: "knowledge", Icon: IconBook2 },
  { to: "/keys", name: "keys", Icon: IconKey },
  { to: "/models", name: "models", Icon: IconCpu },
  { to: "/providers", name: "providers", Icon: IconCloud },
] as const;

export function Navigation({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shell");
  const hasReference = useHasApiReference();
  const version = useAuth().data?.version;
  return (
    <Stack h="100%" gap={0} p="sm">
      <Group justify="space-between" h={40} px={8} mb="sm" mt={-4}>
        <Link to="/assistants" className={classes.home} aria-label={t("home")}>
          <Logo />
        </Link>
        <ActionIcon
          variant="subtle"
          color="gray"
          hiddenFrom="sm"
          onClick={onClose}
          aria-label={t("nav.close")}
        >
          <IconX size={18} />
        </ActionIcon>
      </Group>
      <nav aria-label={t("nav.label")}>
        <ul className={classes.list}>
          {places.map(({ to, name, Icon }) => (
            <li key={to}>
              <NavLink to={to} className={classes.link}>
                <Icon size={18} stroke={1.75} aria-hidden />
                {t(`nav.${name}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Stack gap={6} mt="auto" px={8} pb={4}>
        {!isProtected(window.location) && (
          <Text size="xs" className={classes.insecure}>
            <IconShieldOff size={14} aria-hidden /> {t("insecure")}
          </Text>
        )}
        {hasReference && (
          <a href="/docs" target="_blank" rel="noreferrer" className={classes.foot}>
            {t("nav.apiDocs")} <IconExternalLink size={13} aria-hidden />
          </a>
        )}
        {version && (
          <Text size="xs" c="dimmed">
            {t("version", { version })}
          </Text>
        )}
      </Stack>
    </Stack>
  );
}
