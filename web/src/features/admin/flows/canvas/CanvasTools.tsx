import { Button, Popover, type RefSelectProps, Select, Tooltip } from "antd";
import {
  ClipboardPaste,
  Copy,
  Expand,
  type LucideIcon,
  Maximize,
  Minus,
  Plus,
  Redo2,
  Save,
  Shrink,
  StickyNote,
  Trash2,
  Undo2,
  Waypoints,
} from "lucide-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { FlowGraph, FlowNode } from "../model/graph";
import type { KnownKinds } from "../model/useKinds";
import styles from "./CanvasTools.module.css";
import type { Canvas } from "./useCanvas";
import type { Deeds } from "./useDeeds";

interface Props {
  graph: FlowGraph;
  numbers: ReadonlyMap<string, number>;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  canvas: Canvas;
  deeds: Deeds;
  search: RefObject<RefSelectProps | null>;
  isReadOnly: boolean;
  undo: (() => void) | undefined;
  redo: (() => void) | undefined;
  save: (() => void) | undefined;
  /** over the whole window */
  isWide: boolean;
  onWide: (isWide: boolean) => void;
  onFound: (id: string) => void;
}

const KEYS = ["walk", "move", "add", "panel", "remove", "undo", "save", "copy", "search", "more"] as const;

/** What can be done to the whole canvas, and the way to any of its steps. */
export function CanvasTools(props: Props) {
  const {
    graph,
    numbers,
    known,
    detailOf,
    canvas,
    deeds,
    search,
    isReadOnly,
    undo,
    redo,
    save,
    isWide,
    onWide,
    onFound,
  } = props;
  const { t } = useTranslation("flows");
  const isNothing = canvas.steps.length + canvas.notes.length === 0;
  const steps = graph.nodes
    .map((node) => ({
      value: node.id,
      number: numbers.get(node.id) ?? Number.MAX_SAFE_INTEGER,
      label: [numbers.get(node.id), known.nameOf(node.kind), detailOf(node), node.id]
        .filter(Boolean)
        .join(" · "),
    }))
    .sort((a, b) => a.number - b.number);
  return (
    <div className={styles.tools} role="toolbar" aria-label={t("canvas.tools")}>
      {!isReadOnly && (
        <>
          <Tool icon={Save} name={t("editor.save")} act={save} />
          <Tool icon={Undo2} name={t("step.undo")} act={undo} />
          <Tool icon={Redo2} name={t("step.redo")} act={redo} />
          <span className={styles.gap} />
          <Tool icon={Copy} name={t("canvas.copy")} act={isNothing ? undefined : () => void copy(deeds)} />
          <Tool icon={ClipboardPaste} name={t("canvas.paste")} act={() => void pasteFrom(deeds)} />
          <Tool
            icon={Trash2}
            name={t("canvas.remove")}
            act={isNothing && canvas.ways.length === 0 ? undefined : deeds.remove}
          />
          <span className={styles.gap} />
          <Tool icon={StickyNote} name={t("canvas.addNote")} act={deeds.addNote} />
          <Tool icon={Waypoints} name={t("canvas.arrange")} act={() => void deeds.arrange()} />
          <span className={styles.gap} />
        </>
      )}
      <Tool icon={Minus} name={t("canvas.zoomOut")} act={() => void canvas.flow.zoomOut()} />
      <Tool icon={Plus} name={t("canvas.zoomIn")} act={() => void canvas.flow.zoomIn()} />
      <Tool
        icon={Maximize}
        name={t("canvas.fit")}
        act={() => void canvas.flow.fitView({ padding: 0.1, maxZoom: 1 })}
      />
      <Tool
        icon={isWide ? Shrink : Expand}
        name={t(isWide ? "canvas.narrow" : "canvas.wide")}
        act={() => onWide(!isWide)}
      />
      <Select
        ref={search}
        className={styles.search ?? ""}
        aria-label={t("canvas.search")}
        placeholder={t("canvas.search")}
        value={null}
        showSearch={{ optionFilterProp: "label" }}
        options={steps}
        notFoundContent={t("nothingFound")}
        popupMatchSelectWidth={360}
        onSelect={(id) => onFound(String(id))}
      />
      <Popover trigger="click" placement="bottomRight" title={t("canvas.keys.title")} content={<Keys />}>
        <Button type="text">{t("canvas.keys.title")}</Button>
      </Popover>
    </div>
  );
}

/** To the clipboard where the browser lets the page; what is pasted on this page is remembered anyhow. */
async function copy(deeds: Deeds): Promise<void> {
  const text = deeds.copy();
  await navigator.clipboard?.writeText(text).catch(() => undefined);
}

async function pasteFrom(deeds: Deeds): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => "");
  deeds.take(text?.startsWith("{") ? text : "");
}

function Tool({ icon: Icon, name, act }: { icon: LucideIcon; name: string; act: (() => void) | undefined }) {
  return (
    <Tooltip title={name}>
      <Button type="text" icon={<Icon size={16} />} aria-label={name} disabled={!act} onClick={act} />
    </Tooltip>
  );
}

function Keys() {
  const { t } = useTranslation("flows");
  return (
    <dl className={styles.keys}>
      {KEYS.map((key) => (
        <div key={key}>
          <dt>{t(`canvas.keys.${key}.keys`)}</dt>
          <dd>{t(`canvas.keys.${key}.does`)}</dd>
        </div>
      ))}
    </dl>
  );
}
