import { Alert, App, Button } from "antd";
import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { endView } from "./index";

/** Says that an administrator looks with other eyes, and ends it with one click. */
export function ViewingBanner({ viewing }: { viewing: Schema<"SessionViewOut"> }) {
  const { t } = useTranslation("viewing");
  const { message } = App.useApp();
  return (
    <Alert
      banner
      type="warning"
      icon={<Eye size={16} />}
      title={t("banner", { user: viewing.user_name, role: viewing.role_name })}
      action={
        <Button
          size="small"
          onClick={() => void endView().catch((error: unknown) => message.error(problemText(error)))}
        >
          {t("end")}
        </Button>
      }
    />
  );
}
