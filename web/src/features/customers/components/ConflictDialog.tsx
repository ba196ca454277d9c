import { useQuery } from "@tanstack/react-query";
import { Flex, Modal, Radio, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { useLive } from "@/live/store";
import { useFieldName } from "../duplicates/model/useFieldName";
import { tagsQuery } from "../model/attached";
import type { Choice, Conflict, FieldName } from "../model/conflict";

/** Who changed which fields meanwhile, as the refusal tells it. */
export interface Meanwhile {
  by: string;
  at: string;
  fields: string[];
}

interface Props {
  conflicts: readonly Conflict[];
  meanwhile: readonly Meanwhile[];
  onDecide: (choices: Record<FieldName, Choice>) => void;
  /** Back to the form: what was typed is still there. */
  onBack: () => void;
}

/** Somebody else saved the same customer: who changed what, and per field that both changed whose value stays. */
export function ConflictDialog({ conflicts, meanwhile, onDecide, onBack }: Props) {
  const { t } = useTranslation("customers");
  const zone = useTimeZone();
  const nameOf = useFieldName();
  const textOf = useShown();
  const [choices, setChoices] = useState<Record<FieldName, Choice>>({});
  const choice = (row: Conflict, side: Choice) => (
    <Radio
      checked={(choices[row.field] ?? "mine") === side}
      onChange={() => setChoices({ ...choices, [row.field]: side })}
      aria-label={t("conflict.take", { side: t(`conflict.${side}`), field: nameOf(row.field) })}
    >
      {textOf(row.field, row[side]) || (
        <Typography.Text type="secondary">{t("conflict.nothing")}</Typography.Text>
      )}
    </Radio>
  );
  return (
    <Modal
      open
      width={680}
      title={t("conflict.title")}
      okText={t("conflict.save")}
      cancelText={t("conflict.back")}
      onOk={() => onDecide(choices)}
      onCancel={onBack}
    >
      <Flex vertical gap="small">
        <ul>
          {meanwhile.map((change) => (
            <li key={change.at}>
              {t("conflict.who", {
                by: change.by,
                at: formatInstant(change.at, zone),
                fields: change.fields.map(nameOf).join(t("conflict.comma")),
              })}
            </li>
          ))}
        </ul>
        <p>{conflicts.length === 0 ? t("conflict.none") : t("conflict.choose")}</p>
        {conflicts.length > 0 && (
          <Table<Conflict>
            aria-label={t("conflict.title")}
            size="small"
            rowKey="field"
            pagination={false}
            dataSource={conflicts}
            columns={[
              { key: "field", title: t("conflict.field"), width: 120, render: (_, row) => nameOf(row.field) },
              { key: "mine", title: t("conflict.mine"), render: (_, row) => choice(row, "mine") },
              { key: "theirs", title: t("conflict.theirs"), render: (_, row) => choice(row, "theirs") },
            ]}
          />
        )}
      </Flex>
    </Modal>
  );
}

/** A value of the form as people read it. */
function useShown(): (field: FieldName, value: unknown) => string {
  const { t } = useTranslation(["customers", "api"]);
  const colleagues = useLive((state) => state.colleagues);
  const tags = useQuery(tagsQuery).data?.items ?? [];
  const one = (field: FieldName, value: unknown): string => {
    if (value === null || value === undefined) return "";
    if (field === "level") return t(`api:level.${value as "vip"}`);
    if (field === "gender") return t(`api:gender.${value as "female"}`);
    if (field === "owner_id") return colleagues.find(({ id }) => id === value)?.name ?? String(value);
    if (field === "tag_ids") return tags.find(({ id }) => id === value)?.name ?? String(value);
    if (typeof value !== "object") return String(value);
    const parts = value as Record<string, unknown>;
    if (field === "numbers") return String(parts.typed ?? "");
    const order = field === "birthday" ? BIRTHDAY : ADDRESS;
    return order
      .map((name) => parts[name])
      .filter(Boolean)
      .join(field === "birthday" ? "-" : "");
  };
  return (field, value) =>
    Array.isArray(value)
      ? value
          .map((each) => one(field, each))
          .filter(Boolean)
          .join(t("conflict.comma"))
      : one(field, value);
}

const BIRTHDAY = ["year", "month", "day"] as const;
const ADDRESS = ["province", "city", "district", "line", "postcode"] as const;
