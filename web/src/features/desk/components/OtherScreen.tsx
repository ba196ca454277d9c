import { queryOptions, useQuery } from "@tanstack/react-query";
import { Button, Tooltip } from "antd";
import { ExternalLink } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { whenStored } from "@/api/interactions";
import { isFirstOpening } from "../model/other-screen";

interface Props {
  interaction: string;
  /** asked anew once it is known whose contact it is */
  customer: number | undefined;
  /** and once it is answered, when more of it is known */
  isAnswered: boolean;
}

/** What a contact that was just answered does not tell yet, but in a moment. */
const SOON_KNOWN = ["agent", "queue"];
const AGAIN_MS = 1000;

const screenQuery = ({ interaction, customer, isAnswered }: Props) =>
  queryOptions({
    queryKey: ["interactions", interaction, "screen", customer, isAnswered],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/screen", {
          params: { path: { interaction_id: interaction } },
        }),
      ),
    staleTime: 60_000,
    ...whenStored,
    refetchInterval: ({ state }) =>
      isAnswered && SOON_KNOWN.includes(state.data?.missing ?? "") ? AGAIN_MS : false,
  });

/** The contact's page in another system: a button, or a tab of its own once the contact is answered. */
export function OtherScreen(props: Props) {
  const { interaction, isAnswered } = props;
  const { t } = useTranslation("desk");
  const { data } = useQuery(screenQuery(props));
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
