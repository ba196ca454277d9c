import { Button, Dropdown, type MenuProps } from "antd";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Hotkey } from "@/lib/hotkeys";
import { localName } from "@/lib/names";
import { useShortcuts } from "@/lib/shortcuts";
import { formatDuration, secondsSince, secondsUntil } from "@/lib/time";
import { useHotkeys } from "@/lib/useHotkeys";
import type { AgentRow, DeskCommand } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { askToNotify } from "@/telephone/attention";
import { KbdHint } from "@/ui/KbdHint";
import { toneOf } from "../model/contact";
import { useCommand } from "../model/useCommand";
import { useNextState, useReasons } from "../model/useStateChoice";
import { restHint } from "../rests/model";
import styles from "./StateMenu.module.css";

interface Choice {
  key: string;
  label: string;
  command: DeskCommand;
}

/** The state pill: what the agent is, since when; a click or Alt+digit changes it. */
export function StateMenu({ me }: { me: AgentRow | null }) {
  const { t, i18n } = useTranslation("softphone");
  const { ask } = useCommand();
  const { reasons, nameOf } = useReasons();
  const next = useNextState(me);
  const now_ms = useServerNow();
  const state = me?.state ?? "logged_out";
  const isOut = state === "logged_out";

  const hintOf = ({ is_rest, planned_min }: (typeof reasons)[number]): string => {
    const hint = is_rest ? restHint(me, planned_min) : null;
    return hint ? t(`rests.${hint.key}`, { count: hint.count }) : "";
  };
  const choices: Choice[] = isOut
    ? [{ key: "signIn", label: t("choose.signIn"), command: { do: "SignIn" } }]
    : [
        { key: "ready", label: t("choose.ready"), command: { do: "SetReady" } },
        ...reasons.map((reason) => ({
          key: reason.code,
          label: `${reason.is_rest ? t("state.rest") : t("state.not_ready")} · ${localName(reason, i18n.language)}${hintOf(reason)}`,
          command: { do: "SetNotReady" as const, reason: reason.code },
        })),
      ];
  const choose = (command: DeskCommand) => {
    void askToNotify(); // a click is the only time that browsers let us ask
    void ask(command);
  };
  const areShortcutsOn = useShortcuts(({ isOn }) => isOn);
  useHotkeys(
    (areShortcutsOn ? choices.slice(0, 9) : []).map(
      (choice, index): Hotkey => ({
        code: `Digit${index + 1}`,
        alt: true,
        whileTyping: true,
        act: () => choose(choice.command),
      }),
    ),
  );

  const items: MenuProps["items"] = [
    ...choices.map((choice, index) => ({
      key: choice.key,
      label: choice.label,
      ...(areShortcutsOn && index < 9 && { extra: <KbdHint keys={`Alt ${index + 1}`} /> }),
      onClick: () => choose(choice.command),
    })),
    ...(isOut
      ? []
      : [
          { type: "divider" as const },
          { key: "signOut", label: t("choose.signOut"), onClick: () => choose({ do: "SignOut" }) },
        ]),
  ];

  const reason = state === "not_ready" || state === "rest" ? nameOf(me?.reason) : null;
  const left_s =
    me?.until && (state === "wrap_up" || state === "not_ready") ? secondsUntil(me.until, now_ms) : null;
  const time = formatDuration(left_s ?? secondsSince(me?.since, now_ms));
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" className={styles.pill ?? ""} data-tone={toneOf(state)} data-state={state}>
        <span className={styles.dot} aria-hidden />
        <span className={styles.word}>
          {t(`state.${state}`)}
          {reason ? ` · ${reason}` : ""}
        </span>
        {!isOut && (
          <span className={styles.time} title={left_s === null ? t("since") : t("left")}>
            {time}
          </span>
        )}
        {next && <span className={styles.next}>{t("next", { state: next })}</span>}
        <ChevronDown size={14} aria-hidden />
      </Button>
    </Dropdown>
  );
}
