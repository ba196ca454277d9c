import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal, Select, type TableProps, Tag as TagMark } from "antd";
import { Merge, Tags } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { colours, mergeTag, type Tag, tags } from "./resources";

/** The tags that customers can have: renamed, recoloured, merged, removed everywhere at once. */
export function TagsPage() {
  const { t } = useTranslation(["customer-settings", "admin"]);
  const [merging, setMerging] = useState<Tag | null>(null);
  const columns: NonNullable<TableProps<Tag>["columns"]> = [
    {
      key: "name",
      title: t("name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "colour",
      title: t("colour"),
      render: (_, { colour }) => (
        <TagMark color={colour === "grey" ? "default" : colour}>{t(`colours.${colour}`)}</TagMark>
      ),
    },
    { key: "customers", title: t("customers"), sorter: true, className: "numbers", dataIndex: "customers" },
  ];
  return (
    <>
      <RecordsPage<Tag>
        noun="tags"
        icon={Tags}
        resource={tags}
        columns={columns}
        nameOf={(row) => row.name}
        actions={(row) => (
          <Button
            type="text"
            size="small"
            icon={<Merge size={16} />}
            aria-label={t("mergeNamed", { name: row.name })}
            title={t("merge")}
            onClick={() => setMerging(row)}
          />
        )}
        drawer={(row, close) => <TagDrawer row={row} onClose={close} />}
      />
      {merging && <MergeTag tag={merging} onClose={() => setMerging(null)} />}
    </>
  );
}

type Values = Pick<Tag, "name" | "colour">;

function TagDrawer({ row, onClose }: { row: Tag | null; onClose: () => void }) {
  const { t } = useTranslation(["customer-settings", "admin"]);
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row?.name ?? t("admin:tags.add")}
      initial={row ?? { colour: "grey" }}
      save={(values) => (row ? tags.change(row.id, values) : tags.create(values))}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("name")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
      >
        <Input maxLength={40} autoFocus={!row} />
      </Form.Item>
      <Form.Item name="colour" label={t("colour")}>
        <Select options={colours.map((value) => ({ value, label: t(`colours.${value}`) }))} />
      </Form.Item>
    </RecordDrawer>
  );
}

/** Give every customer of one tag another, and remove the first. */
function MergeTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation("customer-settings");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [into, setInto] = useState<number | null>(null);
  const all = useQuery({ queryKey: ["tags", "all"], queryFn: () => tags.list({ page_size: 200 }) });
  const merge = useMutation({
    mutationFn: (id: number) => mergeTag(tag.id, id),
    onSuccess: async (kept) => {
      message.success(t("merged", { name: tag.name, into: kept.name }));
      await client.invalidateQueries();
      onClose();
    },
    onError: (error) => void message.error(problemText(error)),
  });
  return (
    <Modal
      open
      title={t("mergeNamed", { name: tag.name })}
      okText={t("merge")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: into === null }}
      confirmLoading={merge.isPending}
      onOk={() => into !== null && merge.mutate(into)}
      onCancel={onClose}
    >
      <p>{t("mergeHint", { count: tag.customers, name: tag.name })}</p>
      <Select
        value={into}
        onChange={setInto}
        aria-label={t("mergeInto")}
        placeholder={t("mergeInto")}
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: "100%" }}
        options={(all.data?.items ?? [])
          .filter(({ id }) => id !== tag.id)
          .map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Modal>
  );
}
