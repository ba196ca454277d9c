/** Which columns of a list are shown: the reader's choice, which stands in the address. */
import type { TableProps } from "antd";

export interface ChoosableColumn {
  key: string;
  title: string;
}

type Columns<Row> = NonNullable<TableProps<Row>["columns"]>;

/** Columns with a name; the first one names the row and stays, one without a name (its actions) stays too. */
export function choosableColumns<Row>(columns: Columns<Row>): ChoosableColumn[] {
  return columns
    .slice(1)
    .flatMap(({ key, title }) =>
      typeof title === "string" && key !== undefined ? [{ key: String(key), title }] : [],
    );
}

export function shownColumns<Row>(
  columns: Columns<Row>,
  chosen: readonly string[] | undefined,
  hidden: readonly string[],
): Columns<Row> {
  const choosable = new Set(choosableColumns(columns).map(({ key }) => key));
  return columns.filter(({ key }) => {
    const name = String(key);
    if (!choosable.has(name)) return true;
    return chosen ? chosen.includes(name) : !hidden.includes(name);
  });
}
