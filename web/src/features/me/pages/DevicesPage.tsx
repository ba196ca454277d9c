import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { MicrophoneCheck } from "../components/MicrophoneCheck";
import { NetworkCheck } from "../components/NetworkCheck";
import { QueueSounds } from "../components/QueueSounds";
import { SpeakerCheck } from "../components/SpeakerCheck";
import { RegistrationCheck, TestCall } from "../components/TelephoneCheck";
import { useDevices } from "../model/useDevices";

/** From the microphone to the server: each link of a call tried by itself, then all together. */
export function DevicesPage() {
  const { t } = useTranslation("me");
  const devices = useDevices();
  const isAgent = useUser()?.agent != null;
  return (
    <Page width="form">
      <PageHeader title={t("devices.title")} hint={t("devices.hint")} />
      <Card>
        <MicrophoneCheck devices={devices} />
        <SpeakerCheck kind="speaker" devices={devices} />
        <SpeakerCheck kind="ringer" devices={devices} />
        <NetworkCheck />
        {isAgent && <RegistrationCheck />}
        {isAgent && <TestCall />}
      </Card>
      {isAgent && <QueueSounds />}
    </Page>
  );
}
