import { Space, Statistic } from "antd";
import { useTranslation } from "react-i18next";
import type { Import } from "../model/queries";

const SHOWN = ["created", "changed", "unchanged", "skipped", "refused", "undone", "kept"] as const;

/** How many rows met which end; of a plan: would meet. */
export function Counts({ found, isPlan = false }: { found: Import; isPlan?: boolean }) {
  const { t } = useTranslation("exchange");
  const shown = SHOWN.filter(
    (name) => (found.counts[name] ?? 0) > 0 || name === "created" || name === "refused",
  );
  return (
    <Space size="large" wrap role="group" aria-label={t(isPlan ? "counts.plan" : "counts.result")}>
      {shown.map((name) => (
        <Statistic key={name} title={t(`outcome.${name}`)} value={found.counts[name] ?? 0} />
      ))}
    </Space>
  );
}
