import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Radio, type TableProps } from "antd";
import { Coffee } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { StatusTag } from "@/ui/StatusTag";
import { MoveButtons } from "../components/MoveButtons";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type Reason, reasons } from "../model/api";
import { inOrder, movesFor } from "../model/order";
import { allReasons } from "../model/queries";
import { useMoves } from "../model/useMoves";

/** What agents choose from when they go not ready. */
export function ReasonsPage() {
  const { t, i18n } = useTranslation("admin");
  const all = inOrder(useQuery(allReasons).data ?? []);
  const moves = useMoves(({ id, position }) => reasons.change(id, { position }));
  const columns: NonNullable<TableProps<Reason>["columns"]> = [
    {
      key: "name",
      title: t("reasons.name"),
      render: (_, row) => <RecordLink id={row.id}>{localName(row, i18n.language)}</RecordLink>,
    },
    {
      key: "is_rest",
      title: t("reasons.state"),
      render: (_, row) => (
        <StatusTag tone={row.is_rest ? "break" : "acw"} hasDot>
          {row.is_rest ? t("reasons.rest") : t("reasons.notReady")}
        </StatusTag>
      ),
    },
    {
      key: "planned_min",
      title: t("reasons.planned"),
      render: (_, { is_rest, planned_min }) =>
        is_rest && planned_min > 0 ? `${planned_min} ${t("reasons.minutes")}` : "",
    },
    { key: "code", title: t("reasons.code"), render: (_, { code }) => <code>{code}</code> },
  ];
  return (
    <RecordsPage<Reason>
      noun="reasons"
      icon={Coffee}
      resource={reasons}
      columns={columns}
      nameOf={(row) => localName(row, i18n.language)}
      actions={(row) => (
        <MoveButtons
          name={localName(row, i18n.language)}
          isFirst={all[0]?.id === row.id}
          isLast={all.at(-1)?.id === row.id}
          onMove={(by) => moves.mutate(movesFor(all, row.id, by))}
        />
      )}
      drawer={(row, close) => <ReasonDrawer row={row} position={all.length} onClose={close} />}
    />
  );
}

interface DrawerProps {
  row: Reason | null;
  /** where a new one goes: at the end */
  position: number;
  onClose: () => void;
}

function ReasonDrawer({ row, position, onClose }: DrawerProps) {
  const { t, i18n } = useTranslation("admin");
  return (
    <RecordDrawer<Omit<Reason, "id" | "position">>
      key={row?.id ?? "new"}
      title={row ? localName(row, i18n.language) : t("reasons.add")}
      initial={row ?? { is_rest: false, planned_min: 0, name_en: "" }}
      save={(values) => {
        if (!row) return reasons.create({ ...values, position });
        const { name, name_en, is_rest, planned_min } = values;
        return reasons.change(row.id, { name, name_en, is_rest, planned_min });
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("reasons.name")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={40} autoFocus={!row} placeholder={t("reasons.nameExample")} />
      </Form.Item>
      <Form.Item name="name_en" label={t("form.nameEn")} extra={t("form.nameEnHint")}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item
        name="code"
        label={t("reasons.code")}
        extra={row ? t("reasons.codeKept") : t("reasons.codeHint")}
        rules={[
          { required: true, message: t("form.required") },
          { pattern: /^[a-z][a-z0-9_]{0,39}$/, message: t("reasons.codeBad") },
        ]}
      >
        <Input maxLength={40} disabled={row !== null} spellCheck={false} placeholder="training" />
      </Form.Item>
      <Form.Item name="is_rest" label={t("reasons.state")} extra={t("reasons.stateHint")}>
        <Radio.Group
          options={[
            { value: false, label: t("reasons.notReady") },
            { value: true, label: t("reasons.rest") },
          ]}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={["is_rest"]}>
        {({ getFieldValue }) => (
          <Form.Item
            name="planned_min"
            label={t("reasons.planned")}
            extra={t("reasons.plannedHint")}
            hidden={!getFieldValue("is_rest")}
            rules={[
              {
                required: true,
                type: "integer",
                min: 0,
                max: 480,
                message: t("form.range", { min: 0, max: 480 }),
              },
            ]}
          >
            <InputNumber precision={0} suffix={t("reasons.minutes")} style={{ width: 160 }} />
          </Form.Item>
        )}
      </Form.Item>
    </RecordDrawer>
  );
}
