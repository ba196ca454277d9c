import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { type Change, type Differences, fieldChanges } from "../model/differences";
import type { FlowEdge, FlowGraph, FlowNode } from "../model/graph";
import { labelOf } from "../model/kinds";
import { toLine, useKinds } from "../model/useKinds";
import styles from "./VersionComparison.module.css";

interface Props {
  before: FlowGraph;
  after: FlowGraph;
  differences: Differences;
  /** The step that was clicked: its rows stand out. */
  chosen: string | null;
}

interface Row {
  key: string;
  step: FlowNode;
  change: Change;
  what: string;
  was: string;
  is: string;
}

const TONES = { added: "ready", removed: "ring", changed: "acw" } as const;

/** Each difference in words: of what was changed, how it was and how it is. */
export function DifferenceList({ before, after, differences, chosen }: Props) {
  const { t } = useTranslation("flows");
  const { nameOf } = useKinds();
  const rows = useRows(before, after, differences);
  if (rows.length === 0) return <p role="status">{t("versions.same")}</p>;
  return (
    <section className={styles.list} aria-label={t("versions.differences")}>
      <table>
        <thead>
          <tr>
            {(["step", "change", "what", "before", "after"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`versions.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, step, change, what, was, is }) => (
            <tr key={key} data-chosen={step.id === chosen}>
              <td>
                {nameOf(step.kind)} <code>{step.id}</code>
              </td>
              <td>
                <StatusTag tone={TONES[change]}>{t(`canvas.marks.${change}`)}</StatusTag>
              </td>
              <td>{what}</td>
              <td>{was}</td>
              <td>{is}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useRows(before: FlowGraph, after: FlowGraph, differences: Differences): Row[] {
  const { t, i18n } = useTranslation("flows");
  const { kinds, nameOf, exitOf } = useKinds();
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const now = new Map(after.nodes.map((node) => [node.id, node]));
  const steps = [...differences.nodes].flatMap(([id, change]): Row[] => {
    const was = old.get(id);
    const is = now.get(id);
    const step = is ?? was;
    if (!step) return [];
    const row = { key: id, step, change, what: "", was: "", is: "" };
    if (!was || !is) return [row];
    const fields = kinds.get(is.kind)?.fields ?? [];
    return fieldChanges(was, is).map((each) => {
      const field = fields.find(({ name }) => name === each.field);
      const what = field ? labelOf(field, i18n.language) : each.field;
      return { ...row, key: `${id} ${each.field}`, what, was: shown(each.before), is: shown(each.after) };
    });
  });
  const nameOfStep = (graph: ReadonlyMap<string, FlowNode>, id: string | undefined) => {
    const node = id === undefined ? undefined : graph.get(id);
    return node ? `${nameOf(node.kind)} ${node.id}` : t("step.nowhere");
  };
  const ways = new Set(
    [...differences.edges.keys()].map((way) => JSON.stringify((JSON.parse(way) as string[]).slice(0, 2))),
  );
  const led = [...ways].flatMap((way): Row[] => {
    const [from = "", exit = ""] = JSON.parse(way) as string[];
    const step = now.get(from) ?? old.get(from);
    if (!step || !now.has(from) || !old.has(from)) return [];
    const target = (edges: readonly FlowEdge[]) =>
      edges.find((edge) => edge.from === from && edge.exit === exit)?.to;
    return [
      {
        key: way,
        step,
        change: "changed",
        what: t("versions.exit", { exit: toLine(exitOf(step, exit)) }),
        was: nameOfStep(old, target(before.edges)),
        is: nameOfStep(now, target(after.edges)),
      },
    ];
  });
  return [...steps, ...led];
}

/** A field's value as one reads it. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "object") return String(value);
  const key = (value as { key?: unknown }).key;
  if (typeof key === "string" && Object.keys(value).length === 1) return key;
  return Object.entries(value)
    .map(([name, each]) => `${name} ${typeof each === "object" ? JSON.stringify(each) : String(each)}`)
    .join(", ");
}
