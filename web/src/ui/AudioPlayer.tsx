import { Button, Tooltip } from "antd";
import { Pause, Play, RotateCcw, RotateCw } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/time";
import styles from "./AudioPlayer.module.css";
import { ErrorNotice } from "./ErrorNotice";

const Waveform = lazy(async () => ({ default: (await import("./Waveform")).Waveform }));
const SPEEDS = [1, 1.25, 1.5, 2, 0.75] as const;
const JUMP_S = 5;

interface Props {
  /** Address of the sound; must answer ranges. */
  src: string;
  duration_s: number;
  /** One list a channel: the customer first, then the agent. Absent while they load: the sound plays already. */
  peaks?: readonly (readonly number[])[] | undefined;
  /** What is played, for screen readers. */
  label: string;
  /** Play at once and take the keys: somebody pressed play elsewhere. */
  isStarted?: boolean;
}

/**
 * Plays a recording: waveform of both sides, position, speed; the arrow keys jump five seconds while the focus is
 * inside. Nothing is fetched before play is pressed.
 */
export function AudioPlayer({ src, duration_s, peaks, label, isStarted = false }: Props) {
  const { t } = useTranslation("ui");
  const [audio] = useState(() => {
    const element = new Audio();
    element.preload = "none";
    element.src = src;
    return element;
  });
  const box = useRef<HTMLElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [position_s, setPosition] = useState(0);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const events = new AbortController();
    const on = (name: keyof HTMLMediaElementEventMap, act: () => void) =>
      audio.addEventListener(name, act, { signal: events.signal });
    on("play", () => setPlaying(true));
    on("pause", () => setPlaying(false));
    on("timeupdate", () => setPosition(audio.currentTime));
    on("seeking", () => setPosition(audio.currentTime));
    const onKey = (event: KeyboardEvent) => {
      const by_s = { ArrowLeft: -JUMP_S, ArrowRight: JUMP_S }[event.key];
      if (by_s === undefined) return;
      event.preventDefault();
      jump(audio, by_s);
    };
    box.current?.addEventListener("keydown", onKey, { signal: events.signal });
    if (isStarted) audio.play().catch(() => undefined); // a browser may ask for a press of its own
    return () => {
      events.abort();
      audio.pause();
    };
  }, [audio, isStarted]);

  const toggle = () => {
    if (!audio.paused) return audio.pause();
    setProblem(null);
    audio.play().catch(setProblem);
  };
  const nextSpeed = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
    audio.playbackRate = next;
    setSpeed(next);
  };
  return (
    <section ref={box} className={styles.player} aria-label={label}>
      <Button
        type="primary"
        shape="circle"
        autoFocus={isStarted}
        icon={isPlaying ? <Pause size={16} /> : <Play size={16} />}
        aria-label={isPlaying ? t("audio.pause") : t("audio.play")}
        onClick={toggle}
      />
      <div className={styles.wave}>
        {peaks && peaks.length > 0 && (
          <Suspense fallback={null}>
            <Waveform audio={audio} peaks={peaks} duration_s={duration_s} label={t("audio.position")} />
          </Suspense>
        )}
        {problem !== null && <ErrorNotice error={problem} />}
      </div>
      <span className={styles.side}>
        <output className={styles.time}>
          {formatDuration(position_s)} / {formatDuration(duration_s)}
        </output>
        <span className={styles.buttons}>
          <Tooltip title={`${t("audio.back")} (←)`}>
            <Button
              size="small"
              type="text"
              icon={<RotateCcw size={14} />}
              aria-label={t("audio.back")}
              onClick={() => jump(audio, -JUMP_S)}
            />
          </Tooltip>
          <Tooltip title={`${t("audio.forward")} (→)`}>
            <Button
              size="small"
              type="text"
              icon={<RotateCw size={14} />}
              aria-label={t("audio.forward")}
              onClick={() => jump(audio, JUMP_S)}
            />
          </Tooltip>
          <Tooltip title={t("audio.speed")}>
            <Button size="small" type="text" onClick={nextSpeed} aria-label={`${t("audio.speed")} ${speed}`}>
              {speed}×
            </Button>
          </Tooltip>
        </span>
      </span>
    </section>
  );
}

/** Before the sound is loaded it has no length, so there is nothing to jump in. */
function jump(audio: HTMLAudioElement, by_s: number): void {
  if (!Number.isFinite(audio.duration)) return;
  audio.currentTime = Math.min(audio.duration, Math.max(0, audio.currentTime + by_s));
}
