import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readSettingsSearch } from "../settings-search";

/** The name of a row: opens it, by mouse or keyboard, and has an address. */
export function RecordLink({ id, children }: { id: number; children: ReactNode }) {
  return (
    <Link
      to="."
      search={
        ((before: Record<string, unknown>) => ({
          ...readSettingsSearch(before),
          open: String(id),
        })) as never
      }
    >
      {children}
    </Link>
  );
}
