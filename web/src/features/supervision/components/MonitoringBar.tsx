import { Button } from "antd";
import { Headphones, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/features/softphone";
import { formatDuration, secondsSince } from "@/lib/time";
import type { AgentRow, InteractionRow, MonitoringMode } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { Choice } from "@/ui/Choice";
import styles from "./MonitoringBar.module.css";

type Beside = Exclude<MonitoringMode, "take_over">;

/** Stands where the call bar stands while a supervisor is beside a conversation: heard by whom, and the way out. */
export function MonitoringBar({ row, me }: { row: InteractionRow; me: AgentRow }) {
  const { t } = useTranslation("supervision");
  const { ask } = useCommand();
  const now_ms = useServerNow();
  const agent = useLive((state) => state.colleagues.find((each) => each.id === row.agent)?.name ?? "");
  const own = row.monitors.find((each) => each.supervisor === me.id);
  const change = (mode: Beside) => void ask({ do: "ChangeMonitoring", interaction: row.id, mode });
  return (
    <section className={styles.bar} aria-label={t("bar")}>
      <Headphones size={16} aria-hidden />
      <span className={styles.who}>
        <strong>{t("of", { name: agent })}</strong>
        <span className={styles.quiet}>
          {own?.is_connected ? (
            <span className="numbers">{formatDuration(secondsSince(me.since, now_ms))}</span>
          ) : (
            t("connecting")
          )}
        </span>
      </span>
      <Choice<Beside>
        label={t("bar")}
        value={own && own.mode !== "take_over" ? own.mode : ""}
        options={(["listen", "whisper", "barge"] as const).map((mode) => ({
          value: mode,
          label: t(`mode.${mode}`),
        }))}
        onChange={change}
      />
      <Button type="text" onClick={() => void ask({ do: "TakeOver", interaction: row.id })}>
        {t("mode.take_over")}
      </Button>
      <Button
        shape="round"
        icon={<LogOut size={16} />}
        onClick={() => void ask({ do: "StopMonitoring", interaction: row.id })}
      >
        {t("stop")}
      </Button>
    </section>
  );
}
