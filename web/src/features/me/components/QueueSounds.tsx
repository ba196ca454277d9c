import { Button, Select, Switch } from "antd";
import { Volume2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { setSound } from "@/api/desk-preferences";
import { localName } from "@/lib/names";
import { type Sound, soundOf, type Tune, useSounds } from "@/lib/sounds";
import { useLive } from "@/live/store";
import { chosenDevices } from "@/telephone/devices";
import { ringOnce } from "@/telephone/ringer";
import { Card } from "@/ui/Page";
import styles from "./QueueSounds.module.css";

const TUNES: readonly Tune[] = ["classic", "soft", "bright"];

/** How the calls of each queue ring, or that they do not: the card and the title tell of them all the same. */
export function QueueSounds() {
  const { t, i18n } = useTranslation("me");
  const queues = useLive((state) => state.queues);
  const byQueue = useSounds((state) => state.byQueue);
  if (queues.length === 0) return null;
  return (
    <Card>
      <h2 className={styles.title}>{t("sounds.title")}</h2>
      <p className={styles.hint}>{t("sounds.hint")}</p>
      <ul>
        {queues.map((queue) => {
          const name = localName(queue, i18n.language);
          const sound = soundOf(queue.id, byQueue);
          const change = (changed: Partial<Sound>) => setSound(queue.id, { ...sound, ...changed });
          return (
            <li key={queue.id} className={styles.row}>
              <span className={styles.name}>{name}</span>
              <Select<Tune>
                className={styles.tune ?? ""}
                value={sound.tune}
                disabled={sound.is_muted}
                aria-label={t("sounds.of", { name })}
                options={TUNES.map((value) => ({ value, label: t(`sounds.${value}`) }))}
                onChange={(tune) => change({ tune })}
              />
              <Button
                icon={<Volume2 size={16} />}
                disabled={sound.is_muted}
                aria-label={t("sounds.try", { name })}
                onClick={() => void ringOnce(chosenDevices().ringer, sound.tune).catch(() => undefined)}
              />
              <Switch
                checked={!sound.is_muted}
                aria-label={t("sounds.rings", { name })}
                onChange={(rings) => change({ is_muted: !rings })}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
