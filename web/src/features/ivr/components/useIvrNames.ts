import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { ivrNamesQuery } from "../model/queries";

/** What flows, steps and lines are called. */
export function useIvrNames() {
  const { t, i18n } = useTranslation("ivr");
  const names = useQuery(ivrNamesQuery).data;
  const flows = new Map(names?.items.map((flow) => [flow.id, flow.name]));
  const kinds = new Map(names?.kinds.map((kind) => [kind.kind, localName(kind, i18n.language)]));
  const trunks = new Map(names?.trunks.map((trunk) => [trunk.id, trunk.name]));
  return {
    flowOf: (flow: number) => flows.get(flow) ?? t("status.flow", { number: flow }),
    stepOf: ({ kind, node }: { kind: string; node: string }) => `${kinds.get(kind) ?? kind} · ${node}`,
    lineOf: (cameBy: string) => {
      const [way, id] = cameBy.split(":");
      if (way === "trunk") return trunks.get(Number(id)) ?? t("came.trunk", { number: id });
      return t(`came.${way as "guest"}`, { defaultValue: cameBy || "–" });
    },
  };
}
