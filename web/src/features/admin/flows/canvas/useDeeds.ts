import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Piece, paste, readPiece, toPiece, writePiece } from "../model/clipboard";
import * as edits from "../model/edits";
import type { FlowGraph } from "../model/graph";
import type { Command, Deed } from "../model/history";
import { layOut } from "../model/layout";
import { type Point, placesOf } from "../model/placing";
import type { KnownKinds } from "../model/useKinds";
import { noteNodeId } from "./drawing";
import type { Canvas } from "./useCanvas";

/** What was copied last on this page, for buttons: browsers give the clipboard to keys alone where a page is not secure. */
let copied = "";

interface Given {
  graph: FlowGraph;
  known: KnownKinds;
  canvas: Canvas;
  perform: (command: Command) => void;
}

/** What can be done on the canvas, each told in words when it is done. */
export function useDeeds({ graph, known, canvas, perform }: Given) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const [told, setTold] = useState("");
  const { kinds } = known;

  /** The same words twice are told twice. */
  const tell = (words: string) => setTold((before) => (before === words ? `${words}\u00a0` : words));
  const tellDeed = (deed: Deed) => tell(t(`did.${deed.name as "moved"}`, deed.facts ?? {}));
  const act = (command: Command) => {
    perform(command);
    tellDeed(command);
  };
  /** A command whose graph is known already. */
  const put = (deed: Deed, changed: FlowGraph) => act({ ...deed, run: () => changed });
  const nameOf = (id: string) => known.nameOf(graph.nodes.find((node) => node.id === id)?.kind ?? "");

  const centre = (): Point => {
    const box = document.querySelector(".react-flow")?.getBoundingClientRect();
    if (!box) return { x: 80, y: 80 };
    return canvas.flow.screenToFlowPosition({ x: box.x + box.width / 2 - 120, y: box.y + box.height / 3 });
  };
  const added = (kind: string, made: { graph: FlowGraph; id: string }) => {
    put({ name: "added", facts: { kind: known.nameOf(kind) } }, made.graph);
    canvas.setSelected(new Set([made.id]));
    requestAnimationFrame(() => canvas.goTo(made.id));
    return made.id;
  };
  const add = (kind: string, at?: { point: Point; way: edits.Way | null }) => {
    if (at?.way) return added(kind, edits.insertStep(graph, kinds, kind, at.way, at.point));
    if (at) return added(kind, edits.makeStep(graph, kinds, kind, at.point));
    const [way] = canvas.ways;
    if (way)
      return added(
        kind,
        edits.insertStep(graph, kinds, kind, { from: way.source, exit: way.sourceHandle ?? "" }, centre()),
      );
    const [after] = canvas.steps;
    if (after !== undefined && canvas.steps.length === 1)
      return added(kind, edits.followWith(graph, kinds, kind, after));
    return added(kind, edits.makeStep(graph, kinds, kind, centre()));
  };
  const remove = () => {
    const { steps, notes, ways } = canvas;
    const count = steps.filter((id) => id !== graph.start).length + notes.length + ways.length;
    if (count === 0) {
      if (steps.length > 0) tell(t("did.startStays"));
      return;
    }
    const [only] = steps;
    act({
      name: steps.length === 1 && count === 1 ? "removedStep" : "removed",
      facts: { count, kind: only ? nameOf(only) : "" },
      run: (now) => {
        const cut = edits.disconnect(
          now,
          ways.map(({ source, sourceHandle }) => ({ from: source, exit: sourceHandle ?? "" })),
        );
        return edits.removeNotes(edits.removeSteps(cut, steps), new Set(notes));
      },
    });
    canvas.setSelected(new Set());
  };
  const connect = (way: edits.Way, to: string) => {
    const node = graph.nodes.find(({ id }) => id === way.from);
    const exit = node ? known.exitOf(node, way.exit).words || way.exit : way.exit;
    act({
      name: "connected",
      facts: { exit, from: nameOf(way.from), to: nameOf(to) },
      run: (now) => edits.connect(now, way, to),
    });
  };
  const nudge = (by: Point) => {
    const places = placesOf(graph);
    const moved = (at: Point | undefined) => ({ x: (at?.x ?? 0) + by.x, y: (at?.y ?? 0) + by.y });
    const steps = new Map(canvas.steps.map((id) => [id, moved(places.get(id))]));
    const notes = new Map(
      (graph.notes ?? []).flatMap((note) =>
        canvas.notes.includes(note.id) ? [[note.id, moved(note.position)] as const] : [],
      ),
    );
    if (steps.size + notes.size === 0) return;
    act({
      name: "moved",
      facts: { count: steps.size + notes.size },
      merge: `nudge ${[...steps.keys(), ...notes.keys()].join(" ")}`,
      run: (now) => edits.moveNotes(edits.moveSteps(now, steps), notes),
    });
  };
  /** The selected steps as text, "" for none. */
  const copy = (): string => {
    const piece = toPiece(graph, new Set(canvas.steps), new Set(canvas.notes));
    const count = piece.nodes.length + piece.notes.length;
    if (count === 0) return "";
    copied = writePiece(piece);
    tell(t("did.copied", { count }));
    return copied;
  };
  const take = (text: string, at: Point | null = null) => {
    const piece: Piece | string = readPiece(text === "" ? copied : text, kinds);
    if (typeof piece === "string") {
      tell(t(`canvas.refused.${piece as "not_steps"}`));
      return void message.warning(t(`canvas.refused.${piece as "not_steps"}`));
    }
    const pasted = paste(graph, piece, at);
    put({ name: "pasted", facts: { count: pasted.ids.length + pasted.notes.length } }, pasted.graph);
    canvas.setSelected(new Set([...pasted.ids, ...pasted.notes.map(noteNodeId)]));
  };
  const addNote = () => {
    const made = edits.addNote(graph, "", centre());
    put({ name: "noted" }, made.graph);
    canvas.setSelected(new Set([noteNodeId(made.id)]));
  };
  const arrange = async () => {
    const places = await layOut(graph, kinds);
    act({ name: "arranged", run: (now) => edits.moveSteps(now, places) });
    requestAnimationFrame(() => void canvas.flow.fitView({ padding: 0.1, maxZoom: 1 }));
  };
  return { told, tell, tellDeed, act, add, remove, connect, nudge, copy, take, addNote, arrange };
}

export type Deeds = ReturnType<typeof useDeeds>;
