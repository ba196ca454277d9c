import { useEffect, useState } from "react";
import { api, bodyOf, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { CallPanel } from "./CallPanel";
import styles from "./CallUsPage.module.css";
import { firstLanguage, type Language, rememberLanguage, type Words, words } from "./words";

type Company = Schema<"PublicCompanyOut">;

/** The public page: whom to call, and the call. No login, no staff's code. */
export function CallUsPage({ company }: { company: string }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [about, setAbout] = useState<Company | ApiProblem | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
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
  const entries = isKnown && about.is_guest_calling_on ? about.entries : [];
  const entry = chosen ?? entries[0]?.number;
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <header className={styles.head}>
          <img src="/favicon.svg" alt="" width={48} height={48} />
          <h1>{isKnown ? about.name : t.title}</h1>
          <p>{t.hint}</p>
        </header>
        {about === null && <p role="status">{t.loading}</p>}
        {about instanceof ApiProblem && (
          <p role="alert">{about.status === 404 ? t.unknownCompany : t.why.offline}</p>
        )}
        {isKnown && entries.length > 1 && (
          <EntryChoice t={t} entries={entries} chosen={entry} onChoose={setChosen} />
        )}
        {isKnown &&
          (entry ? (
            <CallPanel key={entry} t={t} company={company} entry={entry} />
          ) : (
            <p role="status">{t.closed}</p>
          ))}
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
