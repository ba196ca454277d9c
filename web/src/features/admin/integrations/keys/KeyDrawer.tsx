import { DatePicker, Form, Input, InputNumber, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../../components/RecordDrawer";
import { RightsField } from "../components/RightsField";
import { type ApiKey, changeKey, createKey } from "./api";

interface Values {
  name: string;
  rights: string[];
  addresses: string[];
  calls_per_minute: number;
  expires_at: Dayjs | null;
}

interface Props {
  /** null: a new one */
  apiKey: ApiKey | null;
  onClose: () => void;
  /** A key was made: it is shown once. */
  onMade: (made: { name: string; key: string }) => void;
}

/** Make an API key or change one. */
export function KeyDrawer({ apiKey, onClose, onMade }: Props) {
  const { t } = useTranslation("integrations");
  const required = { required: true, message: t("required") };
  const save = async (values: Values) => {
    const body = { ...values, expires_at: values.expires_at?.toISOString() ?? null };
    if (apiKey) return changeKey(apiKey.id, body);
    onMade(await createKey(body));
  };
  return (
    <RecordDrawer<Values>
      key={apiKey?.id ?? "new"}
      title={apiKey ? apiKey.name : t("keys.add")}
      initial={
        apiKey
          ? { ...apiKey, expires_at: apiKey.expires_at === null ? null : dayjs(apiKey.expires_at) }
          : { rights: [], addresses: [], calls_per_minute: 600, expires_at: null }
      }
      save={save}
      onClose={onClose}
    >
      <Form.Item name="name" label={t("keys.name")} extra={t("keys.nameHint")} rules={[required]}>
        <Input maxLength={60} autoFocus={!apiKey} autoComplete="off" />
      </Form.Item>
      <Form.Item name="rights" label={t("keys.rights")} extra={t("keys.rightsHint")} rules={[required]}>
        <RightsField />
      </Form.Item>
      <Form.Item name="addresses" label={t("keys.addresses")} extra={t("keys.addressesHint")}>
        <Select mode="tags" tokenSeparators={[",", " ", "\uff0c"]} open={false} suffixIcon={null} />
      </Form.Item>
      <Form.Item
        name="calls_per_minute"
        label={t("keys.perMinute")}
        extra={t("keys.perMinuteHint")}
        rules={[required]}
      >
        <InputNumber min={1} max={60_000} precision={0} />
      </Form.Item>
      <Form.Item name="expires_at" label={t("keys.expires")} extra={t("keys.expiresHint")}>
        <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: 220 }} />
      </Form.Item>
    </RecordDrawer>
  );
}
