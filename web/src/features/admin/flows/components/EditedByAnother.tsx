import { Alert, App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { Editing } from "../model/useEditing";

/** Somebody else has the flow open: it can be looked at, or taken over. */
export function EditedByAnother({ editing, isDirty }: { editing: Editing; isDirty: boolean }) {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  const zone = useTimeZone();
  const { other, takeOver, isTaking } = editing;
  if (!other) return null;
  const ask = () =>
    modal.confirm({
      title: t("editing.question", { name: other.name }),
      content: t("editing.consequence", { name: other.name }),
      okText: t("editing.takeOver"),
      cancelText: t("cancel"),
      onOk: () => takeOver(),
    });
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      style={{ marginBottom: 16 }}
      title={t("editing.other", { name: other.name, since: formatInstant(other.since, zone) })}
      description={isDirty ? t("editing.unsaved") : undefined}
      action={
        <Button loading={isTaking} onClick={ask}>
          {t("editing.takeOver")}
        </Button>
      }
    />
  );
}
