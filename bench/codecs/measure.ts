/**
 * Times contenders against each other on a noisy machine: all in one process, warmed up first, then
 * in rounds that visit each in turn, every other round in reverse order. What counts is the median
 * of the per-round ratios, because two neighbours in a round saw the same machine.
 */

export interface Contender {
  readonly name: string;
  /** Does the work once and returns something, so that it cannot be optimised away. */
  readonly run: (variant: number) => unknown;
}

export interface Timing {
  readonly name: string;
  /** Nanoseconds per operation: median, least and most over the rounds. */
  readonly ns: { readonly median: number; readonly min: number; readonly max: number };
  /** Speed relative to the reference contender: above 1 is faster. Median of the rounds, and its range. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
}

export interface MeasureOptions {
  readonly rounds: number;
  /** How long one contender runs in one round, milliseconds. */
  readonly sliceMs: number;
  /** Name of the contender that ratios refer to. */
  readonly reference: string;
}

let sink: unknown;

export function measure(contenders: readonly Contender[], options: MeasureOptions): Timing[] {
  const batches = contenders.map((contender) => calibrate(contender, options.sliceMs));
  const rounds: number[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    const order = contenders.map((_, place) => place);
    if (round % 2 === 1) order.reverse();
    const times: number[] = [];
    for (const place of order) times[place] = timeBatch(contenders[place], batches[place] ?? 1);
    rounds.push(times);
  }
  const reference = contenders.findIndex(({ name }) => name === options.reference);
  return contenders.map(({ name }, place) => ({
    name,
    ns: summarise(rounds.map((times) => times[place] ?? 0)),
    ratio: summarise(rounds.map((times) => (times[reference] ?? 0) / (times[place] ?? 1))),
  }));
}

/** Warms the contender up and finds how many operations fill a slice. */
function calibrate(contender: Contender, sliceMs: number): number {
  let batch = 8;
  for (;;) {
    const ns = timeBatch(contender, batch) * batch;
    if (ns > sliceMs * 1e6) return batch;
    batch = Math.min(batch * 4, Math.ceil((batch * sliceMs * 1.2e6) / Math.max(ns, 1e3)));
  }
}

/** Nanoseconds per operation. */
function timeBatch(contender: Contender | undefined, batch: number): number {
  if (!contender) return 0;
  const start = process.hrtime.bigint();
  for (let variant = 0; variant < batch; variant++) sink = contender.run(variant);
  const elapsed = Number(process.hrtime.bigint() - start);
  if (sink === undefined) throw new Error(`Cannot measure ${contender.name}: it gave nothing`);
  return elapsed / batch;
}

function summarise(values: readonly number[]): Timing["ns"] {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[sorted.length >> 1] ?? 0,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
  };
}
