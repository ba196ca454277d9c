import { useTranslation } from "react-i18next";
import type { AgentRow } from "@/live/messages";
import { countGroups, type StateGroup, stateGroupNames } from "../model/agents";
import styles from "./AgentPanel.module.css";

interface Props {
  agents: readonly AgentRow[];
  chosen: StateGroup;
  onChoose: (group: StateGroup) => void;
}

/** How many agents are in each state; a press shows who. */
export function StateFilter({ agents, chosen, onChoose }: Props) {
  const { t } = useTranslation("monitor");
  const counts = countGroups(agents);
  return (
    <fieldset className={styles.chips} style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="visually-hidden">{t("agents.states")}</legend>
      {stateGroupNames.map((group) => (
        <button
          key={group}
          type="button"
          className={styles.chip}
          aria-pressed={group === chosen}
          onClick={() => onChoose(group)}
        >
          {t(`group.${group}`)}
          <span className={styles.count}>{counts[group]}</span>
        </button>
      ))}
    </fieldset>
  );
}
