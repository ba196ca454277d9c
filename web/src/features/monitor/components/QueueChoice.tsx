import { Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { QueueRow } from "@/live/messages";

/** More than this do not fit side by side. */
const MOST_SEGMENTS = 5;
const ALL = 0;

interface Props {
  queues: readonly QueueRow[];
  chosen: number | undefined;
  onChoose: (queue: number | undefined) => void;
}

/** Narrow the page to one queue. */
export function QueueChoice({ queues, chosen, onChoose }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const shared = {
    value: chosen ?? ALL,
    options: [
      { value: ALL, label: t("allQueues") },
      ...queues.map((each) => ({ value: each.id, label: localName(each, i18n.language) })),
    ],
    onChange: (value: number) => onChoose(value === ALL ? undefined : value),
    "aria-label": t("figure.queue"),
  };
  if (shared.options.length <= MOST_SEGMENTS) return <Segmented {...shared} />;
  return <Select {...shared} showSearch={{ optionFilterProp: "label" }} style={{ minWidth: 160 }} />;
}
