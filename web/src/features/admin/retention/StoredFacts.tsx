import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatBytes } from "@/lib/bytes";
import { formatInstant } from "@/lib/time";
import type { Retention } from "./queries";

/** What is stored, how it grows, and what was deleted last. */
export function StoredFacts({ retention }: { retention: Retention }) {
  const { t } = useTranslation("retention");
  const zone = useTimeZone();
  const { recordings, size_bytes, bytes_a_day, held, last_run } = retention;
  const lastRun = last_run
    ? t("lastRunValue", {
        time: formatInstant(last_run.began_at, zone),
        count: last_run.recordings,
        size: formatBytes(last_run.size_bytes),
      })
    : t("never");
  return (
    <Descriptions
      column={1}
      size="small"
      style={{ marginBottom: 16 }}
      items={[
        {
          key: "stored",
          label: t("stored"),
          children: t("storedValue", { count: recordings, size: formatBytes(size_bytes) }),
        },
        { key: "growth", label: t("growth"), children: formatBytes(bytes_a_day) },
        { key: "held", label: t("held"), children: t("heldValue", { count: held }) },
        { key: "lastRun", label: t("lastRun"), children: lastRun },
      ]}
    />
  );
}
