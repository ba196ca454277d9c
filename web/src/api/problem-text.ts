import i18next from "i18next";
import { CommandProblem } from "@/live/socket";
import { ApiProblem } from "./problem";

function sentence(code: string, facts: Record<string, unknown>): string | null {
  const key = [`api:problems.${code}`, `problems:${code}`].find((each) => i18next.exists(each));
  const t = i18next.t as (key: string, facts: Record<string, unknown>) => string;
  return key ? t(key, facts) : null;
}

/**
 * Say in the reader's language what went wrong and what to do, for an `ApiProblem`, a `CommandProblem` or anything
 * thrown. An unknown code is told with its name, so that a report of it helps.
 */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem || error instanceof CommandProblem))
    return sentence("unexpected", {}) ?? "";
  const facts = { ...error.facts };
  return sentence(error.code, facts) ?? sentence("unknown", { code: error.code }) ?? error.code;
}

/** The same for one field of a refused form. */
export function fieldProblemText(code: string): string {
  return sentence(code, {}) ?? sentence("unknown", { code }) ?? code;
}
