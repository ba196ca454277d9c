import type { CallQuality } from "./port";

/** What of getStats() we use, as running totals. */
export interface MediaTotals {
  received: number;
  lost: number;
  jitter_ms: number;
  rtt_ms: number | null;
}

export function readTotals(report: RTCStatsReport): MediaTotals {
  const totals: MediaTotals = { received: 0, lost: 0, jitter_ms: 0, rtt_ms: null };
  for (const stats of report.values() as Iterable<Record<string, unknown>>) {
    if (stats.type === "inbound-rtp" && stats.kind === "audio") {
      totals.received = Number(stats.packetsReceived ?? 0);
      totals.lost = Number(stats.packetsLost ?? 0);
      totals.jitter_ms = Number(stats.jitter ?? 0) * 1000;
    }
    if (stats.type === "remote-inbound-rtp" && typeof stats.roundTripTime === "number")
      totals.rtt_ms = stats.roundTripTime * 1000;
    if (
      stats.type === "candidate-pair" &&
      stats.nominated === true &&
      typeof stats.currentRoundTripTime === "number"
    ) {
      totals.rtt_ms ??= stats.currentRoundTripTime * 1000;
    }
  }
  return totals;
}

/**
 * Judge the time between two readings. Good: nobody notices. Fair: syllables drop. Poor: sentences must be repeated.
 * Nothing received at all is poor: it is silence.
 */
export function judgeQuality(before: MediaTotals, after: MediaTotals): CallQuality {
  const received = Math.max(0, after.received - before.received);
  const lost = Math.max(0, after.lost - before.lost);
  const loss_pct = received + lost === 0 ? 100 : (100 * lost) / (received + lost);
  const rtt_ms = after.rtt_ms;
  const isPoor = loss_pct >= 8 || after.jitter_ms >= 80 || (rtt_ms ?? 0) >= 600;
  const isFair = loss_pct >= 2 || after.jitter_ms >= 40 || (rtt_ms ?? 0) >= 300;
  return { level: isPoor ? "poor" : isFair ? "fair" : "good", loss_pct, jitter_ms: after.jitter_ms, rtt_ms };
}
