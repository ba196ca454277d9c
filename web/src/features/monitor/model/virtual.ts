/** Which part of a long list is drawn: plain arithmetic of pixels. */

export interface Viewport {
  scrollTop: number;
  width: number;
  height: number;
}

export interface Window {
  columns: number;
  /** Index of the first item drawn. */
  from: number;
  /** Index after the last item drawn. */
  to: number;
  /** Pixels above the first row drawn. */
  offset: number;
  /** Pixels of the whole list. */
  total: number;
}

const ROWS_BEYOND = 4;

/** Rows of equal height, in as many columns of at least `minColumnWidth` as fit (one where it is absent). */
export function windowOf(
  count: number,
  rowHeight: number,
  minColumnWidth: number | undefined,
  view: Viewport,
): Window {
  const columns = minColumnWidth ? Math.max(1, Math.floor(view.width / minColumnWidth)) : 1;
  const rows = Math.ceil(count / columns);
  const first = Math.max(0, Math.min(rows, Math.floor(view.scrollTop / rowHeight)) - ROWS_BEYOND);
  const last = Math.min(rows, Math.ceil((view.scrollTop + view.height) / rowHeight) + ROWS_BEYOND);
  return {
    columns,
    from: first * columns,
    to: Math.min(count, last * columns),
    offset: first * rowHeight,
    total: rows * rowHeight,
  };
}
