/** The kinds of step there are, as the API tells them: their exits, and what each is called. Pure. */
import type { Schema } from "@/api/client";
import type { FlowGraph, FlowNode } from "./graph";

export type Kind = Schema<"FlowKindOut">;
export type PanelField = Schema<"FlowFieldOut">;
export type Kinds = ReadonlyMap<string, Kind>;

/** The way by which a caller comes from any step to the flow's shortcut: it is drawn nowhere. */
export const BY_SHORTCUT = "by-shortcut";

export const TELEPHONE_KEYS = [..."1234567890*#"];

export function toKinds(list: readonly Kind[]): Kinds {
  return new Map(list.map((kind) => [kind.kind, kind]));
}

/** The exits that a step's own configuration names, and what each means; a telephone's keys in the order of its row. */
export function namedExits(node: FlowNode, kinds: Kinds): [exit: string, label: string][] {
  const by = kinds.get(node.kind)?.exits_by;
  const named = by ? node.config[by] : undefined;
  if (Array.isArray(named)) return named.flatMap(toNamedExit);
  if (typeof named !== "object" || named === null) return [];
  const entries = Object.entries(named).map(([exit, means]): [string, string] => [
    exit,
    typeof means === "string" || typeof means === "number" ? String(means) : "",
  ]);
  if (!entries.every(([exit]) => TELEPHONE_KEYS.includes(exit))) return entries;
  return entries.sort(([a], [b]) => TELEPHONE_KEYS.indexOf(a) - TELEPHONE_KEYS.indexOf(b));
}

function toNamedExit(row: unknown): [exit: string, label: string][] {
  const { exit, name } = (row ?? {}) as { exit?: unknown; name?: unknown };
  return typeof exit === "string" ? [[exit, typeof name === "string" ? name : ""]] : [];
}

/** The exits a step may be left by. A kind that nobody knows has those that lead somewhere. */
export function exitsOf(node: FlowNode, kinds: Kinds, graph: FlowGraph): string[] {
  const kind = kinds.get(node.kind);
  if (!kind) return graph.edges.filter(({ from }) => from === node.id).map(({ exit }) => exit);
  return [...namedExits(node, kinds).map(([exit]) => exit), ...kind.exits.map(({ exit }) => exit)];
}

/** An exit in words. `key` where a key of the telephone chooses it, which then says what the key means. */
export interface ExitWords {
  key: string | null;
  words: string;
}

export function wordsOfExit(node: FlowNode, exit: string, kinds: Kinds, language: string): ExitWords {
  if (exit === BY_SHORTCUT) return { key: null, words: nameOfKind("shortcut", kinds, language) };
  const named = new Map(namedExits(node, kinds)).get(exit);
  if (named !== undefined)
    return TELEPHONE_KEYS.includes(exit) ? { key: exit, words: named } : { key: null, words: named || exit };
  const told = kinds.get(node.kind)?.exits.find((each) => each.exit === exit);
  return { key: null, words: told ? inWords(told, language) : exit };
}

export function nameOfKind(code: string, kinds: Kinds, language: string): string {
  const kind = kinds.get(code);
  return kind ? inWords(kind, language) : code;
}

/** What a kind calls the field of this name; the name itself where it has none such. */
export function nameOfField(code: string, name: string, kinds: Kinds, language: string): string {
  const field = kinds.get(code)?.fields.find((each) => each.name === name);
  return field ? labelOf(field, language) : name;
}

/** What a field is called. */
export function labelOf(field: PanelField, language: string): string {
  return inWords({ name: field.label, name_en: field.label_en }, language);
}

function inWords({ name, name_en }: { name: string; name_en: string }, language: string): string {
  return language === "zh" ? name : name_en || name;
}
