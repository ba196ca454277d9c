/** Agents lent to a queue for a time (支援), for the pages that show agents. */
import { lazy } from "react";

export { LoanNote } from "./components/LoanNote";

/** Loaded on use. */
export const LendDialog = lazy(async () => ({
  default: (await import("./components/LendDialog")).LendDialog,
}));
