import {
  Background,
  BackgroundVariant,
  MarkerType,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FlowGraph, FlowNode } from "../model/graph";
import { numbersOf, toOutline } from "../model/outline";
import type { KnownKinds } from "../model/useKinds";
import { CanvasContext } from "./CanvasContext";
import { colourOf, toEdges, toNodes, toShapes, toWays } from "./drawing";
import styles from "./FlowCanvas.module.css";
import type { Marks } from "./marks";
import { NoteCard } from "./NoteCard";
import { StepCard } from "./StepCard";
import { Way } from "./Way";

const NODE_TYPES = { step: StepCard, note: NoteCard };
const EDGE_TYPES = { way: Way };
const MAP_SIZE = { width: 120, height: 76 };
const EDGE_OPTIONS = {
  markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: "var(--text-3)" },
};
const NOTHING = new Map<string, never>();
const NOBODY: ReadonlySet<string> = new Set();

interface Props {
  label: string;
  graph: FlowGraph;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  marks: Marks;
  onStep?: (id: string) => void;
}

/** A flow to look at: moved and zoomed, never changed. */
export function FlowPicture({ label, graph, known, detailOf, marks, onStep }: Props) {
  const { t } = useTranslation("flows");
  const { kinds } = known;
  const [chosen, setChosen] = useState(NOBODY);
  const words = useMemo(
    () => ({ known, detailOf, numbers: numbersOf(toOutline(graph, kinds)), troubles: NOTHING }),
    [known, detailOf, graph, kinds],
  );
  const shapes = useMemo(() => toShapes(graph, kinds), [graph, kinds]);
  const nodes = useMemo(
    () => toNodes(shapes, { selected: chosen, moving: NOTHING, marks }, NOTHING),
    [shapes, chosen, marks],
  );
  const edges = useMemo(
    () => toEdges(toWays(graph, shapes), { selected: NOBODY, marks, over: null }),
    [graph, shapes, marks],
  );
  return (
    <CanvasContext value={words}>
      <section className={styles.picture} aria-label={label}>
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            defaultEdgeOptions={EDGE_OPTIONS}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            disableKeyboardA11y
            deleteKeyCode={null}
            onlyRenderVisibleElements
            onNodeClick={(_, { id }) => {
              setChosen(new Set([id]));
              onStep?.(id);
            }}
            fitView
            fitViewOptions={{ padding: 0.08, minZoom: 0.3, maxZoom: 1 }}
            minZoom={0.1}
            maxZoom={2}
          >
            <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--border-strong)" />
            <MiniMap
              pannable
              zoomable
              style={MAP_SIZE}
              ariaLabel={t("canvas.minimap")}
              bgColor="var(--surface)"
              maskColor="color-mix(in srgb, var(--bg) 70%, transparent)"
              nodeColor={colourOf}
              nodeBorderRadius={12}
            />
          </ReactFlow>
        </ReactFlowProvider>
      </section>
    </CanvasContext>
  );
}
