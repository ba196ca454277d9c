import { Button, Select } from "antd";
import { Volume2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { telephone } from "@/features/softphone";
import { chooseDevice, type DeviceChoice } from "@/telephone/devices";
import { ringOnce } from "@/telephone/ringer";
import type { Devices } from "../model/useDevices";
import { CheckRow, type CheckState } from "./CheckRow";

/** Where voices come out, or where it rings: choose, play, say whether it was heard. */
export function SpeakerCheck({
  kind,
  devices,
}: {
  kind: Extract<keyof DeviceChoice, "speaker" | "ringer">;
  devices: Devices;
}) {
  const { t } = useTranslation("me");
  const [state, setState] = useState<CheckState>("open");
  const play = async () => {
    setState("running");
    try {
      await ringOnce(devices.choice[kind]);
    } catch {
      setState("bad");
    }
  };
  const choose = (id: string) => {
    chooseDevice(kind, id);
    devices.refresh();
    setState("open");
    void telephone.renewDevices();
  };
  return (
    <CheckRow title={t(`${kind}.title`)} state={state} result={t(`speakers.${state}`)}>
      <Select
        value={devices.choice[kind]}
        aria-label={t(`${kind}.title`)}
        options={[
          { value: "", label: t("device.system") },
          ...devices.list.speakers.map(({ deviceId, label }) => ({
            value: deviceId,
            label: label || deviceId,
          })),
        ]}
        onChange={choose}
      />
      <span style={{ display: "flex", gap: 8 }}>
        <Button icon={<Volume2 size={16} />} onClick={() => void play()}>
          {t("speakers.play")}
        </Button>
        {state !== "open" && <Button onClick={() => setState("good")}>{t("speakers.heard")}</Button>}
        {state !== "open" && <Button onClick={() => setState("bad")}>{t("speakers.notHeard")}</Button>}
      </span>
    </CheckRow>
  );
}
