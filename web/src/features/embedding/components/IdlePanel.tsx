import { Button } from "antd";
import { Phone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/features/softphone/model/useCommand";
import { toDialable } from "@/lib/numbers";
import type { AgentRow } from "@/live/messages";
import { send } from "@/live/store";
import { TextInput } from "@/ui/TextInput";
import styles from "./Embedding.module.css";

/** Nobody is on the line: what happens next, and a number to call. */
export function IdlePanel({ me }: { me: AgentRow }) {
  const { t } = useTranslation("embedding");
  const { ask, attempt, isBusy } = useCommand();
  const [text, setText] = useState("");
  const number = toDialable(text);
  if (me.state === "logged_out")
    return (
      <section className={styles.idle} aria-label={t("panel")}>
        <p className={styles.quiet}>{t("idleOut")}</p>
        <Button type="primary" size="large" block loading={isBusy} onClick={() => void ask({ do: "SignIn" })}>
          {t("signIn")}
        </Button>
      </section>
    );
  const dial = async () => {
    if (number && (await attempt(() => send({ do: "Dial", number })))) setText("");
  };
  return (
    <section className={styles.idle} aria-label={t("panel")}>
      <strong>{t("idle")}</strong>
      <p className={styles.quiet}>{t(me.state === "ready" ? "idleReady" : "idleOther")}</p>
      <form
        className={styles.dial}
        onSubmit={(event) => {
          event.preventDefault();
          void dial();
        }}
      >
        <TextInput
          value={text}
          inputMode="tel"
          placeholder={t("dialPlaceholder")}
          aria-label={t("dialLabel")}
          disabled={isBusy || me.state === "lost"}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          htmlType="submit"
          type="primary"
          icon={<Phone size={16} />}
          disabled={!number}
          loading={isBusy}
        >
          {t("dial")}
        </Button>
      </form>
    </section>
  );
}
