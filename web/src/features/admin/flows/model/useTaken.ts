import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useSettingsChanged } from "../../model/queries";
import type { Language } from "./languages";
import type { PromptDetail } from "./prompts";

/** After a sound was taken: every list is old, and what was done to its loudness and its ends is told. */
export function useTaken(): (prompt: PromptDetail, language: Language) => Promise<void> {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  return (prompt, language) => {
    const taken = prompt.versions.find((version) => version.language === language && version.is_in_force);
    const gain_db = taken?.gain_db ?? 0;
    const told = [t("prompts.taken")];
    if (Math.abs(gain_db) >= 1)
      told.push(
        t(gain_db > 0 ? "prompts.raised" : "prompts.lowered", { by_db: Math.abs(gain_db).toFixed(0) }),
      );
    if ((taken?.cut_s ?? 0) >= 0.3) told.push(t("prompts.cut", { cut_s: taken?.cut_s.toFixed(1) }));
    message.success(told.join(t("prompts.stop_sign")), 5);
    return changed();
  };
}
