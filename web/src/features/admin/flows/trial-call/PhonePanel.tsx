import { Alert, Button, Space } from "antd";
import { Mic, MicOff, PhoneOff, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { SlipList, slipsOf } from "../components/SlipList";
import { TestDrawer } from "../components/TestDrawer";
import { TelephoneKeys } from "./TelephoneKeys";
import { TrialStory } from "./TrialStory";
import { TrialValues } from "./TrialValues";
import type { PhoneTrial } from "./usePhoneTrial";

interface Props {
  flow: number;
  phone: PhoneTrial;
  placeOf: (step: string) => string;
  onKept: () => void;
}

/** A call of the draft by the browser's telephone, as it goes; after it, what would have come next. */
export function PhonePanel({ flow, phone, placeOf, onKept }: Props) {
  const { t } = useTranslation("trial-call");
  const { state, told } = phone;
  const isTalking = state.step === "talking";
  const isDone = state.step === "ended" || state.step === "failed";
  const isOver = told?.state === "over";
  const next = isOver && told.rest !== "over" ? told.rest : null;
  return (
    <>
      {phone.error ? (
        <>
          <ErrorNotice error={phone.error} />
          <SlipList slips={slipsOf(phone.error)} />
        </>
      ) : (
        state.step === "failed" && <Alert type="warning" showIcon title={t(`phone.why.${state.why}`)} />
      )}
      {told && <TrialStory trial={told} placeOf={placeOf} />}
      {next && <Alert type="info" showIcon title={t(`phone.next.${next as "line"}`)} />}
      <TelephoneKeys isDisabled={!isTalking} onKey={phone.press} />
      <Space wrap size={6}>
        {isTalking && (
          <Button
            size="small"
            icon={state.isMuted ? <MicOff size={16} /> : <Mic size={16} />}
            aria-pressed={state.isMuted}
            onClick={() => phone.setMuted(!state.isMuted)}
          >
            {t("phone.mute")}
          </Button>
        )}
        {!isDone && (
          <Button size="small" icon={<PhoneOff size={16} />} onClick={phone.hangUp}>
            {t("hangUp")}
          </Button>
        )}
        {isDone && (
          <Button size="small" icon={<RotateCcw size={16} />} onClick={phone.leave}>
            {t("anew")}
          </Button>
        )}
      </Space>
      {told && <TrialValues values={told.values} />}
      {told && (
        <Button type="primary" disabled={!isOver} loading={phone.isMaking} onClick={phone.keep}>
          {t("keep")}
        </Button>
      )}
      {told && phone.script !== null && (
        <TestDrawer
          flow={flow}
          test={null}
          script={phone.script}
          hint={t(told.values.some(({ text }) => text === null) ? "keepSecrets" : "phone.keepHint")}
          onSaved={onKept}
          onClose={phone.putAway}
        />
      )}
    </>
  );
}
