import { useEffect, useState } from "react";
import { api, bodyOf } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Words } from "../words";
import styles from "./Booking.module.css";
import { type Days, dayName, hourName, toProblem } from "./model";
import { Why } from "./Why";

interface Props {
  t: Words;
  language: "zh" | "en";
  company: string;
  queue: number;
  chosen: string | null;
  onChoose: (begins_at: string) => void;
}

/** A day, then one of its hours; what is booked out is told and cannot be chosen. */
export function SlotChoice({ t, language, company, queue, chosen, onChoose }: Props) {
  const [found, setFound] = useState<Days | ApiProblem | null>(null);
  const [day, setDay] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    bodyOf(
      api.GET("/api/public/{company}/bookings/slots", { params: { path: { company }, query: { queue } } }),
    )
      .then((days) => isWanted && setFound(days))
      .catch((error: unknown) => isWanted && setFound(toProblem(error)));
    return () => {
      isWanted = false;
    };
  }, [company, queue]);
  if (found === null) return <p role="status">{t.loading}</p>;
  if (found instanceof ApiProblem) return <Why t={t} problem={found} />;
  const open = found.days.filter(({ slots }) => slots.some(({ is_free }) => is_free));
  if (open.length === 0) return <p role="status">{t.booking.nothingFree}</p>;
  const shown = open.find((one) => one.day === day) ?? open[0];
  return (
    <>
      <label className={styles.field}>
        {t.booking.day}
        <select value={shown?.day} onChange={(event) => setDay(event.target.value)}>
          {open.map((one) => (
            <option key={one.day} value={one.day}>
              {dayName(one.day, language)}
            </option>
          ))}
        </select>
      </label>
      <fieldset className={styles.hours}>
        <legend>{t.booking.hour.replace("{zone}", found.time_zone)}</legend>
        {shown?.slots.map((slot) => (
          <button
            key={slot.begins_at}
            type="button"
            aria-pressed={slot.begins_at === chosen}
            disabled={!slot.is_free}
            onClick={() => onChoose(slot.begins_at)}
          >
            {hourName(slot, found.time_zone)}
          </button>
        ))}
      </fieldset>
    </>
  );
}
