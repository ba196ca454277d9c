import { useEffect, useState } from "react";
import { api, bodyOf } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import type { Words } from "../words";
import styles from "./Booking.module.css";
import { type Booking, bookingPath, dayName, dayOf, hourName, toProblem } from "./model";
import { SlotChoice } from "./SlotChoice";
import { Why } from "./Why";

interface Props {
  t: Words;
  language: "zh" | "en";
  company: string;
  token: string;
}

/** One booking, found by its secret: when we call, and moving or cancelling it. */
export function BookingPage({ t, language, company, token }: Props) {
  const [booking, setBooking] = useState<Booking | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isMoving, setMoving] = useState(false);
  const [slot, setSlot] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const path = { company, token };

  useEffect(() => {
    bodyOf(api.GET("/api/public/{company}/bookings/{token}", { params: { path: { company, token } } }))
      .then(setBooking)
      .catch((error: unknown) => setProblem(toProblem(error)));
  }, [company, token]);

  async function during(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  }

  const cancel = () =>
    during(async () => {
      await bodyOf(api.POST("/api/public/{company}/bookings/{token}/cancel", { params: { path } }));
      setBooking((before) => before && { ...before, state: "cancelled" });
    });
  const move = (begins_at: string) =>
    during(async () => {
      const moved = await bodyOf(
        api.POST("/api/public/{company}/bookings/{token}/move", { params: { path }, body: { begins_at } }),
      );
      location.assign(bookingPath(company, moved.token));
    });

  if (booking === null) return problem ? <Why t={t} problem={problem} /> : <p role="status">{t.loading}</p>;
  const states = t.booking.states as Record<string, string>;
  const isOpen = booking.state === "waiting";
  return (
    <section className={styles.booking} aria-label={t.booking.yours}>
      <h2>{states[booking.state] ?? booking.state}</h2>
      <p className={styles.when} data-over={!isOpen}>
        {dayName(dayOf(booking.begins_at, booking.time_zone), language)}{" "}
        {hourName(booking, booking.time_zone)}
      </p>
      <p className={styles.minor}>
        {language === "en" ? booking.queue.name_en : booking.queue.name}
        {booking.number && ` · ${booking.number}`} · {booking.time_zone}
      </p>
      {isOpen && <p className={styles.minor}>{t.booking.keepLink}</p>}
      {problem && <Why t={t} problem={problem} />}
      {isOpen && isMoving && (
        <>
          <SlotChoice
            t={t}
            language={language}
            company={company}
            queue={booking.queue.id}
            chosen={slot}
            onChoose={setSlot}
          />
          <button
            type="button"
            className={styles.go}
            disabled={isBusy || slot === null}
            onClick={() => slot && void move(slot)}
          >
            {t.booking.moveNow}
          </button>
        </>
      )}
      {isOpen && !isMoving && (
        <button type="button" className={styles.go} onClick={() => setMoving(true)}>
          {t.booking.move}
        </button>
      )}
      {isOpen && (
        <button type="button" className={styles.plain} disabled={isBusy} onClick={() => void cancel()}>
          {t.booking.cancel}
        </button>
      )}
      {!isOpen && (
        <a className={styles.plain} href={`/call-us/${encodeURIComponent(company)}`}>
          {t.booking.again}
        </a>
      )}
    </section>
  );
}
