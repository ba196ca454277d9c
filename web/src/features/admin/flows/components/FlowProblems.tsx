import { Alert, Button, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { FlowGraph } from "../model/graph";
import { numbersOf, toOutline } from "../model/outline";
import type { FlowProblem } from "../model/queries";
import { toLine, useKinds } from "../model/useKinds";
import styles from "./FlowProblems.module.css";

interface Props {
  problems: readonly FlowProblem[];
  warnings: readonly FlowProblem[];
  graph: FlowGraph | null;
  onNode: (id: string) => void;
}

/** What stands against publishing, and what is better seen to: by step, in plain words, with the caller's way there. */
export function FlowProblems({ problems, warnings, graph, onNode }: Props) {
  const { t } = useTranslation("flows");
  return (
    <div className={styles.alerts}>
      {problems.length === 0 ? (
        <Alert type="success" showIcon title={t("problems.none")} />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t("problems.some", { count: problems.length })}
          description={<ProblemList problems={problems} graph={graph} onNode={onNode} />}
        />
      )}
      {warnings.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t("problems.warnings", { count: warnings.length })}
          description={<ProblemList problems={warnings} graph={graph} onNode={onNode} />}
        />
      )}
    </div>
  );
}

function ProblemList({ problems, graph, onNode }: Omit<Props, "warnings">) {
  const { t, i18n } = useTranslation("flows");
  const { kinds, nameOf, exitOf } = useKinds();
  const numbers = graph ? numbersOf(toOutline(graph, kinds)) : new Map<string, number>();
  const stepOf = (id: string | null) => graph?.nodes.find((node) => node.id === id);
  const placeOf = (id: string) => {
    const name = nameOf(stepOf(id)?.kind ?? "");
    const number = numbers.get(id);
    return number === undefined ? `${name} ${id}` : `${number}. ${name}`;
  };
  const exitWords = (id: string | null, exit: string | null) => {
    const step = stepOf(id);
    return step && exit !== null ? toLine(exitOf(step, exit)) : (exit ?? "");
  };
  const wordsOf = ({ code, node, field, detail }: FlowProblem) => {
    const language = i18n.exists(`flows:prompts.languages.${detail}`)
      ? t(`prompts.languages.${detail as "zh"}`)
      : detail;
    const facts = { field: field ?? "", exit: exitWords(node, field), detail, language };
    return i18n.exists(`flows:problems.codes.${code}`)
      ? t(`problems.codes.${code as "exit_open"}`, facts)
      : t("problems.codes.other", { ...facts, code });
  };
  // a step with one way on says nothing by its exit: its own name stands for it
  const wayOf = ({ path }: FlowProblem) =>
    path
      .map(({ node, exit }) => (exit === "next" ? nameOf(stepOf(node)?.kind ?? "") : exitWords(node, exit)))
      .join(" → ");
  return (
    <ul className={styles.list}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.node} ${problem.field} ${problem.detail}`}>
          {problem.node !== null && (
            <Button type="link" size="small" onClick={() => onNode(problem.node ?? "")}>
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
