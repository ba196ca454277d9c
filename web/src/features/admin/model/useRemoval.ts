import { App } from "antd";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { useSettingsChanged } from "./queries";

interface Removal {
  name: string;
  /** What deleting it means. */
  hint: string;
  onRemove: () => Promise<void>;
}

/** Ask before deleting, delete, and where it is still in use say by what. */
export function useRemoval(): (removal: Removal) => void {
  const { t } = useTranslation("admin");
  const { modal } = App.useApp();
  const changed = useSettingsChanged();
  const refuse = (error: unknown) => {
    const users = error instanceof ApiProblem ? error.facts.used_by : undefined;
    const content =
      Array.isArray(users) && users.length > 0
        ? t("list.usedBy", { names: users.join(t("list.comma")) })
        : problemText(error);
    modal.error({ title: t("list.notRemoved"), content, okText: t("list.understood") });
  };
  return ({ name, hint, onRemove }) => {
    modal.confirm({
      title: t("list.removeQuestion", { name }),
      content: hint,
      okText: t("list.remove"),
      okButtonProps: { danger: true },
      cancelText: t("list.keep"),
      autoFocusButton: "cancel",
      onOk: async () => {
        await onRemove().then(changed, refuse);
      },
    });
  };
}
