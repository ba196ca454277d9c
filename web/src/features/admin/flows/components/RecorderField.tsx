import { Alert, Button, Flex, Progress } from "antd";
import { Mic, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/time";
import type { Recording } from "../model/recorder";
import { useRecorder } from "../model/useRecorder";
import { ListenButton } from "./ListenButton";

interface Props {
  value?: Recording | null;
  onChange?: (recording: Recording | null) => void;
}

/** Record the microphone with a meter, listen, record again. A field of a form. */
export function RecorderField({ value = null, onChange }: Props) {
  const { t } = useTranslation("flows");
  const recorder = useRecorder((recording) => onChange?.(recording));
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!value) return setAddress(null);
    const made = URL.createObjectURL(value.file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [value]);
  return (
    <Flex vertical gap={12}>
      {recorder.isRunning ? (
        <>
          <Flex gap={12} align="center">
            <Button danger type="primary" icon={<Square size={14} />} onClick={() => void recorder.stop()}>
              {t("record.stop")}
            </Button>
            <output className="numbers" aria-label={t("record.lasted")}>
              {formatDuration(recorder.lasted_s)}
            </output>
          </Flex>
          <Progress
            aria-label={t("record.level")}
            percent={recorder.level_pct}
            showInfo={false}
            strokeColor={`var(--${recorder.level_pct > 92 ? "error" : "primary"})`}
          />
        </>
      ) : (
        <Flex gap={12} align="center" wrap>
          <Button icon={<Mic size={16} />} onClick={() => void recorder.start()}>
            {t(value ? "record.again" : "record.start")}
          </Button>
          {value && address && (
            <>
              <ListenButton src={address} duration_s={value.duration_s} label={t("record.made")} />
              {value.cut_s >= 0.1 && (
                <span style={{ color: "var(--text-2)" }}>
                  {t("record.cut", { cut_s: value.cut_s.toFixed(1) })}
                </span>
              )}
            </>
          )}
        </Flex>
      )}
      {recorder.trouble && <Alert type="error" showIcon title={t(`record.troubles.${recorder.trouble}`)} />}
    </Flex>
  );
}
