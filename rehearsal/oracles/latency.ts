/** Latencies and gaps, from nothing but when calls began and were answered. Microseconds in, milliseconds out. */
export interface Timed {
  readonly calledAt: number;
  readonly answeredAt: number;
}

export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Gap {
  readonly ms: number;
  /** When it began. */
  readonly at: number;
}

/** The nearest-rank percentiles of the calls that began within [from, until). */
export function summarizeLatency(
  calls: readonly Timed[],
  from: number,
  until: number,
): LatencySummary {
  const latencies = calls
    .filter(({ calledAt }) => calledAt >= from && calledAt < until)
    .map(({ calledAt, answeredAt }) => (answeredAt - calledAt) / 1000)
    .sort((a, b) => a - b);
  const rank = (percent: number): number =>
    round(latencies[Math.max(0, Math.ceil((percent / 100) * latencies.length) - 1)] ?? 0);
  const count = latencies.length;
  return { count, p50Ms: rank(50), p95Ms: rank(95), p99Ms: rank(99), maxMs: rank(100) };
}

/** The longest time within [from, until) in which nothing was answered; the borders count as answers. */
export function longestGap(calls: readonly Timed[], from: number, until: number): Gap {
  const moments = calls
    .map(({ answeredAt }) => answeredAt)
    .filter((at) => at > from && at < until)
    .sort((a, b) => a - b);
  let longest: Gap = { ms: 0, at: from };
  let previous = from;
  for (const at of [...moments, until]) {
    const ms = round((at - previous) / 1000);
    if (ms > longest.ms) longest = { ms, at: previous };
    previous = at;
  }
  return longest;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
