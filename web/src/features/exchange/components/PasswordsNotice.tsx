import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Import, importQuery, tellPasswords } from "../model/queries";

/** First passwords wait: they are handed over in one file, once. */
export function PasswordsNotice({ found }: { found: Import }) {
  const { t } = useTranslation("exchange");
  const client = useQueryClient();
  const tell = useMutation({
    mutationFn: () => tellPasswords(found.id),
    onSuccess: async (file) => {
      const address = URL.createObjectURL(file);
      const link = document.createElement("a");
      link.href = address;
      link.download = t("passwords.file", { id: found.id });
      link.click();
      URL.revokeObjectURL(address);
      await client.invalidateQueries({ queryKey: importQuery(found.id).queryKey });
    },
  });
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title={t("passwords.title", { count: found.secrets })}
        description={t("passwords.hint")}
        action={
          <Button loading={tell.isPending} onClick={() => tell.mutate()}>
            {t("passwords.download")}
          </Button>
        }
      />
      {tell.error && <ErrorNotice error={tell.error} />}
    </>
  );
}
