import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { NotFound } from "../../shell/NotFound";
import { Access } from "./access/Access";
import { Behaviour } from "./behaviour/Behaviour";
import classes from "./EditorTabs.module.css";
import { Embed } from "./embed/Embed";
import { Look } from "./look/Look";
import { Versions } from "./versions/Versions";

const panels = {
  behaviour: Behaviour,
  look: Look,
  access: Access,
  embed: Embed,
  versions: Versions,
};

type Tab = keyof typeof panels;

interface Props {
  tab: string;
  onTab: (tab: string) => void;
}

/** On a narrow screen the tab may lie beyond the edge. */
function showWhole(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function EditorTabs({ tab, onTab }: Props) {
  const { t } = useTranslation("editor");
  if (!(tab in panels)) return <NotFound />;
  const Panel = panels[tab as Tab];
  return (
    <Tabs value={tab} onChange={(next) => next && onTab(next)} className={classes.tabs}>
      <Tabs.List className={classes.list}>
        {(Object.keys(panels) as Tab[]).map((name) => (
          <Tabs.Tab
            key={name}
            value={name}
            className={classes.tab}
            ref={name === tab ? showWhole : undefined}
          >
            {t(`tabs.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={classes.panel}>
        <Panel />
      </Tabs.Panel>
    </Tabs>
  );
}
