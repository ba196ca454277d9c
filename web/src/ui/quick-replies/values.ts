/** What the variables of quick replies stand for where somebody writes. Each place adds what it knows. */
import { createContext } from "react";

export interface ReplyValues {
  customer?: string | undefined;
  company?: string | undefined;
  number?: string | undefined;
  queue?: string | undefined;
}

export const ReplyContext = createContext<ReplyValues>({});
