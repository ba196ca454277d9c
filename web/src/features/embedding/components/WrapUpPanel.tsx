import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/features/softphone/model/useCommand";
import { useLive } from "@/live/store";
import styles from "./Embedding.module.css";

const EXTENSION_S = 60;

/** After the call: when the agent is done. The outcome is written where there is room for it. */
export function WrapUpPanel({ interaction }: { interaction: string }) {
  const { t } = useTranslation("embedding");
  const { ask, isBusy } = useCommand();
  const work = useLive((live) => live.me?.wrap_up ?? null);
  const complete = (then_ready: boolean) => void ask({ do: "CompleteWrapUp", interaction, then_ready });
  return (
    <section className={styles.idle} aria-label={t("wrapUp")}>
      <strong>{t("wrapUp")}</strong>
      <p className={styles.quiet}>
        {t("wrapUpHint")}{" "}
        <a href={`/desk/c/${encodeURIComponent(interaction)}`} target="_blank" rel="noopener">
          {t("toDesk")}
        </a>
      </p>
      <div className={styles.actions}>
        <Button type="primary" disabled={isBusy} onClick={() => complete(true)}>
          {t("doneReady")}
        </Button>
        <Button disabled={isBusy} onClick={() => complete(false)}>
          {t("doneBusy")}
        </Button>
        {(!work || (work.mode === "extendable" && work.extensions_left > 0)) && (
          <Button
            disabled={isBusy}
            onClick={() =>
              void ask({ do: "ExtendWrapUp", interaction, by_s: work?.extension_s ?? EXTENSION_S })
            }
          >
            {t("extend")}
          </Button>
        )}
      </div>
    </section>
  );
}
