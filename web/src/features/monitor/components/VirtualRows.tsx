import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { type Viewport, windowOf } from "../model/virtual";
import styles from "./VirtualRows.module.css";

interface Props<Item> {
  /** What is listed, for screen readers. */
  label: string;
  items: readonly Item[];
  itemKey: (item: Item) => string | number;
  /** Pixels, the gap below included. */
  rowHeight: number;
  /** Makes a grid of as many columns as fit. */
  minColumnWidth?: number;
  /** CSS height at most; a short list is as high as its rows. */
  maxHeight: string;
  children: (item: Item) => ReactNode;
}

/** A list that draws only what is in view, so that a thousand rows cost as much as forty. */
export function VirtualRows<Item>(props: Props<Item>) {
  const { label, items, itemKey, rowHeight, minColumnWidth, maxHeight, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<Viewport>({ scrollTop: 0, width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () =>
      setView({
        scrollTop: element.scrollTop,
        width: element.clientWidth,
        height: element.clientHeight,
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);
  const drawn = windowOf(items.length, rowHeight, minColumnWidth, view);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard
    <section ref={box} className={styles.box} style={{ maxHeight }} aria-label={label} tabIndex={0}>
      <div className={styles.whole} style={{ height: drawn.total }}>
        <ul
          className={styles.rows}
          style={{
            transform: `translateY(${drawn.offset}px)`,
            gridTemplateColumns: `repeat(${drawn.columns}, minmax(0, 1fr))`,
            gridAutoRows: rowHeight,
          }}
        >
          {items.slice(drawn.from, drawn.to).map((item, index) => (
            <li
              key={itemKey(item)}
              className={styles.row}
              aria-setsize={items.length}
              aria-posinset={drawn.from + index + 1}
            >
              {children(item)}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
