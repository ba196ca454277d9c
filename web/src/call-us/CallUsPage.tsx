import { useEffect, useState } from "react";
import { api, bodyOf, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { BookingPage } from "./booking/BookingPage";
import { BookPanel } from "./booking/BookPanel";
import type { Queue } from "./booking/model";
import { CallPanel } from "./CallPanel";
import styles from "./CallUsPage.module.css";
import { firstLanguage, type Language, rememberLanguage, type Words, words } from "./words";

type Company = Schema<"PublicCompanyOut">;

interface Props {
  company: string;
  /** Of a booking, where the address is a booking's. */
  token: string | null;
}

/** The public page: whom to call, and the call; or a callback, booked by the hour. No login, no staff's code. */
export function CallUsPage({ company, token }: Props) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [about, setAbout] = useState<Company | ApiProblem | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [queues, setQueues] = useState<readonly Queue[]>([]);
  const t = words[language];
  useEffect(() => rememberLanguage(language), [language]);
  useEffect(() => {
    bodyOf(api.GET("/api/public/{company}", { params: { path: { company } } }))
      .then(setAbout)
      .catch((error: unknown) =>
        setAbout(error instanceof ApiProblem ? error : new ApiProblem({ code: "offline", status: 0 })),
      );
  }, [company]);
  const isKnown = about !== null && !(about instanceof ApiProblem);
  useEffect(() => {
    if (!isKnown) return;
    bodyOf(api.GET("/api/public/{company}/bookings", { params: { path: { company } } }))
      .then((found) => setQueues(found.queues))
      .catch(() => setQueues([])); // calling is offered all the same
  }, [company, isKnown]);

  const entries = isKnown && about.is_guest_calling_on ? about.entries : [];
  const entry = chosen ?? entries[0]?.number;
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <header className={styles.head}>
          <img src="/favicon.svg" alt="" width={48} height={48} />
          <h1>{isKnown ? about.name : t.title}</h1>
        </header>
        {about === null && <p role="status">{t.loading}</p>}
        {about instanceof ApiProblem && (
          <p role="alert">{about.status === 404 ? t.unknownCompany : t.why.offline}</p>
        )}
        {isKnown && token !== null && (
          <BookingPage t={t} language={language} company={company} token={token} />
        )}
        {isKnown && token === null && entries.length > 1 && (
          <EntryChoice t={t} entries={entries} chosen={entry} onChoose={setChosen} />
        )}
        {isKnown &&
          token === null &&
          (entry ? (
            <CallPanel key={entry} t={t} company={company} entry={entry} />
          ) : (
            <p role="status">{t.closed}</p>
          ))}
        {isKnown && token === null && queues.length > 0 && (
          <BookPanel t={t} language={language} company={company} queues={queues} />
        )}
      </main>
      <button
        type="button"
        className={styles.language}
        onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      >
        {t.otherLanguage}
      </button>
    </div>
  );
}

interface EntryChoiceProps {
  t: Words;
  entries: Company["entries"];
  chosen: string | undefined;
  onChoose: (number: string) => void;
}

function EntryChoice({ t, entries, chosen, onChoose }: EntryChoiceProps) {
  return (
    <fieldset className={styles.entries}>
      <legend>{t.choose}</legend>
      {entries.map((entry) => (
        <label key={entry.number}>
          <input
            type="radio"
            name="entry"
            checked={entry.number === chosen}
            onChange={() => onChoose(entry.number)}
          />
          {entry.name || entry.number}
        </label>
      ))}
    </fieldset>
  );
}
