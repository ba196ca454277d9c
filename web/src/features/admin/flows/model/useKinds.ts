import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FlowNode } from "./graph";
import { type ExitWords, type Kinds, nameOfField, nameOfKind, toKinds, wordsOfExit } from "./kinds";
import { kindsQuery } from "./queries";

const NONE: Kinds = new Map();

/** The kinds of step, and their words in the reader's language. */
export interface KnownKinds {
  kinds: Kinds;
  isPending: boolean;
  nameOf: (kind: string) => string;
  exitOf: (node: FlowNode, exit: string) => ExitWords;
  fieldOf: (kind: string, field: string) => string;
}

export function useKinds(): KnownKinds {
  const { i18n } = useTranslation();
  const list = useQuery(kindsQuery).data;
  const { language } = i18n;
  return useMemo(() => {
    const kinds = list ? toKinds(list) : NONE;
    return {
      kinds,
      isPending: list === undefined,
      nameOf: (kind) => nameOfKind(kind, kinds, language),
      exitOf: (node, exit) => wordsOfExit(node, exit, kinds, language),
      fieldOf: (kind, field) => nameOfField(kind, field, kinds, language),
    };
  }, [list, language]);
}

/** An exit as one line: "1 Sales", "Waited too long". */
export function toLine({ key, words }: ExitWords): string {
  return key === null ? words : `${key} ${words}`;
}
