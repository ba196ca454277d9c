import type { FlowGraph } from "./graph";
import type { Kinds } from "./kinds";
import { depthsOf, heightOf, type Point, STEP_WIDTH } from "./placing";

/** So much more than a later way is one nearer the start worth keeping short. */
const NEARER = 4;

/** Places for all steps from left to right, as callers go. The library is loaded when it is first asked for. */
export async function layOut(graph: FlowGraph, kinds: Kinds): Promise<Map<string, Point>> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const drawing = new Graph({ multigraph: true });
  drawing.setGraph({ rankdir: "LR", ranksep: 110, nodesep: 36, marginx: 80, marginy: 80 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes)
    drawing.setNode(node.id, { width: STEP_WIDTH, height: heightOf(node, kinds, graph) });
  // a branch stands beside the step it leaves, not before the step it comes back to: else its way runs behind others
  const depths = depthsOf(graph);
  const deepest = Math.max(0, ...depths.values());
  for (const { from, exit, to } of graph.edges)
    if (drawing.hasNode(from) && drawing.hasNode(to))
      drawing.setEdge(from, to, { weight: 1 + NEARER * (deepest - (depths.get(from) ?? deepest)) }, exit);
  layout(drawing);
  return new Map(
    graph.nodes.map((node) => {
      const { x, y } = drawing.node(node.id);
      return [
        node.id,
        { x: Math.round(x - STEP_WIDTH / 2), y: Math.round(y - heightOf(node, kinds, graph) / 2) },
      ];
    }),
  );
}
