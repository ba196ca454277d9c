import { Button } from "antd";
import { PhoneCall } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TrialCall } from "./useTrial";

interface Props {
  trial: TrialCall;
  isPossible: boolean;
  onOpen: () => void;
}

/** Begins a trial call of the draft, or ends it. */
export function TrialButton({ trial, isPossible, onOpen }: Props) {
  const { t } = useTranslation("trial-call");
  return (
    <Button
      icon={<PhoneCall size={16} />}
      disabled={!isPossible}
      aria-pressed={trial.isOpen}
      onClick={() => {
        if (trial.isOpen) return trial.close();
        trial.open();
        onOpen();
      }}
    >
      {t(trial.isOpen ? "close" : "button")}
    </Button>
  );
}
