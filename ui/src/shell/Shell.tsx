import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { onSignedOut } from "../api/http";
import { SignInAgain } from "../door/SignInAgain";
import { UploadsProvider } from "../knowledge/uploads/UploadsProvider";
import { HeaderSlotProvider } from "./HeaderSlot";
import { Jobs } from "./jobs/Jobs";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";
import { ThemeMenu } from "./ThemeMenu";
import { UserMenu } from "./UserMenu";

/** The frame around every screen. */
export function Shell() {
  const { t } = useTranslation("shell");
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [menu, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place closes the menu
  useEffect(close, [pathname]);
  return (
    <UploadsProvider>
      <a href="#content" className={classes.skip}>
        {t("skip")}
      </a>
      <AppShell
        layout="alt"
        header={{ height: 56 }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !menu } }}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" gap="xs" wrap="nowrap">
            <Burger
              opened={menu}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(menu ? "nav.close" : "nav.open")}
            />
            <Link to="/assistants" className={classes.smallLogo} aria-label={t("home")}>
              <Logo />
            </Link>
            <div ref={setSlot} className={classes.slot} />
            <Group gap={4} ml="auto" wrap="nowrap">
              <Jobs />
              <ThemeMenu />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar}>
          <Navigation onClose={close} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <HeaderSlotProvider value={slot}>
            <Outlet />
          </HeaderSlotProvider>
        </AppShell.Main>
      </AppShell>
      <SessionWatch />
    </UploadsProvider>
  );
}

/** Notices that the session ended, and asks for the password again. */
function SessionWatch() {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => onSignedOut(() => setEnded(true)), []);
  const resume = () => {
    setEnded(false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "auth" });
  };
  return <SignInAgain opened={ended} onDone={resume} />;
}
