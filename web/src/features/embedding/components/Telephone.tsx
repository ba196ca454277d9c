import { Button, Tooltip } from "antd";
import { LogOut } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { SessionUser } from "@/api/session";
import { StateMenu } from "@/features/softphone/components/StateMenu";
import { isStray, isWrappingUp, liveCallOf, offeredTo } from "@/features/softphone/model/contact";
import { claimTelephone, telephone } from "@/features/softphone/model/telephone-of-this-tab";
import { useTakenElsewhere } from "@/features/softphone/model/useTakenElsewhere";
import { offerTo } from "@/live/offers";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import { CallPanel } from "./CallPanel";
import styles from "./Embedding.module.css";
import { IdlePanel } from "./IdlePanel";
import { Notices } from "./Notices";
import { OfferPanel } from "./OfferPanel";
import { WrapUpPanel } from "./WrapUpPanel";

interface Props {
  user: SessionUser;
  agent: NonNullable<SessionUser["agent"]>;
  onLogOut: () => void;
}

/** The agent's telephone in little room: state, who calls, the call, and a number to dial. */
export function Telephone({ user, agent, onLogOut }: Props) {
  const { t } = useTranslation("embedding");
  const me = useLive((state) => state.me);
  const mine = useLive((state) => state.mine);
  const isConnected = useLive((state) => state.isLoaded);
  const isBrowser = (me?.telephone ?? agent.telephone) === "browser";
  useEffect(() => {
    if (isBrowser && isConnected) return claimTelephone(agent.id);
  }, [isBrowser, isConnected, agent.id]);
  const isStranded = useTelephone(({ call, quality }) => isStray(me, call, quality));
  useEffect(() => {
    if (isStranded) telephone.endHere();
  }, [isStranded]);

  useTakenElsewhere(me);
  const offered = offeredTo(me, mine);
  const offer = offerTo(offered, me?.id);
  const call = liveCallOf(me, mine);
  const wrapped = me?.interaction && mine.find((row) => isWrappingUp(me, row)) ? me.interaction : null;
  return (
    <main className={styles.page} data-ringing={offered !== null}>
      <h1 className="visually-hidden">{t("title")}</h1>
      <header className={styles.bar}>
        <StateMenu me={me} />
        <span className={styles.user}>{user.name}</span>
        <Tooltip title={t("logOut")}>
          <Button
            type="text"
            size="small"
            icon={<LogOut size={16} />}
            aria-label={t("logOut")}
            onClick={onLogOut}
          />
        </Tooltip>
      </header>
      <Notices />
      {offered && offer && <OfferPanel row={offered} offer={offer} isAnsweredHere={isBrowser} />}
      {me && call && <CallPanel row={call} me={me} />}
      {!call && !offered && wrapped && <WrapUpPanel interaction={wrapped} />}
      {me && !call && !offered && !wrapped && <IdlePanel me={me} />}
    </main>
  );
}
