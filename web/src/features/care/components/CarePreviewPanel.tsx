import { Link } from "@tanstack/react-router";
import { Button, type FormInstance } from "antd";
import { Eye } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type CarePreview, previewRule } from "../model/queries";
import { bodyFrom, type RuleValues } from "../model/rule";
import styles from "./Fields.module.css";

const FIGURES = ["tomorrow", "total", "listed", "without_consent"] as const;

/** Whom the rule would catch as the form stands now; nothing is kept. */
export function CarePreviewPanel({ form }: { form: FormInstance<RuleValues> }) {
  const { t } = useTranslation("care");
  const [found, setFound] = useState<CarePreview>();
  const [problem, setProblem] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    setProblem(undefined);
    try {
      const values = await form.validateFields();
      setFound(await previewRule(bodyFrom(values)));
    } catch (error) {
      if (error instanceof Error) setProblem(error); // else the form marks its own fields
    } finally {
      setAsking(false);
    }
  };
  const most = Math.max(1, ...(found?.by_day.map(({ count }) => count) ?? []));
  return (
    <section className={styles.preview} aria-label={t("section.preview")}>
      <div>
        <Button icon={<Eye size={16} />} loading={isAsking} onClick={() => void ask()}>
          {t("preview.ask")}
        </Button>
      </div>
      {problem !== undefined && <ErrorNotice error={problem} />}
      {found && (
        <>
          <dl className={styles.figures}>
            {FIGURES.map((name) => (
              <div key={name}>
                <dt>{t(`preview.${name}`)}</dt>
                <dd>{found[name]}</dd>
              </div>
            ))}
          </dl>
          {found.total > 0 && (
            <>
              <ul className={styles.days} aria-label={t("preview.byDay")}>
                {found.by_day.map(({ day, count }) => (
                  <li
                    key={day}
                    className={styles.day}
                    style={{ height: `${(100 * count) / most}%` }}
                    title={`${day} · ${count}`}
                  >
                    <span className="visually-hidden">{`${day} · ${count}`}</span>
                  </li>
                ))}
              </ul>
              <ul className={styles.sample}>
                {found.sample.map(({ customer, due_on }) => (
                  <li key={`${customer.id} ${due_on}`}>
                    <Link
                      to="/customers/$customer"
                      params={{ customer: String(customer.id) }}
                      target="_blank"
                    >
                      {customer.name}
                    </Link>{" "}
                    · {due_on}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
