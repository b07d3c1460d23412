/**
 * From samples to figures. Two neighbours in a round saw the same machine, so speed is compared round
 * by round; the median of a process's rounds is one sample, because one process is one throw of the
 * dice; and over the processes stand the median and the range.
 */
import type { RowSamples } from "./child.ts";
import type { Group } from "./contender.ts";
import type { Sample } from "./measure.ts";

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figure {
  readonly name: string;
  readonly group: Group;
  readonly ns: Spread;
  readonly opsPerSecond: number;
  /** Speed as a multiple of the reference: above 1 is faster. */
  readonly ratio: Spread;
  /** Minor page faults per operation. */
  readonly faults: number;
}

export interface Race {
  readonly case: string;
  readonly row: RowSamples["row"];
  readonly way: RowSamples["way"];
  /** The fastest peer. */
  readonly reference: string;
  readonly figures: readonly Figure[];
}

/** One race as each process saw it. */
export type Processes = readonly (readonly Sample[])[];

export function judge(race: Omit<Race, "reference" | "figures">, processes: Processes): Race {
  const reference = fastestOf(processes, ({ group }) => group === "peer");
  const figures = (processes[0] ?? []).map(({ name, group }): Figure => {
    const own = processes.map((samples) => sampleOf(samples, name));
    const ns = spread(own.map((sample) => median(sample.ns)));
    return {
      name,
      group,
      ns,
      opsPerSecond: 1e9 / ns.median,
      ratio: compare(processes, name, reference),
      faults: median(own.map(({ faults }) => faults)),
    };
  });
  return { ...race, reference, figures };
}

/** How many times as fast as another: medians of per-round ratios, over the processes. */
export function compare(processes: Processes, name: string, reference: string): Spread {
  return spread(
    processes.map((samples) => {
      const other = sampleOf(samples, reference);
      const ratios = sampleOf(samples, name).ns.map((ns, round) => (other.ns[round] ?? NaN) / ns);
      return median(ratios);
    }),
  );
}

/** By the median over processes: one bad process does not make a peer slow. "" when nobody is asked for. */
export function fastestOf(processes: Processes, wanted: (sample: Sample) => boolean): string {
  const speeds = (processes[0] ?? []).filter(wanted).map(({ name }) => {
    const medians = processes.map((samples) => median(sampleOf(samples, name).ns));
    return { name, ns: median(medians) };
  });
  return speeds.sort((a, b) => a.ns - b.ns)[0]?.name ?? "";
}

function sampleOf(samples: readonly Sample[], name: string): Sample {
  const empty: Sample = { name, group: "peer", ns: [], faults: 0 };
  return samples.find((sample) => sample.name === name) ?? empty;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** NaN of nothing, so that a missing reference shows as missing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
