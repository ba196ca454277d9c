import { Button } from "antd";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Action, holderOf, keysOf, printKeys, readKeys, useShortcuts } from "@/lib/shortcuts";
import { KbdHint } from "@/ui/KbdHint";
import styles from "./KeyCapture.module.css";

interface Props {
  action: Action;
  onChoose: (keys: string) => void;
}

/** Shows a shortcut's key and takes another: the next one pressed, if it is free. Escape leaves it as it is. */
export function KeyCapture({ action, onChoose }: Props) {
  const { t } = useTranslation("me");
  const changed = useShortcuts((state) => state.changed);
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const keys = keysOf(action, changed);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setOpen(false);
    const chosen = readKeys(event);
    if (chosen === null) return;
    if (chosen === "taken") return setProblem(t("shortcuts.notFree"));
    const holder = holderOf(chosen, changed);
    if (holder && holder !== action)
      return setProblem(t("shortcuts.held", { by: t(`shortcuts.${holder}`), keys: printKeys(chosen) }));
    onChoose(chosen);
    setOpen(false);
  });
  useEffect(() => {
    if (!isOpen) return;
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, [isOpen]);

  return (
    <span className={styles.capture}>
      <span role="status" className={styles.problem}>
        {isOpen ? problem || t("shortcuts.press") : ""}
      </span>
      {!isOpen && (keys ? <KbdHint keys={printKeys(keys)} /> : t("shortcuts.none"))}
      <Button
        size="small"
        aria-label={t("shortcuts.changeOne", { name: t(`shortcuts.${action}`) })}
        aria-pressed={isOpen}
        onClick={() => {
          setProblem("");
          setOpen(!isOpen);
        }}
      >
        {isOpen ? t("shortcuts.cancel") : t("shortcuts.changeShort")}
      </Button>
      {keys !== "" && !isOpen && (
        <Button
          size="small"
          type="text"
          aria-label={t("shortcuts.clearOne", { name: t(`shortcuts.${action}`) })}
          onClick={() => onChoose("")}
        >
          {t("shortcuts.clear")}
        </Button>
      )}
    </span>
  );
}
