/** A node's configuration as a form holds it, and back. Pure. */
import { type PanelField, TELEPHONE_KEYS } from "./kinds";

export type KeyRow = { key?: string; value?: string | number };
export type FormConfig = Record<string, unknown>;

/** Keys are rows in the form, and prompts their names; what was never said is the default. */
export function toForm(fields: readonly PanelField[], config: Record<string, unknown>): FormConfig {
  return Object.fromEntries(fields.map((field) => [field.name, shown(field, config[field.name])]));
}

function shown(field: PanelField, value: unknown): unknown {
  switch (field.kind) {
    case "prompt":
      return (value as { key?: string } | null | undefined)?.key;
    case "keys":
    case "scores": {
      const rows = Object.entries((value as Record<string, string | number> | undefined) ?? {});
      rows.sort(([a], [b]) => TELEPHONE_KEYS.indexOf(a) - TELEPHONE_KEYS.indexOf(b));
      return rows.map(([key, each]): KeyRow => ({ key, value: each }));
    }
    case "rows":
      return rowsOf(value).map((row) => ({ ...row, ...toForm(field.columns, row) }));
    default:
      return value ?? field.default ?? undefined;
  }
}

/** Back to what the API takes; members that no field knows are kept. */
export function fromForm(
  fields: readonly PanelField[],
  config: Record<string, unknown>,
  form: FormConfig,
): Record<string, unknown> {
  const kept = { ...config };
  for (const field of fields) {
    const value = written(field, form[field.name]);
    if (value === undefined) delete kept[field.name];
    else kept[field.name] = value;
  }
  return kept;
}

function written(field: PanelField, value: unknown): unknown {
  switch (field.kind) {
    case "prompt":
      return typeof value === "string" && value !== "" ? { key: value } : undefined;
    case "keys":
    case "scores":
      return Object.fromEntries(
        ((value as KeyRow[] | undefined) ?? []).flatMap(({ key, value: each }) =>
          key === undefined ? [] : [[key, each ?? ""]],
        ),
      );
    case "rows":
      return rowsOf(value).map((row) => fromForm(field.columns, row, row));
    default:
      return value === "" || value === null ? undefined : value;
  }
}

type Row = Record<string, unknown>;

function rowsOf(value: unknown): Row[] {
  return Array.isArray(value)
    ? value.filter((row): row is Row => typeof row === "object" && row !== null)
    : [];
}

/** A row to be filled. Rows with a name are told apart by `exit`: the first free one. */
export function newRow(field: PanelField, rows: unknown): FormConfig {
  const taken = new Set(rowsOf(rows).map(({ exit }) => exit));
  let number = 1;
  while (taken.has(`case_${number}`)) number += 1;
  const isNamed = field.columns.some(({ name }) => name === "name");
  return { ...(isNamed && { exit: `case_${number}` }), ...toForm(field.columns, {}) };
}
