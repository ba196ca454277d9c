import { Button, Progress, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { telephone } from "@/features/softphone";
import { chooseDevice } from "@/telephone/devices";
import { useMicrophoneLevel } from "../model/microphone-level";
import type { Devices } from "../model/useDevices";
import { CheckRow, type CheckState } from "./CheckRow";

/** Speak and see the bar move. */
export function MicrophoneCheck({ devices }: { devices: Devices }) {
  const { t } = useTranslation(["me", "softphone"]);
  const [isOn, setOn] = useState(false);
  const { level_pct, hasHeard, trouble } = useMicrophoneLevel(isOn, devices.choice.microphone);
  const state: CheckState = trouble ? "bad" : !isOn ? "open" : hasHeard ? "good" : "running";
  const result = trouble
    ? t(`softphone:trouble.${trouble}`)
    : t(`microphone.${state === "bad" ? "open" : state}`);
  const choose = (id: string) => {
    chooseDevice("microphone", id);
    devices.refresh();
    void telephone.renewDevices();
  };
  return (
    <CheckRow title={t("microphone.title")} state={state} result={result}>
      <Select
        value={devices.choice.microphone}
        aria-label={t("microphone.title")}
        options={[
          { value: "", label: t("device.system") },
          ...devices.list.microphones.map(({ deviceId, label }) => ({
            value: deviceId,
            label: label || deviceId,
          })),
        ]}
        onChange={choose}
      />
      {isOn && !trouble ? (
        <Progress
          percent={level_pct}
          showInfo={false}
          strokeColor="var(--ready)"
          aria-label={t("microphone.level")}
        />
      ) : (
        <Button
          onClick={() => {
            setOn(true);
            devices.refresh();
          }}
        >
          {t("microphone.test")}
        </Button>
      )}
    </CheckRow>
  );
}
