import { AutoComplete } from "antd";
import { useState } from "react";
import { toClock } from "../model/hours";

const HALF_HOURS = Array.from({ length: 49 }, (_, index) => ({
  value: `${String(Math.floor(index / 2)).padStart(2, "0")}:${index % 2 === 0 ? "00" : "30"}`,
}));

interface Props {
  value: string;
  onChange: (clock: string) => void;
  label: string;
  isWrong: boolean;
}

/** A time of day: chosen by half hours, or typed as the fingers like it ("9", "930") and put right on leaving. */
export function ClockInput({ value, onChange, label, isWrong }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const settle = () => {
    if (typed !== null) onChange(toClock(typed) ?? value);
    setTyped(null);
  };
  return (
    <AutoComplete
      value={typed ?? value}
      options={HALF_HOURS}
      aria-label={label}
      {...(isWrong && { status: "error" as const })}
      defaultActiveFirstOption={false}
      showSearch={{
        filterOption: (text, option) =>
          (option?.value ?? "").startsWith(toClock(text) ?? text) || text === value,
      }}
      onChange={setTyped}
      onSelect={(clock: string) => {
        setTyped(null);
        onChange(clock);
      }}
      onBlur={settle}
      style={{ width: 92 }}
    />
  );
}
