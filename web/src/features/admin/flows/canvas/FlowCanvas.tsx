import {
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionMode,
  type FinalConnectionState,
  MarkerType,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import type { InputRef, RefSelectProps } from "antd";
import {
  type ClipboardEvent,
  type DragEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useSteady } from "@/lib/useSteady";
import * as edits from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import type { Command, Deed } from "../model/history";
import { numbersOf, toOutline } from "../model/outline";
import type { KnownKinds } from "../model/useKinds";
import { walkedWords } from "./announcing";
import { CanvasContext, elementId } from "./CanvasContext";
import { CanvasTools, type ToolName } from "./CanvasTools";
import { type CanvasNode, colourOf, noteOf, type WayEdge } from "./drawing";
import styles from "./FlowCanvas.module.css";
import { type Marks, NO_MARKS } from "./marks";
import { NoteCard } from "./NoteCard";
import { DRAGGED, Palette } from "./Palette";
import { PassedPanel } from "./PassedPanel";
import { StepCard } from "./StepCard";
import { StepPanel } from "./StepPanel";
import { takeTool } from "./take-tool";
import { useCanvas } from "./useCanvas";
import { useCanvasKeys } from "./useCanvasKeys";
import { useDeeds } from "./useDeeds";
import { useMoving } from "./useMoving";
import { Way } from "./Way";
import { wayUnder } from "./way-under";

const NODE_TYPES = { step: StepCard, note: NoteCard };
const EDGE_TYPES = { way: Way };
const MAP_SIZE = { width: 150, height: 96 };
const EDGE_OPTIONS = {
  markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: "var(--text-3)" },
};

interface Props {
  graph: FlowGraph;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  /** what is wrong with steps, in words */
  troubles: ReadonlyMap<string, string>;
  marks?: Marks;
  isReadOnly: boolean;
  perform: (command: Command) => void;
  undo: (() => Deed) | undefined;
  redo: (() => Deed) | undefined;
  /** Save the draft; missing while there is nothing to save. */
  save: (() => void) | undefined;
  /** The step to go to, and a count that rises with every wish to go there. */
  wanted: { id: string; times: number } | null;
  /** What stands beside the canvas instead of the kinds of step, and the step that is to be seen because of it. */
  beside?: ReactNode;
  follow?: string | null;
}

