import { Button, Form, InputNumber, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "../components/RingsField.module.css";
import { EVERYBODY, type Quota, readScope, scopeOf } from "./scopes";

interface Choice {
  value: number;
  label: string;
}

const MOST = 50;

/** How many of a team, of a queue or of everybody may rest at once. */
export function QuotasField({ teams, queues }: { teams: readonly Choice[]; queues: readonly Choice[] }) {
  const { t } = useTranslation("agent-life");
  const options = [
    { value: EVERYBODY, label: t("quotas.everybody") },
    {
      label: t("quotas.team"),
      options: teams.map(({ value, label }) => ({ value: `team:${value}`, label })),
    },
    {
      label: t("quotas.queue"),
      options: queues.map(({ value, label }) => ({ value: `queue:${value}`, label })),
    },
  ];
  return (
    <Form.List name="quotas">
      {(fields, { add, remove }) => (
        <div className={styles.rings}>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className={styles.ring} aria-label={t("quotas.one", { number: name + 1 })}>
              <div className={styles.head}>
                <span>{t("quotas.one", { number: name + 1 })}</span>
                <Button
                  type="text"
                  icon={<X size={16} />}
                  aria-label={t("quotas.remove", { number: name + 1 })}
                  onClick={() => remove(name)}
                />
              </div>
              <Form.Item name={[name, "team"]} hidden>
                <Kept />
              </Form.Item>
              <Form.Item name={[name, "queue"]} hidden>
                <Kept />
              </Form.Item>
              <Form.Item noStyle shouldUpdate>
                {({ getFieldValue, setFieldValue }) => {
                  const quota = getFieldValue(["quotas", name]) as Quota;
                  return (
                    <Form.Item label={t("quotas.of")} htmlFor={`quota-${name}`}>
                      <Select
                        id={`quota-${name}`}
                        showSearch={{ optionFilterProp: "label" }}
                        value={scopeOf(quota)}
                        options={options}
                        onChange={(chosen: string) =>
                          setFieldValue(["quotas", name], { ...quota, ...readScope(chosen) })
                        }
                      />
                    </Form.Item>
                  );
                }}
              </Form.Item>
              <Form.Item
                name={[name, "at_most"]}
                label={t("quotas.atMost")}
                dependencies={[["quotas", name, "share_pct"]]}
                rules={[
                  ({ getFieldValue }) => ({
                    validator: (_, value: number | null) =>
                      value == null && getFieldValue(["quotas", name, "share_pct"]) == null
                        ? Promise.reject(new Error(t("quotas.empty")))
                        : Promise.resolve(),
                  }),
                ]}
              >
                <InputNumber
                  min={1}
                  max={10_000}
                  precision={0}
                  suffix={t("persons")}
                  style={{ width: 160 }}
                />
              </Form.Item>
              <Form.Item name={[name, "share_pct"]} label={t("quotas.share")} extra={t("quotas.shareHint")}>
                <InputNumber min={1} max={100} precision={0} suffix="%" style={{ width: 160 }} />
              </Form.Item>
            </fieldset>
          ))}
          <Button
            type="dashed"
            icon={<Plus size={16} />}
            disabled={fields.length >= MOST}
            onClick={() => add({ team: null, queue: null, at_most: 2, share_pct: null })}
          >
            {t("quotas.add")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

/** Keeps a value in the form that another field sets. */
function Kept() {
  return null;
}
