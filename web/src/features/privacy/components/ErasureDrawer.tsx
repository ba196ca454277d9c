import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Drawer, Form, Input, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FormDrawer } from "@/ui/FormDrawer";
import { orderErasure, previewQuery } from "../model/queries";
import { ErasurePreview } from "./ErasurePreview";

interface Values {
  reason: string;
  confirmation: string;
}

interface Props {
  customer: number;
  name: string;
  onClose: () => void;
}

const WIDTH = 560;

/** What an erasure would take and leave, before it is asked for with a reason and the name typed in full. */
export function ErasureDrawer({ customer, name, onClose }: Props) {
  const { t } = useTranslation("privacy");
  const { message } = App.useApp();
  const client = useQueryClient();
  const { data: preview, error, refetch } = useQuery(previewQuery(customer));
  if (!preview)
    return (
      <Drawer open title={t("erase.title")} size={WIDTH} onClose={onClose}>
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Skeleton active />}
      </Drawer>
    );
  const order = async (values: Values) => {
    const made = await orderErasure(customer, values);
    client.setQueryData(["erasures", "customer", customer], made);
    void client.invalidateQueries({ queryKey: ["erasures"] });
    void message.success(t(made.state === "waiting" ? "erase.asked" : "erase.ordered"));
    onClose();
  };
  return (
    <FormDrawer<Values>
      title={t("erase.title")}
      isOpen
      width={WIDTH}
      initial={{ reason: "", confirmation: "" }}
      submitLabel={t(preview.needs_approval ? "erase.ask" : "erase.submit")}
      isDangerous
      onSubmit={order}
      onClose={onClose}
    >
      <ErasurePreview preview={preview} />
      <Form.Item
        name="reason"
        label={t("erase.reason")}
        extra={t("erase.reasonHint")}
        rules={[{ required: true, whitespace: true, message: t("erase.reasonMissing") }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="confirmation"
        label={t("erase.confirmation", { name })}
        validateTrigger="onBlur"
        rules={[
          {
            required: true,
            validator: (_, typed: string) =>
              typed.trim() === name.trim()
                ? Promise.resolve()
                : Promise.reject(new Error(t("erase.mismatch", { name }))),
          },
        ]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      {preview.is_contact_open && <Alert type="warning" showIcon title={t("erase.contactOpen")} />}
    </FormDrawer>
  );
}
