import MeasureRowContext from "antd/es/table/TableMeasureRowContext";
import { type ReactNode, useContext } from "react";

/**
 * What can be pressed in a column's head. Ant Design draws heads a second time, hidden, to measure widths by; a button
 * there would be reached by the keyboard and never seen.
 */
export function NotMeasured({ children }: { children: ReactNode }) {
  return useContext(MeasureRowContext) ? null : children;
}
