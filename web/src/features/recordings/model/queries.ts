import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toFilterQuery } from "@/ui/contact-filter";
import { toListQuery } from "@/ui/list-search";
import type { RecordingsSearch } from "./search";

export type Recording = Schema<"RecordingOut">;

/** The search of the address as the API takes it. */
export function toRecordingsQuery(search: RecordingsSearch, timeZone: string) {
  return {
    ...toListQuery(search),
    ...toFilterQuery(search, timeZone),
    ...(search.state && { state: search.state }),
    ...(search.held && { held: true }),
    ...(search.min_s && { min_s: search.min_s }),
  };
}

/** What is being recorded or made is soon ready. */
const UNFINISHED_EVERY_MS = 5_000;

function isUnfinished(recording: Recording): boolean {
  return recording.state === "recording" || recording.state === "processing";
}

export function recordingsQuery(query: ReturnType<typeof toRecordingsQuery>) {
  return queryOptions({
    queryKey: ["recordings", "list", query],
    queryFn: () => bodyOf(api.GET("/api/recordings", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isUnfinished) ? UNFINISHED_EVERY_MS : false),
  });
}

export function waveformQuery(recording: string) {
  return queryOptions({
    queryKey: ["recordings", recording, "waveform"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/recordings/{recording_id}/waveform", { params: { path: { recording_id: recording } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
