import { type ContactFilter, readContactFilter } from "@/ui/contact-filter";
import { compact, type ListSearch, oneOf, readListSearch, someText, wholeNumber } from "@/ui/list-search";

export const recordingStates = ["recording", "processing", "ready", "failed", "empty", "deleted"] as const;
export type RecordingState = (typeof recordingStates)[number];

export interface RecordingsSearch extends ListSearch, ContactFilter {
  state?: RecordingState | undefined;
  /** At least so many seconds long. */
  min_s?: number | undefined;
  /** Only what retention passes over. */
  held?: boolean | undefined;
  /** The recording in the player. */
  play?: string | undefined;
}

export function readRecordingsSearch(raw: Record<string, unknown>): RecordingsSearch {
  return compact({
    ...readListSearch(raw),
    ...readContactFilter(raw),
    state: oneOf(raw.state, recordingStates),
    min_s: wholeNumber(raw.min_s),
    held: raw.held === true || undefined,
    play: someText(raw.play),
  });
}
