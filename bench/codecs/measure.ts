/**
 * Times runners beside each other on a noisy machine: all of them warm before the first is timed, then
 * rounds that visit each in turn, every other round in reverse order. Before each timed run a minor
 * collection and an untimed quarter run, so that nobody pays for a neighbour's garbage or cold caches.
 */
import type { Group } from "./contender.ts";
import type { Runner } from "./rows.ts";

export interface MeasureOptions {
  readonly rounds: number;
  /** How long one runner runs in one round, milliseconds. */
  readonly sliceMs: number;
}

export interface Sample {
  readonly name: string;
  readonly group: Group;
  /** Nanoseconds per operation, by round. */
  readonly ns: readonly number[];
  /** Minor page faults per operation, over all rounds. */
  readonly faults: number;
}

/** The engine optimises after one to four thousand calls. */
const WARM_CALLS = 4000;
/** Slow codecs of large messages get this many times the time, not all the calls. */
const PATIENCE = 4;

export function warm(runners: readonly Runner[], milliseconds: number): void {
  for (const { run } of runners) {
    const start = performance.now();
    let calls = 0;
    for (let times = 8; ; times = Math.min(times * 2, 1024)) {
      run(times);
      calls += times;
      const passed = performance.now() - start;
      if (passed > milliseconds && (calls > WARM_CALLS || passed > PATIENCE * milliseconds)) break;
    }
  }
}

export function measure(runners: readonly Runner[], options: MeasureOptions): Sample[] {
  const times = runners.map((runner) => timesPerSlice(runner, options.sliceMs));
  const ns: number[][] = runners.map(() => []);
  const faults: number[] = runners.map(() => 0);
  for (let round = 0; round < options.rounds; round++) {
    const order = runners.map((_, place) => place);
    if (round % 2 === 1) order.reverse();
    for (const place of order) {
      const runner = runners[place];
      const count = times[place] ?? 1;
      if (!runner) continue;
      const timed = timeSlice(runner, count);
      ns[place]?.push(timed.ns);
      faults[place] = (faults[place] ?? 0) + timed.faults / count / options.rounds;
    }
  }
  return runners.map(({ name, contender }, place) => ({
    name,
    group: contender.group,
    ns: ns[place] ?? [],
    faults: faults[place] ?? 0,
  }));
}

/** How many operations fill a slice. */
function timesPerSlice({ run }: Runner, sliceMs: number): number {
  for (let times = 8; ; times *= 2) {
    const start = performance.now();
    run(times);
    const passed = performance.now() - start;
    if (passed > sliceMs / 2) return Math.max(1, Math.round((times * sliceMs) / passed));
  }
}

function timeSlice({ run }: Runner, times: number): { ns: number; faults: number } {
  collectGarbage();
  run(Math.ceil(times / 4));
  const before = process.resourceUsage().minorPageFault;
  const start = performance.now();
  run(times);
  const passed = performance.now() - start;
  const faults = process.resourceUsage().minorPageFault - before;
  return { ns: (passed * 1e6) / times, faults };
}

type Collect = (options: { type: "minor" }) => void;

function collectGarbage(): void {
  const { gc } = globalThis as unknown as { gc?: Collect };
  if (!gc) throw new Error("Cannot measure: this process needs --expose-gc");
  gc({ type: "minor" });
}
