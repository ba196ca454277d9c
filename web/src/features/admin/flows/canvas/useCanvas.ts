import { type EdgeChange, type NodeChange, useReactFlow } from "@xyflow/react";
import { useMemo, useRef, useState } from "react";
import * as edits from "../model/edits";
import type { FlowGraph } from "../model/graph";
import type { Command } from "../model/history";
import type { Kinds } from "../model/kinds";
import type { Point } from "../model/placing";
import {
  type CanvasNode,
  noteNodeId,
  noteOf,
  toEdges,
  toNodes,
  toShapes,
  toWays,
  type WayEdge,
} from "./drawing";
import type { Marks } from "./marks";

/** Words can be read from this size on. */
const READABLE = 0.7;
const NOWHERE: ReadonlyMap<string, Point> = new Map();
const NOBODY: ReadonlySet<string> = new Set();

interface Given {
  graph: FlowGraph;
  kinds: Kinds;
  marks: Marks;
  perform: (command: Command) => void;
  isReadOnly: boolean;
}

/** The canvas as it is looked at: what is selected, what is being dragged, and over which way something is held. */
export function useCanvas({ graph, kinds, marks, perform, isReadOnly }: Given) {
  const flow = useReactFlow<CanvasNode, WayEdge>();
  const [selected, setSelected] = useState(NOBODY);
  const [moving, setMoving] = useState(NOWHERE);
  const [over, setOver] = useState<string | null>(null);
  const drawn = useRef<ReadonlyMap<string, CanvasNode>>(new Map());

  const shapes = useMemo(() => toShapes(graph, kinds), [graph, kinds]);
  const drawnWays = useMemo(() => toWays(graph, shapes), [graph, shapes]);
  const nodes = useMemo(() => {
    const fresh = toNodes(shapes, { selected, moving, marks }, drawn.current);
    drawn.current = new Map(fresh.map((node) => [node.id, node]));
    return fresh;
  }, [shapes, selected, moving, marks]);
  const edges = useMemo(
    () => toEdges(drawnWays, { selected, marks, over }),
    [drawnWays, selected, marks, over],
  );

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    select(changes);
    const moved = changes.filter((change) => change.type === "position" && change.dragging);
    if (moved.length === 0 || isReadOnly) return;
    setMoving((before) => {
      const now = new Map(before);
      for (const change of moved)
        if (change.type === "position" && change.position) now.set(change.id, change.position);
      return now;
    });
  };
  const select = (changes: readonly (NodeChange<CanvasNode> | EdgeChange<WayEdge>)[]) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length === 0) return;
    setSelected((before) => {
      const now = new Set(before);
      for (const { id, selected: isSelected } of chosen) {
        if (isSelected) now.add(id);
        else now.delete(id);
      }
      return now;
    });
  };
  /** The dragged nodes are let go: they stand there now. */
  const settle = (dropped: readonly CanvasNode[]) => {
    setMoving(NOWHERE);
    if (isReadOnly) return;
    const places = dropped.map(({ id, position: { x, y } }): [string, Point] => [
      id,
      { x: Math.round(x), y: Math.round(y) },
    ]);
    const steps = new Map(places.filter(([id]) => noteOf(id) === null));
    const notes = new Map(
      places.flatMap(([id, at]) => (noteOf(id) === null ? [] : [[noteOf(id) ?? "", at]])),
    );
    perform({
      name: "moved",
      facts: { count: dropped.length },
      run: (now) => edits.moveNotes(edits.moveSteps(now, steps), notes),
    });
  };
  /** Bring a step to where it can be seen, and select it alone. */
  const goTo = (id: string) => {
    setSelected(new Set([id]));
    bring(id);
  };
  const bring = (id: string) => {
    const node = drawn.current.get(id);
    if (!node) return;
    const { x, y, zoom } = flow.getViewport();
    const box = document.querySelector(".react-flow")?.getBoundingClientRect();
    const left = node.position.x * zoom + x;
    const top = node.position.y * zoom + y;
    const width = (node.width ?? 0) * zoom;
    const height = (node.height ?? 0) * zoom;
    if (box && left >= 0 && top >= 0 && left + width <= box.width && top + height <= box.height) return;
    const centre = {
      x: node.position.x + (node.width ?? 0) / 2,
      y: node.position.y + (node.height ?? 0) / 2,
    };
    void flow.setCenter(centre.x, centre.y, { zoom: Math.max(zoom, READABLE) });
  };
  /** All of a small flow; of a large one its beginning, large enough to be read. */
  const showStart = async () => {
    await flow.fitView({ padding: 0.1, maxZoom: 1 });
    const start = drawn.current.get(graph.start);
    const box = document.querySelector(".react-flow")?.getBoundingClientRect();
    if (flow.getZoom() >= READABLE || !start || !box) return;
    const { x, y } = start.position;
    await flow.setViewport({ zoom: READABLE, x: 40 - x * READABLE, y: box.height / 3 - y * READABLE });
  };
  const steps = useMemo(
    () => graph.nodes.filter(({ id }) => selected.has(id)).map(({ id }) => id),
    [graph, selected],
  );
  const notes = useMemo(
    () => (graph.notes ?? []).filter(({ id }) => selected.has(noteNodeId(id))).map(({ id }) => id),
    [graph, selected],
  );
  const ways = useMemo(() => edges.filter(({ id }) => selected.has(id)), [edges, selected]);
  return {
    flow,
    nodes,
    edges,
    /** what is selected: the ids of steps, notes, and ways */
    steps,
    notes,
    ways,
    setSelected,
    onNodesChange,
    onEdgesChange: select,
    settle,
    over,
    setOver,
    goTo,
    bring,
    showStart,
  };
}

export type Canvas = ReturnType<typeof useCanvas>;
