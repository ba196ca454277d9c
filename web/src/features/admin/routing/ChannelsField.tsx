import { Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { CHANNELS, type Channel } from "./channels";
import styles from "./Routing.module.css";
import type { RoutingPolicy } from "./resources";

/** How many contacts of each channel an agent has at once, what each takes of it, and what it may interrupt. */
export function ChannelsField() {
  const { t } = useTranslation("routing");
  const form = Form.useFormInstance<RoutingPolicy>();
  const channels = Form.useWatch("channels", form) ?? [];
  return (
    <Form.Item label={t("capacity.title")} extra={t("capacity.hint")}>
      <div className={styles.capacity}>
        <Form.List name="channels">
          {(fields) =>
            fields.map(({ name }) => {
              const channel = (channels[name]?.channel ?? CHANNELS[name]) as Channel;
              const of = (field: string) => t("members.of", { name: t(`channels.${channel}`), field });
              return (
                <fieldset key={name} className={styles.channel} aria-label={t(`channels.${channel}`)}>
                  <strong>{t(`channels.${channel}`)}</strong>
                  <Form.Item name={[name, "channel"]} hidden noStyle>
                    <input type="hidden" />
                  </Form.Item>
                  <Form.Item name={[name, "limit"]} label={t("capacity.limit")} rules={[{ required: true }]}>
                    <InputNumber
                      min={0}
                      max={channel === "voice" ? 1 : 20}
                      precision={0}
                      aria-label={of(t("capacity.limit"))}
                    />
                  </Form.Item>
                  <Form.Item
                    name={[name, "effort"]}
                    label={t("capacity.effort")}
                    rules={[{ required: true }]}
                  >
                    <InputNumber
                      min={0}
                      max={100}
                      precision={0}
                      suffix="%"
                      aria-label={of(t("capacity.effort"))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, "interrupts"]} label={t("capacity.interrupts")}>
                    <Select
                      mode="multiple"
                      aria-label={of(t("capacity.interrupts"))}
                      placeholder={t("capacity.nothing")}
                      options={CHANNELS.filter((other) => other !== channel).map((value) => ({
                        value,
                        label: t(`channels.${value}`),
                      }))}
                    />
                  </Form.Item>
                </fieldset>
              );
            })
          }
        </Form.List>
      </div>
    </Form.Item>
  );
}
