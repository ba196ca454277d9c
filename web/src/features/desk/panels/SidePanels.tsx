import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { setPanels } from "@/api/desk-preferences";
import { popQuery } from "@/api/interactions";
import { usePanels } from "@/lib/panels";
import { useShortcutActions } from "@/lib/useHotkeys";
import { offerTo } from "@/live/offers";
import { useLive } from "@/live/store";
import { TabStrip } from "@/ui/TabStrip";
import { CustomerPane } from "../components/CustomerPane";
import { customerOf } from "../model/useContactCustomer";
import styles from "./Panels.module.css";
import { checklistsQuery, countMissing, countUnanswered, recommendationsQuery } from "./queries";
import { Resizer } from "./Resizer";

const ChecklistPanel = lazy(async () => ({ default: (await import("./ChecklistPanel")).ChecklistPanel }));
const RecommendationsPanel = lazy(async () => ({
  default: (await import("./RecommendationsPanel")).RecommendationsPanel,
}));

/** Beside the contact: the customer first, and what helps in the conversation. Which, and how wide, each user's desk remembers. */
export function SidePanels({ interaction }: { interaction: string }) {
  const { t } = useTranslation("panels");
  const remembered = usePanels((state) => state.shown);
  const isRinging = useLive(
    ({ me, mine }) =>
      offerTo(
        mine.find(({ id }) => id === interaction),
        me?.id,
      ) !== null,
  );
  const [hasChosen, setChosen] = useState(false);
  const pop = useQuery(popQuery(interaction)).data;
  const customer = customerOf(pop)?.id;
  // who it is comes first: while it rings, and until that is known
  const mustKnow = isRinging || customer === undefined;
  const shown = mustKnow && !hasChosen ? "customer" : remembered;
  // after the pop, which nothing may delay
  const checklists = useQuery({ ...checklistsQuery(interaction), enabled: pop !== undefined }).data ?? [];
  const offered = useQuery(recommendationsQuery(interaction, customer)).data ?? [];
  const counted = (name: string, count: number) => (count > 0 ? `${name} ${count}` : name);
  const tabs: readonly [Panel, ...Panel[]] = [
    { key: "customer", label: t("customer"), content: <CustomerPane interaction={interaction} /> },
    {
      key: "checklist",
      label: counted(t("checklist.name"), countMissing(checklists)),
      content: inPanel(<ChecklistPanel interaction={interaction} />),
    },
    {
      key: "recommendations",
      label: counted(t("recommend.name"), countUnanswered(offered)),
      content: inPanel(<RecommendationsPanel interaction={interaction} />),
    },
  ];
  const show = (key: string) => {
    setChosen(true);
    setPanels({ shown: key });
  };
  useShortcutActions({
    panel: () => {
      const at = tabs.findIndex(({ key }) => key === shown);
      show(tabs[(at + 1) % tabs.length]?.key ?? "customer");
    },
  });
  return (
    <div className={styles.side}>
      <Resizer />
      <TabStrip label={t("label")} tabs={tabs} shown={shown} onShow={show} />
    </div>
  );
}

interface Panel {
  key: string;
  label: string;
  content: ReactNode;
}

function inPanel(content: ReactNode): ReactNode {
  return (
    <div className={styles.panel}>
      <Suspense fallback={<Skeleton active title={false} />}>{content}</Suspense>
    </div>
  );
}
