import { Button, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { setShortcuts } from "@/api/desk-preferences";
import { ACTIONS, type Action, DEFAULT_KEYS, useShortcuts } from "@/lib/shortcuts";
import { KbdHint } from "@/ui/KbdHint";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { KeyCapture } from "../components/KeyCapture";
import styles from "../components/KeyCapture.module.css";

/** One's own keys: each action with its key, another one by pressing it, all of them off by a switch. */
export function ShortcutsPage() {
  const { t } = useTranslation("me");
  const { isOn, changed } = useShortcuts();
  const label = useId();
  const choose = (action: Action, keys: string) => {
    const { [action]: _, ...others } = changed;
    setShortcuts({ changed: keys === DEFAULT_KEYS[action] ? others : { ...others, [action]: keys } });
  };
  return (
    <Page width="form">
      <PageHeader title={t("shortcuts.title")} hint={t("shortcuts.pageHint")} />
      <Card>
        <div className={styles.row}>
          <span id={label}>{t("shortcuts.areOn")}</span>
          <Switch aria-labelledby={label} checked={isOn} onChange={(on) => setShortcuts({ isOn: on })} />
        </div>
        <ul>
          {ACTIONS.map((action) => (
            <li key={action} className={styles.row}>
              <span>{t(`shortcuts.${action}`)}</span>
              <KeyCapture action={action} onChoose={(keys) => choose(action, keys)} />
            </li>
          ))}
          <li className={styles.row}>
            <span>{t("shortcuts.state")}</span>
            <KbdHint keys="Alt 1…9" />
          </li>
        </ul>
        <p className={styles.foot}>
          {t("shortcuts.hint")}
          <Button disabled={Object.keys(changed).length === 0} onClick={() => setShortcuts({ changed: {} })}>
            {t("shortcuts.reset")}
          </Button>
        </p>
      </Card>
    </Page>
  );
}
