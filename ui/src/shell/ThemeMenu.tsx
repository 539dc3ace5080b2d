import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const schemes = [
  { name: "auto", Icon: IconDeviceDesktop },
  { name: "light", Icon: IconSun },
  { name: "dark", Icon: IconMoon },
] as const;

export function ThemeMenu() {
  const { t } = useTranslation("shell");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = schemes.find(({ name }) => name === colorScheme) ?? schemes[0];
  return (
    <Menu width={190}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("theme.label")}>
          <current.Icon size={19} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("theme.label")}</Menu.Label>
        {schemes.map(({ name, Icon }) => (
          <Menu.Item
            key={name}
            leftSection={<Icon size={16} stroke={1.75} />}
            rightSection={name === colorScheme ? <IconCheck size={15} /> : null}
            onClick={() => setColorScheme(name)}
          >
            {t(`theme.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
