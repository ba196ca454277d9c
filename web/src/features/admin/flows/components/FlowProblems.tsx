import { Alert, Button, Typography } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FlowGraph } from "../model/graph";
import { numbersOf, toOutline } from "../model/outline";
import { problemWords } from "../model/problem-words";
import type { FlowProblem } from "../model/queries";
import { useKinds } from "../model/useKinds";
import styles from "./FlowProblems.module.css";

interface Props {
  problems: readonly FlowProblem[];
  warnings: readonly FlowProblem[];
  graph: FlowGraph | null;
  /** Tell how many there are, and the rest when asked: beside a canvas that marks the steps and needs the room. */
  isShort?: boolean;
  /** The problem is to be seen at its step. */
  onProblem: (problem: FlowProblem) => void;
}

/** What stands against publishing, and what is better seen to: by step, in plain words, with the caller's way there. */
export function FlowProblems({ problems, warnings, graph, isShort = false, onProblem }: Props) {
  const { t } = useTranslation("flows");
  return (
    <div className={styles.alerts}>
      {problems.length === 0 ? (
        <Alert type="success" showIcon title={t("problems.none")} />
      ) : (
        <ProblemAlert
          key={`problems ${isShort}`}
          type="warning"
          title={t("problems.some", { count: problems.length })}
          isShort={isShort}
          list={<ProblemList problems={problems} graph={graph} onProblem={onProblem} />}
        />
      )}
      {warnings.length > 0 && (
        <ProblemAlert
          key={`warnings ${isShort}`}
          type="info"
          title={t("problems.warnings", { count: warnings.length })}
          isShort={isShort}
          list={<ProblemList problems={warnings} graph={graph} onProblem={onProblem} />}
        />
      )}
    </div>
  );
}

interface AlertProps {
  type: "warning" | "info";
  title: string;
  isShort: boolean;
  list: ReactNode;
}

function ProblemAlert({ type, title, isShort, list }: AlertProps) {
  const { t } = useTranslation("flows");
  const [isOpen, setOpen] = useState(!isShort);
  return (
    <Alert
      type={type}
      showIcon
      title={title}
      description={isOpen ? list : undefined}
      action={
        isShort && (
          <Button
            size="small"
            aria-expanded={isOpen}
            aria-label={`${t(isOpen ? "problems.hide" : "problems.show")} ${title}`}
            onClick={() => setOpen(!isOpen)}
          >
            {t(isOpen ? "problems.hide" : "problems.show")}
          </Button>
        )
      }
    />
  );
}

function ProblemList({ problems, graph, onProblem }: Omit<Props, "warnings" | "isShort">) {
  const { t, i18n } = useTranslation("flows");
  const known = useKinds();
  const { nameOf, wordsOf, wayOf } = problemWords(graph, { known, t, i18n });
  const numbers = graph ? numbersOf(toOutline(graph, known.kinds)) : new Map<string, number>();
  const placeOf = (id: string) => {
    const number = numbers.get(id);
    return number === undefined ? `${nameOf(id)} ${id}` : `${number}. ${nameOf(id)}`;
  };
  return (
    <ul className={styles.list}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.node} ${problem.field} ${problem.detail}`}>
          {problem.node !== null && (
            <Button type="link" size="small" onClick={() => onProblem(problem)}>
              {placeOf(problem.node)}
            </Button>
          )}
          {wordsOf(problem)}
          {problem.path.length > 0 && (
            <Typography.Text type="secondary" className={styles.way ?? ""}>
              {t("problems.way", { way: wayOf(problem) })}
            </Typography.Text>
          )}
        </li>
      ))}
    </ul>
  );
}
