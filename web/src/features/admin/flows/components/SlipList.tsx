import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";

/** A line of a script that says nothing, and why. */
export interface Slip {
  line: number;
  code: string;
  text: string;
}

/** The slips that a refusal tells of; none where it is about something else. */
export function slipsOf(error: unknown): Slip[] {
  if (!(error instanceof ApiProblem) || error.code !== "bad_script") return [];
  return (error.facts.slips as Slip[] | undefined) ?? [];
}

export function SlipList({ slips }: { slips: readonly Slip[] }) {
  const { t, i18n } = useTranslation("flows");
  const words = (code: string) =>
    i18n.exists(`flows:tests.slips.${code}`) ? t(`tests.slips.${code as "unknown_word"}`) : code;
  return (
    <ul>
      {slips.map(({ line, code, text }) => (
        <li key={`${line} ${code}`}>
          {t("tests.lineSlip", { line })} <Typography.Text code>{text}</Typography.Text> {words(code)}
        </li>
      ))}
    </ul>
  );
}
