import { Form, Input, TreeSelect } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { type Disposition, dispositions } from "../model/api";
import { type DispositionNode, idsBelow, toTree } from "../model/disposition-tree";
import { RecordDrawer } from "./RecordDrawer";

interface Values {
  name: string;
  name_en: string;
  parent_id: number | null | undefined;
}

interface Props {
  row: Disposition | null;
  rows: readonly Disposition[];
  /** where a new one goes; null is the top */
  parent: number | null;
  onClose: () => void;
}

interface Choice {
  value: number;
  title: string;
  children: Choice[];
}

/** Make, rename or move a disposition. It cannot be moved below itself: those places are not offered. */
export function DispositionDrawer({ row, rows, parent, onClose }: Props) {
  const { t, i18n } = useTranslation("admin");
  const hidden = row ? idsBelow(rows, row.id) : new Set<number>();
  const toChoices = (nodes: readonly DispositionNode[]): Choice[] =>
    nodes
      .filter(({ id }) => !hidden.has(id))
      .map((node) => ({
        value: node.id,
        title: localName(node, i18n.language),
        children: toChoices(node.children ?? []),
      }));
  const save = async ({ name, name_en, parent_id = null }: Values) => {
    const siblings = rows.filter((other) => other.parent_id === parent_id).length;
    if (!row) return dispositions.create({ name, name_en, parent_id, position: siblings });
    const isMoved = parent_id !== row.parent_id;
    return dispositions.change(row.id, { name, name_en, parent_id, ...(isMoved && { position: siblings }) });
  };
  return (
    <RecordDrawer<Values>
      title={row ? localName(row, i18n.language) : t("dispositions.add")}
      initial={row ?? { name_en: "", parent_id: parent }}
      save={save}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("dispositions.name")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={60} autoFocus={!row} placeholder={t("dispositions.nameExample")} />
      </Form.Item>
      <Form.Item name="name_en" label={t("form.nameEn")} extra={t("form.nameEnHint")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="parent_id" label={t("dispositions.parent")} extra={t("dispositions.parentHint")}>
        <TreeSelect
          allowClear
          treeDefaultExpandAll
          treeData={toChoices(toTree(rows))}
          placeholder={t("dispositions.top")}
        />
      </Form.Item>
    </RecordDrawer>
  );
}
