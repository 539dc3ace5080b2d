import { ActionIcon, Avatar, Menu, Text } from "@mantine/core";
import { IconCheck, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSignOut, useUser } from "../api/auth";
import { chooseLanguage, type Language, languages } from "../i18n";

export function UserMenu() {
  const { t, i18n } = useTranslation("shell");
  const user = useUser();
  const signOut = useSignOut();
  if (!user) return null;
  const initial = (user.name || user.email).slice(0, 1).toUpperCase();
  return (
    <Menu width={232}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          radius="xl"
          aria-label={t("user.menu", { email: user.email })}
        >
          <Avatar size={28} radius="xl" color="brand" variant="filled">
            {initial}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name && (
            <Text size="sm" fw={500} c="var(--mantine-color-text)" truncate>
              {user.name}
            </Text>
          )}
          <Text size="xs" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t("language")}</Menu.Label>
        {Object.entries(languages).map(([tag, name]) => (
          <Menu.Item
            key={tag}
            lang={tag}
            rightSection={i18n.language === tag ? <IconCheck size={15} /> : null}
            onClick={() => void chooseLanguage(tag as Language)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.75} />}
          onClick={() => signOut.mutate()}
        >
          {t("user.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
