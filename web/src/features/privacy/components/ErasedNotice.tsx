import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Space } from "antd";
import { UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { EmptyState } from "@/ui/EmptyState";
import { lastErasureQuery } from "../model/queries";

/** Stands where the record of somebody stood whose data were erased. */
export function ErasedNotice({ customer }: { customer: number }) {
  const { t } = useTranslation("privacy");
  const navigate = useNavigate();
  const mayErase = useRight("customers.erase");
  const { data: last } = useQuery({ ...lastErasureQuery(customer), enabled: mayErase });
  return (
    <EmptyState
      isPage
      icon={UserRoundX}
      title={t("erased.title")}
      hint={t("erased.hint")}
      action={
        <Space wrap>
          <Button type="primary" onClick={() => void navigate({ to: "/customers", search: {} })}>
            {t("erased.customers")}
          </Button>
          {last && (
            <Button
              onClick={() =>
                void navigate({ to: "/erasures/$erasure", params: { erasure: String(last.id) } })
              }
            >
              {t("erased.certificate")}
            </Button>
          )}
        </Space>
      }
    />
  );
}
