/** The id of the way that lies under the pointer, null for none: the library marks each way's element with it. */
export function wayUnder(event: { clientX: number; clientY: number } | unknown): string | null {
  const { clientX, clientY } = event as { clientX?: number; clientY?: number };
  if (clientX === undefined || clientY === undefined) return null;
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    const way = element.closest<SVGElement>(".react-flow__edge");
    if (way?.dataset.id !== undefined) return way.dataset.id;
  }
  return null;
}
