import { AutoComplete, Form, Input, type TableProps } from "antd";
import { MessageSquareQuote } from "lucide-react";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type QuickReply, replies } from "./resources";

/** Quick replies that everybody uses. */
export function SharedRepliesPage() {
  return <Replies isShared />;
}

/** One's own quick replies. */
export function OwnRepliesPage() {
  return <Replies isShared={false} />;
}

function Replies({ isShared }: { isShared: boolean }) {
  const { t } = useTranslation(["assistance", "admin"]);
  const columns: NonNullable<TableProps<QuickReply>["columns"]> = [
    {
      key: "title",
      title: t("replies.title"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.title}</RecordLink>,
    },
    { key: "group", title: t("replies.group"), sorter: true, dataIndex: "group" },
    { key: "text", title: t("replies.text"), dataIndex: "text", ellipsis: true },
    { key: "keys", title: t("replies.keys"), render: (_, row) => <code>/{row.pinyin.split(" ")[0]}</code> },
  ];
  return (
    <RecordsPage<QuickReply>
      noun={isShared ? "replies" : "ownReplies"}
      icon={MessageSquareQuote}
      resource={replies}
      filter={{ scope: isShared ? "shared" : "own" }}
      isFilterFixed
      columns={columns}
      nameOf={(row) => row.title}
      drawer={(row, close) => <ReplyDrawer row={row} isShared={isShared} onClose={close} />}
    />
  );
}

interface DrawerProps {
  row: QuickReply | null;
  isShared: boolean;
  onClose: () => void;
}

type Values = Pick<QuickReply, "title" | "group" | "text">;

function ReplyDrawer({ row, isShared, onClose }: DrawerProps) {
  const { t } = useTranslation(["assistance", "admin"]);
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row?.title ?? t("admin:replies.add")}
      initial={row ?? { group: "" }}
      save={(values) => {
        if (row) return replies.change(row.id, values);
        return replies.create({ ...values, group: values.group ?? "", is_shared: isShared, position: 0 });
      }}
      onClose={onClose}
    >
      <Form.Item
        name="title"
        label={t("replies.title")}
        extra={t("replies.titleHint")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
      >
        <Input maxLength={60} autoFocus={!row} />
      </Form.Item>
      <Form.Item name="group" label={t("replies.group")}>
        <AutoComplete maxLength={40} />
      </Form.Item>
      <Form.Item
        name="text"
        label={t("replies.text")}
        extra={t("replies.textHint")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
      >
        <Input.TextArea maxLength={2000} rows={5} />
      </Form.Item>
    </RecordDrawer>
  );
}
