import { Button, Form, Select } from "antd";
import { Plus, X } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { ClockInput } from "../components/ClockInput";
import styles from "../components/RingsField.module.css";

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const MONDAY = new Date(2026, 10, 2);

/** Times of day in which no rest begins: the busy hours. */
export function NoRestTimesField() {
  const { t, i18n } = useTranslation("agent-life");
  const named = new Intl.DateTimeFormat(i18n.language, { weekday: "short" });
  const weekdays = WEEKDAYS.map((day) => {
    const date = new Date(MONDAY);
    date.setDate(MONDAY.getDate() + day);
    return { value: day, label: named.format(date) };
  });
  return (
    <Form.List name="no_rest_times">
      {(fields, { add, remove }) => (
        <div className={styles.rings}>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className={styles.ring} aria-label={t("noRest.one", { number: name + 1 })}>
              <div className={styles.head}>
                <Form.Item name={[name, "since"]} noStyle>
                  <Clock label={t("noRest.since", { number: name + 1 })} />
                </Form.Item>
                –
                <Form.Item
                  name={[name, "until"]}
                  noStyle
                  dependencies={[["no_rest_times", name, "since"]]}
                  rules={[
                    ({ getFieldValue }) => ({
                      validator: (_, until: string) =>
                        until > (getFieldValue(["no_rest_times", name, "since"]) as string)
                          ? Promise.resolve()
                          : Promise.reject(new Error(t("noRest.order"))),
                    }),
                  ]}
                >
                  <Clock label={t("noRest.until", { number: name + 1 })} />
                </Form.Item>
                <Button
                  type="text"
                  icon={<X size={16} />}
                  aria-label={t("noRest.remove", { number: name + 1 })}
                  onClick={() => remove(name)}
                />
              </div>
              <Form.Item noStyle shouldUpdate>
                {({ getFieldError }) => {
                  const [error] = getFieldError(["no_rest_times", name, "until"]);
                  return error ? (
                    <p role="alert" className={styles.error}>
                      {error}
                    </p>
                  ) : null;
                }}
              </Form.Item>
              <Form.Item
                name={[name, "weekdays"]}
                label={t("noRest.weekdays")}
                rules={[{ required: true, message: t("noRest.noDay") }]}
              >
                <Select mode="multiple" optionFilterProp="label" options={weekdays} />
              </Form.Item>
            </fieldset>
          ))}
          <Button
            type="dashed"
            icon={<Plus size={16} />}
            disabled={fields.length >= 20}
            onClick={() => add({ since: "11:00", until: "13:00", weekdays: [0, 1, 2, 3, 4] })}
          >
            {t("noRest.add")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

/** A time of day as a field of the form, which gives value and onChange. */
function Clock({
  value = "",
  onChange = () => undefined,
  label,
}: Partial<Pick<ComponentProps<typeof ClockInput>, "value" | "onChange">> & { label: string }) {
  return <ClockInput value={value} onChange={onChange} label={label} isWrong={false} />;
}