/** The flow drawn: steps to be added, led on, moved and told what to do, by the mouse or by keys alone. */
export function FlowCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas(props: Props) {
  const {
    graph,
    known,
    detailOf,
    troubles,
    marks = NO_MARKS,
    isReadOnly,
    perform,
    undo,
    redo,
    save,
    wanted,
    beside,
    follow = null,
  } = props;
  const { t } = useTranslation("flows");
  const { kinds } = known;
  const canvas = useCanvas({ graph, kinds, marks, perform, isReadOnly });
  const deeds = useDeeds({ graph, known, canvas, perform });
  const [isWide, setWide] = useState(false);
  const [isPassing, setPassing] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const palette = useRef<InputRef>(null);
  const search = useRef<RefSelectProps>(null);
  const hint = useId();
  const numbers = useMemo(() => numbersOf(toOutline(graph, kinds)), [graph, kinds]);
  const only = canvas.steps.length === 1 ? graph.nodes.find(({ id }) => id === canvas.steps[0]) : undefined;

  const goBack = (step: (() => Deed) | undefined, way: "undone" | "redone") => () => {
    if (!step) return deeds.tell(t(`canvas.nothing.${way}`));
    const deed = step();
    deeds.tell(t(`canvas.${way}`, { deed: t(`did.${deed.name as "moved"}`, deed.facts ?? {}) }));
  };
  const tellStep = (id: string) =>
    deeds.tell(walkedWords({ graph, known, detailOf, numbers, troubles, t }, id));
  const tools = { undo: goBack(undo, "undone"), redo: goBack(redo, "redone") };
  const onKeyDown = useCanvasKeys({
    graph,
    kinds,
    canvas,
    deeds,
    isReadOnly,
    ...tools,
    save,
    focusOn: (place) => {
      if (place === "palette") palette.current?.focus();
      else if (place === "search") search.current?.focus();
      else panel.current?.querySelector<HTMLElement>("input, textarea, button, [tabindex='0']")?.focus();
    },
    onWalked: (id, isHeld) => {
      setPassing(isHeld);
      tellStep(id);
    },
  });
  const onFound = useSteady((id: string) => {
    canvas.goTo(id);
    tellStep(id);
    frame.current?.focus();
  });
  const onAdd = useSteady((kind: string) => {
    deeds.add(kind);
    frame.current?.focus();
  });
  const onTool = useSteady((tool: ToolName) => {
    if (tool === "wide") setWide(!isWide);
    else if (tool === "save") save?.();
    else if (tool === "undo" || tool === "redo") tools[tool]();
    else takeTool(tool, canvas, deeds);
  });
  const goToWanted = useEffectEvent((id: string) => {
    canvas.goTo(id);
    tellStep(id);
  });
  useEffect(() => {
    if (wanted) goToWanted(wanted.id);
  }, [wanted]);
  const bringFollowed = useEffectEvent((id: string) => canvas.bring(id));
  useEffect(() => {
    if (follow !== null) bringFollowed(follow);
  }, [follow]);
  const onClipboard = (take: (event: ClipboardEvent) => void) => (event: ClipboardEvent) => {
    if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    take(event);
  };
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    canvas.setOver(wayUnder(event));
  };
  const onDrop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(DRAGGED);
    canvas.setOver(null);
    if (kind === "") return;
    event.preventDefault();
    const point = canvas.flow.screenToFlowPosition({ x: event.clientX - 60, y: event.clientY - 20 });
    const way = canvas.edges.find(({ id }) => id === wayUnder(event));
    deeds.add(kind, { point, way: way ? { from: way.source, exit: way.sourceHandle ?? "" } : null });
    frame.current?.focus();
  };
  /** A step that nothing leads to yet, let go on a way, stands on it. */
  const onDragStop = useSteady((event: MouseEvent | TouchEvent, node: CanvasNode, dropped: CanvasNode[]) => {
    canvas.settle(dropped);
    const way = canvas.edges.find(({ id }) => id === canvas.over);
    canvas.setOver(null);
    if (!way || dropped.length !== 1 || !isLoose(graph, node.id)) return;
    deeds.act({
      name: "putOnWay",
      facts: { kind: known.nameOf(graph.nodes.find(({ id }) => id === node.id)?.kind ?? "") },
      run: (now) => edits.putOnWay(now, kinds, node.id, { from: way.source, exit: way.sourceHandle ?? "" }),
    });
    event.stopPropagation();
  });
  // The library takes each of these in anew where it is another function, which asks every step and way again.
  const onDrag = useSteady((event: MouseEvent | TouchEvent, node: CanvasNode, dragged: CanvasNode[]) =>
    canvas.setOver(dragged.length === 1 && isLoose(graph, node.id) ? wayUnder(event) : null),
  );
  const onConnect = useSteady(({ source, sourceHandle, target }: Connection) =>
    deeds.connect({ from: source, exit: sourceHandle ?? "" }, target),
  );
  const onReconnect = useSteady((old: WayEdge, { source, sourceHandle, target }: Connection) => {
    const way = { from: source, exit: sourceHandle ?? "" };
    const before = { from: old.source, exit: old.sourceHandle ?? "" };
    deeds.act({
      name: "reconnected",
      run: (now) => edits.connect(edits.disconnect(now, [before]), way, target),
    });
  });
  // Most people take hold of an arrow where it ends, at the step's own mark: the one that ends there goes along.
  const onConnectEnd = useSteady((_: MouseEvent | TouchEvent, drawn: FinalConnectionState) => {
    if (drawn.fromHandle?.type !== "target" || drawn.toHandle?.type !== "target") return;
    const [way, ...others] = graph.edges.filter(({ to }) => to === drawn.fromHandle?.nodeId);
    const target = drawn.toHandle.nodeId;
    if (!way || others.length > 0 || way.to === target) return;
    deeds.act({ name: "reconnected", run: (now) => edits.connect(now, way, target) });
  });
  const isValidConnection = useSteady(({ target }: Connection | WayEdge) => target !== graph.start);
  const onInit = useSteady(() => void canvas.showStart());
  const onNodesChange = useSteady(canvas.onNodesChange);
  const onEdgesChange = useSteady(canvas.onEdgesChange);
  const titleOf = (id: string) => {
    const name = known.nameOf(graph.nodes.find((node) => node.id === id)?.kind ?? "");
    const number = numbers.get(id);
    return number === undefined ? name : `${number}. ${name}`;
  };
  const moving = useMoving(frame);
  const words = useMemo(
    () => ({
      known,
      detailOf,
      numbers,
      troubles,
      ...(!isReadOnly && {
        onNote: (id: string, text: string) =>
          perform({
            name: "noteChanged",
            merge: `note ${id}`,
            run: (now) => edits.changeNote(now, id, text),
          }),
      }),
    }),
    [known, detailOf, numbers, troubles, isReadOnly, perform],
  );
  return (
    <CanvasContext value={words}>
      <div className={styles.whole} data-wide={isWide}>
        <CanvasTools
          graph={graph}
          numbers={numbers}
          known={known}
          detailOf={detailOf}
          search={search}
          isReadOnly={isReadOnly}
          can={[
            save && "save",
            undo && "undo",
            redo && "redo",
            canvas.steps.length + canvas.notes.length > 0 && "copy",
            canvas.steps.length + canvas.notes.length + canvas.ways.length > 0 && "remove",
          ]
            .filter(Boolean)
            .join(" ")}
          onTool={onTool}
          isWide={isWide}
          onFound={onFound}
        />
        <div className={styles.body}>
          {beside}
          {!isReadOnly && !beside && <Palette known={known} search={palette} onAdd={onAdd} />}
          <div className={styles.frame}>
            <ReactFlow<CanvasNode, WayEdge>
              ref={frame}
              aria-label={t("canvas.label")}
              aria-describedby={hint}
              {...(only && { "aria-activedescendant": elementId(only.id) })}
              tabIndex={0}
              onKeyDown={onKeyDown}
              onKeyUp={() => setPassing(false)}
              onBlur={() => setPassing(false)}
              onMoveStart={moving.begin}
              onMoveEnd={moving.end}
              onPointerDownCapture={takeFocus}
              onCopy={onClipboard((event) => event.clipboardData.setData("text/plain", deeds.copy()))}
              onCut={onClipboard((event) => {
                event.clipboardData.setData("text/plain", deeds.copy());
                if (!isReadOnly) deeds.remove();
              })}
              onPaste={onClipboard(
                (event) => !isReadOnly && deeds.take(event.clipboardData.getData("text/plain")),
              )}
              onDragOver={onDragOver}
              onDragLeave={() => canvas.setOver(null)}
              onDrop={onDrop}
              nodes={canvas.nodes}
              edges={canvas.edges}
              nodeTypes={NODE_TYPES}
              edgeTypes={EDGE_TYPES}
              defaultEdgeOptions={EDGE_OPTIONS}
              onNodesChange={onNodesChange}
              onEdgesChange={onEdgesChange}
              onNodeDrag={onDrag}
              onNodeDragStop={onDragStop}
              onConnect={onConnect}
              onConnectEnd={onConnectEnd}
              onReconnect={onReconnect}
              isValidConnection={isValidConnection}
              connectionMode={ConnectionMode.Strict}
              connectionRadius={36}
              nodesDraggable={!isReadOnly}
              nodesConnectable={!isReadOnly}
              edgesReconnectable={!isReadOnly}
              nodesFocusable={false}
              edgesFocusable={false}
              disableKeyboardA11y
              deleteKeyCode={null}
              onlyRenderVisibleElements
              onInit={onInit}
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
            <p id={hint} className="visually-hidden">
              {t("canvas.keysHint")}
            </p>
          </div>
          {only && isPassing && <PassedPanel title={titleOf(only.id)} />}
          {only && !isPassing && (
            <StepPanel
              key={only.id}
              ref={panel}
              graph={graph}
              node={only}
              number={numbers.get(only.id)}
              nameOf={detailOf}
              trouble={troubles.get(only.id)}
              isReadOnly={isReadOnly}
              perform={perform}
              onRemove={deeds.remove}
              onLeave={() => frame.current?.focus()}
            />
          )}
        </div>
        <p role="status" aria-live="polite" className={styles.told}>
          {deeds.told}
        </p>
      </div>
    </CanvasContext>
  );
}

/** Nothing leads to it, and it leads nowhere. */
function isLoose(graph: FlowGraph, id: string): boolean {
  return (
    id !== graph.start && noteOf(id) === null && !graph.edges.some(({ from, to }) => from === id || to === id)
  );
}

/** A click anywhere on the canvas lets the keys be the canvas's; fields keep the cursor. */
function takeFocus(event: PointerEvent<HTMLDivElement>): void {
  if (event.target instanceof HTMLElement && event.target.closest("textarea, input, button")) return;
  event.currentTarget.focus({ preventScroll: true });
}
