import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Differences, differencesOf, wayOf } from "../model/differences";
import { type FlowGraph, type FlowNode, toGraph } from "../model/graph";
import { spread } from "../model/placing";
import type { FlowVersion } from "../model/queries";
import { useKinds } from "../model/useKinds";
import { DifferenceList } from "./DifferenceList";
import { FlowPicture } from "./FlowPicture";
import { type Mark, type Marks, wayId } from "./marks";
import styles from "./VersionComparison.module.css";

interface Props {
  versions: readonly FlowVersion[];
  draft: FlowGraph;
  /** The version to begin with, on the left. */
  first: number;
  detailOf: (node: FlowNode) => string;
}

/** The draft, among the versions. */
const DRAFT = 0;

/** Two states of a flow side by side: what was added, removed and changed is marked on both, and told below. */
export function VersionComparison({ versions, draft, first, detailOf }: Props) {
  const { t } = useTranslation("flows");
  const known = useKinds();
  const [before, setBefore] = useState(first);
  const [after, setAfter] = useState(DRAFT);
  const [chosen, setChosen] = useState<string | null>(null);
  const [old, now] = useMemo(() => {
    const graphOf = (version: number) =>
      version === DRAFT ? draft : toGraph(versions.find((each) => each.version === version)?.graph);
    return [spread(graphOf(before) ?? draft), spread(graphOf(after) ?? draft)];
  }, [before, after, draft, versions]);
  const differences = useMemo(() => differencesOf(old, now), [old, now]);
  const marks = useMemo(
    () => [marksOf(old, differences, "removed"), marksOf(now, differences, "added")],
    [old, now, differences],
  );
  const options = [
    { value: DRAFT, label: t("versions.draft") },
    ...versions.map(({ version }) => ({ value: version, label: t("versions.shown", { version }) })),
  ];
  const nameOf = (version: number) => options.find(({ value }) => value === version)?.label ?? "";
  return (
    <div className={styles.comparison}>
      <div className={styles.sides}>
        {(
          [
            [before, setBefore, t("versions.before"), old, marks[0]],
            [after, setAfter, t("versions.after"), now, marks[1]],
          ] as const
        ).map(([version, choose, label, graph, shown]) => (
          <div key={label} className={styles.side}>
            <div className={styles.choice}>
              <b>{label}</b>
              <Select
                aria-label={label}
                value={version}
                onChange={choose}
                options={options}
                style={{ width: 200 }}
              />
            </div>
            <FlowPicture
              key={version}
              label={nameOf(version)}
              graph={graph}
              known={known}
              detailOf={detailOf}
              marks={shown ?? { nodes: new Map(), ways: new Map() }}
              onStep={setChosen}
            />
          </div>
        ))}
      </div>
      <DifferenceList before={old} after={now} differences={differences} chosen={chosen} />
    </div>
  );
}

/** What is marked on one side: there, a step that the other lacks is removed, or added. */
function marksOf(graph: FlowGraph, { nodes, edges }: Differences, side: "added" | "removed"): Marks {
  return {
    nodes: new Map(
      graph.nodes.flatMap(({ id }): [string, Mark][] => {
        const change = nodes.get(id);
        return change === side || change === "changed" ? [[id, change]] : [];
      }),
    ),
    ways: new Map(
      graph.edges.flatMap((edge): [string, Mark][] =>
        edges.get(wayOf(edge)) === side ? [[wayId(edge.from, edge.exit), side]] : [],
      ),
    ),
  };
}
