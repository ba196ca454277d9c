import { DatePicker } from "antd";
import dayjs from "dayjs";

interface Props {
  id?: string;
  /** "2026-11-22" */
  value?: string | null;
  onChange?: (day: string | null) => void;
  disabled?: boolean;
}

/** A day, as the API writes it. Form.Item gives it its value. */
export function DayInput({ id, value, onChange, disabled = false }: Props) {
  return (
    <DatePicker
      {...(id !== undefined && { id })}
      disabled={disabled}
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day?.format("YYYY-MM-DD") ?? null)}
      style={{ width: "100%" }}
    />
  );
}
