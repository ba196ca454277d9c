/** How far the server is, measured by small requests: the median says more than one lucky or unlucky one. */

export interface NetworkResult {
  rtt_ms: number;
  lost: number;
  asked: number;
}

const TIMES = 8;
const LIMIT_MS = 2000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Ask `TIMES` times; an answer that takes longer than 2 s counts as lost. */
export async function measureNetwork(): Promise<NetworkResult> {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i += 1) {
    const begun = performance.now();
    try {
      await fetch("/api/health", { cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) });
      times.push(performance.now() - begun);
    } catch {
      // counted as lost below
    }
  }
  return { rtt_ms: median(times), lost: TIMES - times.length, asked: TIMES };
}
