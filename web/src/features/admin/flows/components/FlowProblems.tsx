import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { FlowGraph } from "../model/graph";
import { numbersOf, toOutline } from "../model/outline";
import type { FlowProblem } from "../model/queries";
import { toLine, useKinds } from "../model/useKinds";
import styles from "./FlowProblems.module.css";

interface Props {
  problems: readonly FlowProblem[];
  graph: FlowGraph | null;
  onNode: (id: string) => void;
}

/** What stands against publishing, by step and in plain words; each leads to its node. */
export function FlowProblems({ problems, graph, onNode }: Props) {
  const { t, i18n } = useTranslation("flows");
  const { kinds, nameOf, exitOf } = useKinds();
  if (problems.length === 0)
    return <Alert type="success" showIcon title={t("problems.none")} className={styles.alert ?? ""} />;
  const numbers = graph ? numbersOf(toOutline(graph, kinds)) : new Map<string, number>();
  const placeOf = (id: string) => {
    const kind = graph?.nodes.find((node) => node.id === id)?.kind ?? "";
    const name = nameOf(kind);
    const number = numbers.get(id);
    return number === undefined ? `${name} ${id}` : `${number}. ${name}`;
  };
  const wordsOf = ({ code, node, field }: FlowProblem) => {
    const step = graph?.nodes.find(({ id }) => id === node);
    const exit = step && field !== null ? toLine(exitOf(step, field)) : (field ?? "");
    const facts = { field: field ?? "", exit };
    return i18n.exists(`flows:problems.codes.${code}`)
      ? t(`problems.codes.${code as "exit_open"}`, facts)
      : t("problems.codes.other", { ...facts, code });
  };
  return (
    <Alert
      type="warning"
      showIcon
      className={styles.alert ?? ""}
      title={t("problems.some", { count: problems.length })}
      description={
        <ul className={styles.list}>
          {problems.map((problem) => (
            <li key={`${problem.code} ${problem.node} ${problem.field}`}>
              {problem.node !== null && (
                <Button type="link" size="small" onClick={() => onNode(problem.node ?? "")}>
                  {placeOf(problem.node)}
                </Button>
              )}
              {wordsOf(problem)}
            </li>
          ))}
        </ul>
      }
    />
  );
}
