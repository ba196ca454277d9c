import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, Input, Select, type TableProps, Tooltip } from "antd";
import { KeyRound, Phone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { TelephoneSecretModal } from "../components/TelephoneSecretModal";
import { resetTelephoneSecret, type Telephone, type TelephoneSecret, telephones } from "../model/api";
import { allUsers } from "../model/queries";
import { toUserOptions } from "../model/user-options";

interface Values {
  extension: string;
  label: string;
  agent_id: number | null | undefined;
}

/** SIP telephones: an account for each, whose password is shown once. */
export function TelephonesPage() {
  const { t } = useTranslation("admin");
  const { modal, message } = App.useApp();
  const [secret, setSecret] = useState<TelephoneSecret | null>(null);
  const users = useQuery(allUsers).data;
  const columns: NonNullable<TableProps<Telephone>["columns"]> = [
    {
      key: "account",
      title: t("telephones.account"),
      sorter: true,
      render: (_, row) => (
        <RecordLink id={row.id}>
          <span className="numbers">{row.account}</span>
        </RecordLink>
      ),
    },
    { key: "label", title: t("telephones.label"), sorter: true, dataIndex: "label" },
    {
      key: "agent_id",
      title: t("telephones.agent"),
      render: (_, row) => users?.find(({ id }) => id === row.agent_id)?.name ?? t("telephones.nobody"),
    },
  ];
  const reset = (row: Telephone) =>
    modal.confirm({
      title: t("telephones.resetQuestion", { account: row.account }),
      content: t("telephones.resetHint"),
      okText: t("telephones.reset"),
      cancelText: t("list.cancel"),
      onOk: () =>
        resetTelephoneSecret(row.id).then(
          setSecret,
          (error: unknown) => void message.error(problemText(error)),
        ),
    });
  return (
    <>
      <RecordsPage<Telephone>
        noun="telephones"
        icon={Phone}
        resource={telephones}
        columns={columns}
        nameOf={(row) => row.account}
        actions={(row) => (
          <Tooltip title={t("telephones.reset")}>
            <Button
              type="text"
              size="small"
              icon={<KeyRound size={16} />}
              aria-label={t("telephones.resetNamed", { account: row.account })}
              onClick={() => reset(row)}
            />
          </Tooltip>
        )}
        drawer={(row, close) => <TelephoneDrawer row={row} onClose={close} onMade={setSecret} />}
      />
      {secret && <TelephoneSecretModal telephone={secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function TelephoneDrawer(props: {
  row: Telephone | null;
  onClose: () => void;
  onMade: (made: TelephoneSecret) => void;
}) {
  const { row, onClose, onMade } = props;
  const { t } = useTranslation("admin");
  const users = useQuery(allUsers);
  const save = async ({ extension, label, agent_id = null }: Values) => {
    if (row) return telephones.change(row.id, { label, agent_id });
    onMade(await telephones.create({ extension, label, agent_id }));
  };
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row ? row.account : t("telephones.add")}
      initial={row ?? { label: "" }}
      save={save}
      onClose={onClose}
    >
      {!row && (
        <Form.Item
          name="extension"
          label={t("telephones.extension")}
          extra={t("telephones.extensionHint")}
          rules={[
            { required: true, message: t("form.required") },
            { pattern: /^[a-z0-9]{2,20}$/, message: t("telephones.extensionBad") },
          ]}
        >
          <Input maxLength={20} autoFocus spellCheck={false} autoComplete="off" placeholder="1001" />
        </Form.Item>
      )}
      <Form.Item name="agent_id" label={t("telephones.agent")} extra={t("telephones.agentHint")}>
        <Select
          allowClear
          showSearch
          optionFilterProp="label"
          loading={users.isPending}
          options={toUserOptions(users.data, [row?.agent_id ?? null])}
        />
      </Form.Item>
      <Form.Item name="label" label={t("telephones.label")} extra={t("telephones.labelHint")}>
        <Input maxLength={60} />
      </Form.Item>
    </RecordDrawer>
  );
}
