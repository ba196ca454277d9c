import { type FormEvent, useState } from "react";
import { api, bodyOf } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import type { Words } from "../words";
import styles from "./Booking.module.css";
import { type Booking, bookingPath, type Queue, toProblem } from "./model";
import { SlotChoice } from "./SlotChoice";
import { Why } from "./Why";

interface Props {
  t: Words;
  language: "zh" | "en";
  company: string;
  queues: readonly Queue[];
}

/** Choosing what it is about, an hour and a number; what follows is the booking's own page. */
export function BookPanel({ t, language, company, queues }: Props) {
  const [queue, setQueue] = useState(queues[0]?.id);
  const [slot, setSlot] = useState<string | null>(null);
  const [number, setNumber] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [tries, setTries] = useState(0);

  async function book(event: FormEvent) {
    event.preventDefault();
    if (queue === undefined || slot === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const booking: Booking = await bodyOf(
        api.POST("/api/public/{company}/bookings", {
          params: { path: { company } },
          body: { queue, number, begins_at: slot },
        }),
      );
      location.assign(bookingPath(company, booking.token));
    } catch (error) {
      setProblem(toProblem(error));
      setSlot(null);
      setTries(tries + 1); // what is free may be something else by now
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.booking} aria-label={t.booking.title} onSubmit={(event) => void book(event)}>
      <h2>{t.booking.title}</h2>
      <p className={styles.minor}>{t.booking.hint}</p>
      {queues.length > 1 && (
        <label className={styles.field}>
          {t.booking.about}
          <select
            value={queue}
            onChange={(event) => {
              setQueue(Number(event.target.value));
              setSlot(null);
            }}
          >
            {queues.map((one) => (
              <option key={one.id} value={one.id}>
                {language === "en" ? one.name_en : one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {queue !== undefined && (
        <SlotChoice
          key={`${queue}:${tries}`}
          t={t}
          language={language}
          company={company}
          queue={queue}
          chosen={slot}
          onChoose={setSlot}
        />
      )}
      <label className={styles.field}>
        {t.booking.number}
        <input
          type="tel"
          autoComplete="tel"
          required
          minLength={3}
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
      </label>
      {problem && <Why t={t} problem={problem} />}
      <button type="submit" className={styles.go} disabled={isBusy || slot === null}>
        {t.booking.book}
      </button>
    </form>
  );
}
