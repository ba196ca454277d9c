import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { CareOptions } from "../model/queries";
import styles from "./Fields.module.css";
import { useChoices } from "./useChoices";

/** Which customers: of each field that is filled one must fit. Nothing filled: all. */
export function WhoFields({ options }: { options: CareOptions | undefined }) {
  const { t } = useTranslation("care");
  const choices = useChoices();
  const several = { mode: "multiple", placeholder: t("any"), optionFilterProp: "label" } as const;
  return (
    <>
      <div className={styles.row}>
        <Form.Item name={["who", "kind"]} label={t("field.kind")}>
          <Select
            allowClear
            placeholder={t("any")}
            options={(["person", "company"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name={["who", "levels"]} label={t("field.levels")}>
          <Select
            {...several}
            options={(["ordinary", "important", "vip"] as const).map((value) => ({
              value,
              label: t(`level.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name={["who", "classes"]} label={t("field.classes")}>
          <Select {...several} options={choices<number>(options?.classes)} />
        </Form.Item>
        <Form.Item name={["who", "tags"]} label={t("field.tags")}>
          <Select {...several} options={choices<number>(options?.tags)} />
        </Form.Item>
        <Form.Item name={["who", "teams"]} label={t("field.teams")}>
          <Select {...several} options={choices<number>(options?.teams)} />
        </Form.Item>
        <Form.Item name={["who", "list"]} label={t("field.list")}>
          <Select allowClear placeholder={t("any")} options={[{ value: "vip", label: t("vip") }]} />
        </Form.Item>
      </div>
      <p className={styles.hint}>{t("whoHint")}</p>
    </>
  );
}
