import { App, Button } from "antd";
import { Play, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/time";

interface Props {
  src: string;
  duration_s: number;
  /** What is heard, for screen readers. */
  label: string;
}

let playing: HTMLAudioElement | null = null;

/** Plays a prompt; another one that plays stops. Nothing is fetched before it is pressed. */
export function ListenButton({ src, duration_s, label }: Props) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const [isPlaying, setPlaying] = useState(false);
  const [audio] = useState(() => new Audio());
  useEffect(() => {
    const events = new AbortController();
    for (const name of ["pause", "ended"] as const)
      audio.addEventListener(name, () => setPlaying(false), { signal: events.signal });
    return () => {
      events.abort();
      audio.pause();
    };
  }, [audio]);
  const toggle = () => {
    if (isPlaying) return audio.pause();
    playing?.pause();
    playing = audio;
    audio.src = src;
    setPlaying(true);
    audio.play().catch(() => {
      setPlaying(false);
      message.error(t("prompts.cannotPlay"));
    });
  };
  const length = formatDuration(Math.max(1, Math.round(duration_s)));
  return (
    <Button
      size="small"
      icon={isPlaying ? <Square size={14} /> : <Play size={14} />}
      aria-label={`${isPlaying ? t("prompts.stop", { name: label }) : t("prompts.listen", { name: label })} ${length}`}
      onClick={toggle}
    >
      <span className="numbers">{length}</span>
    </Button>
  );
}
