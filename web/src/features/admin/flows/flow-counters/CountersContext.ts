import { createContext } from "react";
import type { Schema } from "@/api/client";

export type NodeCounters = Schema<"NodeCountersOut">;

/** The counters by step; null while they are not shown. */
export type Counters = ReadonlyMap<string, NodeCounters> | null;

export const CountersContext = createContext<Counters>(null);
