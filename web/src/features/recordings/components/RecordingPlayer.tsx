import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AudioPlayer } from "@/ui/AudioPlayer";
import { waveformQuery } from "../model/queries";
import type { RecordingState } from "../model/search";
import styles from "./RecordingPlayer.module.css";

interface Props {
  id: string;
  state: RecordingState;
  duration_s: number | null;
  /** Names the player for screen readers where several stand on a page. */
  label?: string;
  /** Play at once: somebody pressed play elsewhere. */
  isStarted?: boolean;
}

/** A recording to listen to; or why it cannot be heard yet, or any more. */
export function RecordingPlayer({ id, state, duration_s, label, isStarted = false }: Props) {
  const { t } = useTranslation("recordings");
  const isReady = state === "ready";
  const wave = useQuery({ ...waveformQuery(id), enabled: isReady });
  if (!isReady) return <p className={styles.minor}>{t(`notReady.${state}`)}</p>;
  return (
    <AudioPlayer
      src={`/api/recordings/${encodeURIComponent(id)}/audio`}
      duration_s={wave.data?.duration_s ?? duration_s ?? 0}
      peaks={wave.data?.peaks}
      label={label ?? t("player")}
      isStarted={isStarted}
    />
  );
}
