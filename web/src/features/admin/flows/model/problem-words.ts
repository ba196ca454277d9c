import type { i18n as I18n, TFunction } from "i18next";
import type { FlowGraph } from "./graph";
import type { FlowProblem } from "./queries";
import { type KnownKinds, toLine } from "./useKinds";

/** Problems of one graph in plain words, and the caller's way to them. */
export function problemWords(
  graph: FlowGraph | null,
  { known, t, i18n }: { known: KnownKinds; t: TFunction<"flows">; i18n: I18n },
) {
  const stepOf = (id: string | null) => graph?.nodes.find((node) => node.id === id);
  const nameOf = (id: string | null) => known.nameOf(stepOf(id)?.kind ?? "");
  const exitOf = (id: string | null, exit: string | null) => {
    const step = stepOf(id);
    return step && exit !== null ? toLine(known.exitOf(step, exit)) : (exit ?? "");
  };
  return {
    nameOf,
    wordsOf: ({ code, node, field, detail }: FlowProblem): string => {
      const language = i18n.exists(`flows:prompts.languages.${detail}`)
        ? t(`prompts.languages.${detail as "zh"}`)
        : detail;
      const asked = code === "bad_value" && field ? known.fieldOf(stepOf(node)?.kind ?? "", field) : field;
      const facts = { field: asked ?? "", exit: exitOf(node, field), detail, language };
      return i18n.exists(`flows:problems.codes.${code}`)
        ? t(`problems.codes.${code as "exit_open"}`, facts)
        : t("problems.codes.other", { ...facts, code });
    },
    /** A step with one way on says nothing by its exit: its own name stands for it. */
    wayOf: ({ path }: FlowProblem): string =>
      path.map(({ node, exit }) => (exit === "next" ? nameOf(node) : exitOf(node, exit))).join(" → "),
  };
}
