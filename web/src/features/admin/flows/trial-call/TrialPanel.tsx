import { Alert, Button, Space } from "antd";
import { Hourglass, PhoneIncoming, PhoneOff, RotateCcw, Undo2, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isComposing, isTyping } from "@/lib/hotkeys";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { SlipList, slipsOf } from "../components/SlipList";
import { TestDrawer } from "../components/TestDrawer";
import { TELEPHONE_KEYS } from "../model/kinds";
import { PhonePanel } from "./PhonePanel";
import { SayField } from "./SayField";
import { TelephoneKeys } from "./TelephoneKeys";
import styles from "./TrialPanel.module.css";
import { TrialStory } from "./TrialStory";
import { TrialValues } from "./TrialValues";
import { TrialWorld } from "./TrialWorld";
import type { TrialCall } from "./useTrial";
import type { Trial } from "./walk";

interface Props {
  flow: number;
  call: TrialCall;
  /** a step in words */
  placeOf: (step: string) => string;
  /** A test was kept. */
  onKept: () => void;
}

const TONES = {
  flow: "talk",
  line: "acw",
  talk: "ready",
  message: "acw",
  transfer: "ring",
  over: "off",
} as const;

const PHONE_TONES = {
  ready: "off",
  asking: "ring",
  connecting: "ring",
  ringing: "ring",
  talking: "talk",
  ended: "off",
  failed: "off",
} as const;

/** A trial call of the draft: keys by click or by typing, what the caller hears, and what was collected. */
export function TrialPanel({ flow, call, placeOf, onKept }: Props) {
  const { t } = useTranslation("trial-call");
  const { trial, phone } = call;
  const isByPhone = phone.state.step !== "ready";
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent) || isTyping(event.target)) return;
    if (event.altKey || event.ctrlKey || event.metaKey || !TELEPHONE_KEYS.includes(event.key)) return;
    if (isByPhone) return phone.press(event.key);
    if (trial?.rest === "over" || !trial) return;
    event.preventDefault();
    if (!call.isPlaying) call.act(t("acts.press", { keys: event.key }));
  };
  return (
    <section className={styles.panel} aria-label={t("title")} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <h2>{t("title")}</h2>
        {(trial || isByPhone) && (
          <span role="status">
            {isByPhone ? (
              <StatusTag tone={PHONE_TONES[phone.state.step]}>
                {t(`phone.steps.${phone.state.step}`)}
              </StatusTag>
            ) : (
              trial && <StatusTag tone={TONES[trial.rest]}>{t(`rests.${trial.rest}`)}</StatusTag>
            )}
          </span>
        )}
        <Button type="text" icon={<X size={16} />} aria-label={t("close")} onClick={call.close} />
      </div>
      {call.error && <ErrorNotice error={call.error} />}
      <SlipList slips={slipsOf(call.error)} />
      {trial?.refused && (
        <Alert
          type="warning"
          showIcon
          title={t("refused", { act: trial.refused.text })}
          description={t(`whys.${trial.refused.why as "nobody_waits"}`, { defaultValue: trial.refused.why })}
        />
      )}
      {isByPhone ? (
        <PhonePanel flow={flow} phone={phone} placeOf={placeOf} onKept={onKept} />
      ) : trial && trial.turns.length > 0 ? (
        <TrialRun flow={flow} call={call} trial={trial} placeOf={placeOf} onKept={onKept} />
      ) : (
        <TrialWorld
          world={call.world}
          onWorld={call.setWorld}
          isBusy={call.isPlaying}
          onBegin={call.begin}
          onPhone={() => phone.begin(call.world)}
        />
      )}
    </section>
  );
}

function TrialRun({ flow, call, trial, placeOf, onKept }: Props & { trial: Trial }) {
  const { t } = useTranslation("trial-call");
  const [isKeeping, setKeeping] = useState(false);
  const { rest, values } = trial;
  const press = (keys: string) => call.act(t("acts.press", { keys }));
  return (
    <>
      <TrialStory trial={trial} placeOf={placeOf} />
      {call.again && (
        <Alert
          type="info"
          showIcon
          title={t("changed")}
          action={
            <Button size="small" onClick={call.again}>
              {t("again")}
            </Button>
          }
        />
      )}
      {trial.is_listening && (
        <SayField isDisabled={call.isPlaying} onSay={(words) => call.act(t("acts.say", { words }))} />
      )}
      <TelephoneKeys isDisabled={rest === "over" || call.isPlaying} onKey={press} />
      <Space wrap size={6}>
        <Button
          size="small"
          icon={<Hourglass size={16} />}
          disabled={rest === "over"}
          onClick={() => call.act(t("acts.wait"))}
        >
          {t("wait")}
        </Button>
        {rest === "line" && (
          <Button size="small" icon={<PhoneIncoming size={16} />} onClick={() => call.act(t("acts.answer"))}>
            {t("answer")}
          </Button>
        )}
        <Button
          size="small"
          icon={<PhoneOff size={16} />}
          disabled={rest === "over"}
          onClick={() => call.act(t("acts.hangup"))}
        >
          {t("hangUp")}
        </Button>
        <Button size="small" icon={<Undo2 size={16} />} disabled={!call.back} onClick={call.back}>
          {t("back")}
        </Button>
        <Button size="small" icon={<RotateCcw size={16} />} onClick={call.leave}>
          {t("anew")}
        </Button>
      </Space>
      <TrialValues values={values} />
      <Button type="primary" disabled={trial.script === ""} onClick={() => setKeeping(true)}>
        {t("keep")}
      </Button>
      {isKeeping && (
        <TestDrawer
          flow={flow}
          test={null}
          script={trial.script}
          hint={t(values.some(({ text }) => text === null) ? "keepSecrets" : "keepHint")}
          onSaved={onKept}
          onClose={() => setKeeping(false)}
        />
      )}
    </>
  );
}
