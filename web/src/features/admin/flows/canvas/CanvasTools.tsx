import { Button, Popover, type RefSelectProps, Tooltip } from "antd";
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
import { memo, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { FlowGraph, FlowNode } from "../model/graph";
import type { KnownKinds } from "../model/useKinds";
import styles from "./CanvasTools.module.css";
import { StepSearch } from "./StepSearch";

export type ToolName =
  | "save"
  | "undo"
  | "redo"
  | "copy"
  | "paste"
  | "remove"
  | "addNote"
  | "arrange"
  | "zoomOut"
  | "zoomIn"
  | "fit"
  | "wide";

interface Props {
  graph: FlowGraph;
  numbers: ReadonlyMap<string, number>;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  search: RefObject<RefSelectProps | null>;
  isReadOnly: boolean;
  /** which of the tools that are not always of use are so now, joined: a text stays the same while they do */
  can: string;
  onTool: (tool: ToolName) => void;
  /** over the whole window */
  isWide: boolean;
  onFound: (id: string) => void;
}

const KEYS = ["walk", "move", "add", "panel", "remove", "undo", "save", "copy", "search", "more"] as const;

/** What can be done to the whole canvas, and the way to any of its steps. Walking over the canvas leaves it as it is. */
export const CanvasTools = memo(function CanvasTools(props: Props) {
  const { graph, numbers, known, detailOf, search, isReadOnly, can, onTool, isWide, onFound } = props;
  const { t } = useTranslation("flows");
  const able = new Set(can.split(" "));
  const tool = (name: ToolName, icon: LucideIcon, words: string, isAble = true) => (
    <Tool icon={icon} name={words} act={isAble ? () => onTool(name) : undefined} />
  );
  return (
    <div className={styles.tools} role="toolbar" aria-label={t("canvas.tools")}>
      {!isReadOnly && (
        <>
          {tool("save", Save, t("editor.save"), able.has("save"))}
          {tool("undo", Undo2, t("step.undo"), able.has("undo"))}
          {tool("redo", Redo2, t("step.redo"), able.has("redo"))}
          <span className={styles.gap} />
          {tool("copy", Copy, t("canvas.copy"), able.has("copy"))}
          {tool("paste", ClipboardPaste, t("canvas.paste"))}
          {tool("remove", Trash2, t("canvas.remove"), able.has("remove"))}
          <span className={styles.gap} />
          {tool("addNote", StickyNote, t("canvas.addNote"))}
          {tool("arrange", Waypoints, t("canvas.arrange"))}
          <span className={styles.gap} />
        </>
      )}
      {tool("zoomOut", Minus, t("canvas.zoomOut"))}
      {tool("zoomIn", Plus, t("canvas.zoomIn"))}
      {tool("fit", Maximize, t("canvas.fit"))}
      {tool("wide", isWide ? Shrink : Expand, t(isWide ? "canvas.narrow" : "canvas.wide"))}
      <StepSearch
        graph={graph}
        numbers={numbers}
        known={known}
        detailOf={detailOf}
        search={search}
        onFound={onFound}
      />
      <Popover trigger="click" placement="bottomRight" title={t("canvas.keys.title")} content={<Keys />}>
        <Button type="text">{t("canvas.keys.title")}</Button>
      </Popover>
    </div>
  );
});

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
