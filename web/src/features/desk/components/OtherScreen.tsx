import { queryOptions, useQuery } from "@tanstack/react-query";
import { Button, Tooltip } from "antd";
import { ExternalLink } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { isFirstOpening } from "../model/other-screen";

const screenQuery = (interaction: string, customer: number | undefined) =>
  queryOptions({
    queryKey: ["interactions", interaction, "screen", customer],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/screen", {
          params: { path: { interaction_id: interaction } },
        }),
      ),
    staleTime: 60_000,
  });

interface Props {
  interaction: string;
  /** asked anew once it is known whose contact it is */
  customer: number | undefined;
  isAnswered: boolean;
}

/** The contact's page in another system: a button, or a tab of its own once the contact is answered. */
export function OtherScreen({ interaction, customer, isAnswered }: Props) {
  const { t } = useTranslation("desk");
  const { data } = useQuery(screenQuery(interaction, customer));
  const address = data?.address ?? "";
  const opensItself = isAnswered && data?.opens === "tab" && address !== "";
  useEffect(() => {
    if (opensItself && isFirstOpening(interaction, sessionStorage))
      window.open(address, "_blank", "noopener,noreferrer");
  }, [opensItself, address, interaction]);
  if (!data || (!address && !data.missing)) return null;
  if (!address)
    return (
      <Tooltip title={t("screen.none", { why: t(`screen.${data.missing as "number"}`) })}>
        <Button icon={<ExternalLink size={16} />} disabled>
          {t("screen.open")}
        </Button>
      </Tooltip>
    );
  return (
    <Button icon={<ExternalLink size={16} />} href={address} target="_blank" rel="noopener noreferrer">
      {t("screen.open")}
    </Button>
  );
}
