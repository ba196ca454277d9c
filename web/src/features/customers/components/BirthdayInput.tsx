import { InputNumber, Select, Space } from "antd";
import { useTranslation } from "react-i18next";
import type { Birthday } from "../model/form";

interface Props {
  id?: string;
  value?: Birthday | null;
  onChange?: (birthday: Birthday | null) => void;
  disabled?: boolean;
}

const upTo = (most: number) => Array.from({ length: most }, (_, at) => ({ value: at + 1, label: at + 1 }));

/** A birthday; many customers tell only month and day. */
export function BirthdayInput({ id, value, onChange, disabled = false }: Props) {
  const { t } = useTranslation("customers");
  const change = (part: Partial<Birthday>) => {
    const next = { year: null, month: null, day: null, ...value, ...part };
    const isEmpty = next.year === null && next.month === null && next.day === null;
    onChange?.(isEmpty ? null : next);
  };
  return (
    <Space.Compact block>
      <InputNumber
        {...(id !== undefined && { id })}
        aria-label={t("birthday.year")}
        placeholder={t("birthday.year")}
        controls={false}
        precision={0}
        min={1900}
        max={2100}
        disabled={disabled}
        value={value?.year ?? null}
        onChange={(year) => change({ year })}
        style={{ width: "100%" }}
      />
      <Select<number | null>
        aria-label={t("birthday.month")}
        placeholder={t("birthday.month")}
        allowClear
        disabled={disabled}
        value={value?.month ?? null}
        onChange={(month) => change({ month: month ?? null })}
        options={upTo(12)}
        style={{ width: 90 }}
      />
      <Select<number | null>
        aria-label={t("birthday.day")}
        placeholder={t("birthday.day")}
        allowClear
        disabled={disabled}
        value={value?.day ?? null}
        onChange={(day) => change({ day: day ?? null })}
        options={upTo(31)}
        style={{ width: 90 }}
      />
    </Space.Compact>
  );
}
