import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useUser } from "@/api/session";
import { offerTo } from "@/live/offers";
import { useLive } from "@/live/store";
import { MicrophoneProblem } from "@/telephone/port";
import { useTelephone } from "@/telephone/telephone";
import { CallBar } from "./components/CallBar";
import { OfferCard } from "./components/OfferCard";
import { StateMenu } from "./components/StateMenu";
import { TelephoneBadge } from "./components/TelephoneBadge";
import { isToldInCall, roleIn } from "./handover/model";
import { isStray, liveCallOf, monitoredBy, offeredTo } from "./model/contact";
import { answerOffer, claimTelephone, telephone } from "./model/telephone-of-this-tab";
import { useCommand } from "./model/useCommand";
import { useTakenElsewhere } from "./model/useTakenElsewhere";
import styles from "./Softphone.module.css";

/** Needs Ant Design's Select, a tenth of the desk: it comes when the desk stands. */
const DialBox = lazy(async () => ({ default: (await import("./components/DialBox")).DialBox }));

const MiniWindowButton = lazy(async () => ({
  default: (await import("./mini/MiniWindowButton")).MiniWindowButton,
}));

const MiniWindow = lazy(async () => ({ default: (await import("./mini/MiniWindow")).MiniWindow }));

const ConsultCard = lazy(async () => ({
  default: (await import("./handover/components/ConsultCard")).ConsultCard,
}));

const FailedConsult = lazy(async () => ({
  default: (await import("./handover/components/FailedConsult")).FailedConsult,
}));

const LoanNote = lazy(async () => ({
  default: (await import("@/features/loans/components/LoanNote")).LoanNote,
}));

const MonitoringBar = lazy(async () => ({
  default: (await import("@/features/supervision/components/MonitoringBar")).MonitoringBar,
}));

/** The agent's strip in the top bar: state, call, dialling, and the offer that hangs below it. Stands on every page. */
export function Softphone() {
  const agent = useUser()?.agent ?? null;
  const me = useLive((state) => state.me);
  const mine = useLive((state) => state.mine);
  const isBrowser = (me?.telephone ?? agent?.telephone) === "browser";
  const isConnected = useLive((state) => state.isLoaded);
  const agentId = agent?.id;
  useEffect(() => {
    if (!isBrowser || !isConnected || agentId === undefined) return;
    return claimTelephone(agentId);
  }, [isBrowser, isConnected, agentId]);

  const isStranded = useTelephone(({ call, quality }) => isStray(me, call, quality));
  useEffect(() => {
    if (isStranded) telephone.endHere();
  }, [isStranded]);

  useTakenElsewhere(me);
  const offered = offeredTo(me, mine);
  const offer = offerTo(offered, me?.id);
  const call = liveCallOf(me, mine);
  const monitored = monitoredBy(me, mine);
  const { answer, isAnswering } = useAnswer();
  const { ask } = useCommand();
  const role = call ? roleIn(call, me?.id) : null;
  return (
    <div className={styles.strip}>
      <StateMenu me={me} />
      {me && !call && !!me.loans?.length && (
        <Suspense fallback={null}>
          <LoanNote row={me} />
        </Suspense>
      )}
      {call && <CallBar row={call} />}
      {me && monitored && (
        <Suspense fallback={null}>
          <MonitoringBar row={monitored} me={me} />
        </Suspense>
      )}
      <span className={styles.space} />
      {!call && !monitored && (
        <Suspense fallback={<span className={styles.dialBox} />}>
          <DialBox isDisabled={!me || me.state === "logged_out" || me.state === "lost"} />
        </Suspense>
      )}
      <TelephoneBadge />
      <Suspense fallback={null}>
        <MiniWindowButton />
        <MiniWindow
          me={me}
          call={call}
          offered={offered}
          isAnsweredHere={isBrowser}
          onAnswer={() => void answer(offered?.id ?? "", offer?.offer ?? "")}
          onReject={() => void ask({ do: "RejectOffer", offer: offer?.offer ?? "" })}
        />
      </Suspense>
      {role && call?.consult && (
        <Suspense fallback={null}>
          <ConsultCard row={call} consult={call.consult} role={role} />
        </Suspense>
      )}
      {me && call && isToldInCall(call, me.id) && (
        <Suspense fallback={null}>
          <FailedConsult row={call} />
        </Suspense>
      )}
      {offered && offer && (
        <OfferCard
          row={offered}
          offer={offer}
          isAnsweredHere={isBrowser}
          isAnswering={isAnswering}
          onAnswer={() => void answer(offered.id, offer.offer)}
          onReject={() => void ask({ do: "RejectOffer", offer: offer.offer })}
        />
      )}
    </div>
  );
}

/** Answer and go to the contact; a failure is told and the call rings on. */
function useAnswer() {
  const { t } = useTranslation("softphone");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [isAnswering, setAnswering] = useState(false);
  const answer = async (interaction: string, offer: string) => {
    setAnswering(true);
    try {
      await answerOffer(offer);
      await navigate({ to: "/desk/c/$interaction", params: { interaction } });
    } catch (error) {
      message.error(error instanceof MicrophoneProblem ? t(`trouble.${error.trouble}`) : problemText(error));
    } finally {
      setAnswering(false);
    }
  };
  return { answer, isAnswering };
}
