import type { ToolName } from "./CanvasTools";
import type { Canvas } from "./useCanvas";
import type { Deeds } from "./useDeeds";

/** Does what a tool of the canvas does. */
export function takeTool(tool: ToolName, { flow }: Canvas, deeds: Deeds): void {
  if (tool === "copy") void copy(deeds);
  else if (tool === "paste") void pasteFrom(deeds);
  else if (tool === "remove") deeds.remove();
  else if (tool === "addNote") deeds.addNote();
  else if (tool === "arrange") void deeds.arrange();
  else if (tool === "zoomOut") void flow.zoomOut();
  else if (tool === "zoomIn") void flow.zoomIn();
  else if (tool === "fit") void flow.fitView({ padding: 0.1, maxZoom: 1 });
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
