import { DatePicker, Form, Input, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { GrowingTextArea } from "@/ui/GrowingTextArea";
import { genders, levels } from "../model/levels";
import styles from "./CustomerFieldItems.module.css";
import { NumbersField } from "./NumbersField";

const dayOnly = {
  getValueProps: (day: string | null) => ({ value: day ? dayjs(day) : null }),
  normalize: (day: Dayjs | null) => day?.format("YYYY-MM-DD") ?? null,
};

/** The fields of a customer's form. `owner`: who owns the customer now, whether or not still a colleague. */
export function CustomerFieldItems({ owner }: { owner: { id: number; name: string } | null }) {
  const { t } = useTranslation(["customers", "api"]);
  const colleagues = useLive((state) => state.colleagues);
  const owners = colleagues.map(({ id, name }) => ({ value: id, label: name }));
  if (owner && !owners.some((each) => each.value === owner.id))
    owners.unshift({ value: owner.id, label: owner.name });
  return (
    <>
      <Form.Item
        name="name"
        label={t("field.name")}
        rules={[{ required: true, whitespace: true, message: t("form.nameMissing") }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <NumbersField />
      <div className={styles.pair}>
        <Form.Item name="level" label={t("field.level")}>
          <Select options={levels.map((value) => ({ value, label: t(`api:level.${value}`) }))} />
        </Form.Item>
        <Form.Item name="gender" label={t("field.gender")}>
          <Select options={genders.map((value) => ({ value, label: t(`api:gender.${value}`) }))} />
        </Form.Item>
      </div>
      <Form.Item name="company" label={t("field.company")}>
        <Input maxLength={200} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="product" label={t("field.product")}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="purchased_on" label={t("field.purchased")} {...dayOnly}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
      </div>
      <Form.Item name="address" label={t("field.address")}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="hobbies" label={t("field.hobbies")}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item
        name="owner_id"
        label={t("field.owner")}
        normalize={(value: number | undefined) => value ?? null}
      >
        <Select options={owners} allowClear showSearch={{ optionFilterProp: "label" }} />
      </Form.Item>
      <Form.Item name="note" label={t("field.note")}>
        <GrowingTextArea maxLength={10_000} />
      </Form.Item>
    </>
  );
}
