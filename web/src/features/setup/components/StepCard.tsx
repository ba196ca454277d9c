import { Button } from "antd";
import { ArrowDown, Check, ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import styles from "./StepCard.module.css";

interface Props {
  number: number;
  title: string;
  /** Why this step is there. */
  why: string;
  isDone: boolean;
  isOpen: boolean;
  onToggle: () => void;
  /** Go on to the step after this one; offered once this one is done. */
  onNext?: () => void;
  children: ReactNode;
}

/** One step of the checklist: done or not can be seen without opening it. */
export function StepCard(props: Props) {
  const { number, title, why, isDone, isOpen, onToggle, onNext, children } = props;
  const { t } = useTranslation("setup");
  const body = useId();
  return (
    <li className={styles.step} data-done={isDone} data-open={isOpen}>
      <h2 className={styles.heading}>
        <button
          type="button"
          className={styles.head}
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={onToggle}
        >
          <span className={styles.mark} aria-hidden>
            {isDone ? <Check size={16} /> : number}
          </span>
          <span className={styles.words}>
            <span className={styles.title}>
              {title}
              <span className="visually-hidden">{isDone ? t("done") : t("toDo")}</span>
            </span>
            <span className={styles.why}>{why}</span>
          </span>
          <ChevronDown size={18} aria-hidden className={styles.arrow} />
        </button>
      </h2>
      <div id={body} className={styles.body} hidden={!isOpen}>
        {isOpen && children}
        {isOpen && isDone && onNext && (
          <p className={styles.next}>
            <Button icon={<ArrowDown size={16} />} onClick={onNext}>
              {t("next")}
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}
