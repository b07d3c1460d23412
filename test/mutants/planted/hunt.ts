/** Looks for one planted bug: seed after seed until the named oracle sees it, then what that find is worth. */
import { type CampaignResult, runCampaign } from "../../../sim/campaign/index.ts";
import type { Oracle, RunResult } from "../../../sim/index.ts";
import type { Conditions } from "./bug-file.ts";
import type { Subject } from "./workshop.ts";

export interface Field extends Omit<Conditions, "releases"> {
  readonly sources: readonly Subject[];
}

export interface Find {
  readonly seed: number;
  readonly oracle: Oracle;
  readonly message: string;
  readonly atMs: number;
  /** Nothing, or why the find does not count. */
  readonly objection?: string;
}

export interface Start {
  readonly from: number;
  /** Seeds that were run, the one that found it included. */
  readonly seeds: number;
  readonly find?: Find;
  /** Seeds in which another oracle fired, by oracle; they were passed over. */
  readonly others: Readonly<Record<string, number>>;
}

export interface HuntOptions {
  readonly oracles: readonly Oracle[];
  readonly from: number;
  /** Seeds of this start, those of earlier hunts included. */
  readonly limit: number;
  /** What earlier hunts of this start saw. */
  readonly before?: Start | undefined;
  readonly signal: AbortSignal;
}

/** Goes on where an earlier hunt of the same start ended. */
export async function hunt(mutated: Field, twins: Twins, options: HuntOptions): Promise<Start> {
  const { from, limit, oracles, before, signal } = options;
  const others: Record<string, number> = { ...before?.others };
  const see = (name: string): void => {
    others[name] = (others[name] ?? 0) + 1;
  };
  let done = before?.seeds ?? 0;
  let hit: RunResult | undefined;
  while (done < limit && hit === undefined && !signal.aborted) {
    const seeds = seedsFrom(from + done, limit - done);
    const crash = await runUntil({ field: mutated, seeds, signal }, (result) => {
      done++;
      const { verdict, oracle } = result;
      if (verdict !== "fail" || oracle === undefined) return false;
      if (oracles.includes(oracle)) hit = result;
      else see(oracle);
      return hit !== undefined;
    });
    if (crash === undefined) continue;
    // The simulator itself fell over that seed, which is no find.
    see("crash");
    done++;
  }
  const start = { from, seeds: done, others };
  if (hit === undefined) return start;
  const { seed, oracle = "ALIVE", atMs } = hit;
  // A stack behind it names places in the bundle only.
  const [message = ""] = (hit.message ?? "").split("\n");
  const objection =
    (await replayObjection(mutated, hit, signal)) ?? (await twins.objection(from, seed, signal));
  // Out of time: the next hunt finds it again and looks at its twin then.
  if (signal.aborted) return { ...start, seeds: done - 1 };
  return {
    ...start,
    find: { seed, oracle, message, atMs, ...(objection !== undefined && { objection }) },
  };
}

/** The twin of a mutant in the same field. Mutants of the same conditions share its verdicts. */
export class Twins {
  private readonly field: Field;
  private readonly verdicts: Map<number, RunResult> = new Map();

  constructor(field: Field) {
    this.field = field;
  }

  async objection(from: number, to: number, signal: AbortSignal): Promise<string | undefined> {
    const wanted = seedsFrom(from, to - from + 1);
    const seeds = wanted.filter((seed) => !this.verdicts.has(seed));
    await runUntil({ field: this.field, seeds, signal }, (result) => {
      this.verdicts.set(result.seed, result);
      return false;
    });
    for (const seed of wanted) {
      const verdict = this.verdicts.get(seed);
      if (verdict === undefined) return `the twin was not run with seed ${seed}`;
      if (verdict.verdict === "pass") continue;
      return `the twin ends seed ${seed} with ${verdict.oracle ?? "no verdict"}: ${verdict.message ?? ""}`;
    }
    return undefined;
  }
}

/** In a fresh thread, as the printed command would. */
async function replayObjection(
  field: Field,
  { seed, trace, oracle }: RunResult,
  signal: AbortSignal,
): Promise<string | undefined> {
  const again = await runSeed(field, seed, signal);
  if (again?.trace === trace && again.oracle === oracle) return undefined;
  return `a second run ends with ${again?.oracle ?? again?.verdict ?? "no result"}`;
}

export async function runSeed(
  field: Field,
  seed: number,
  signal: AbortSignal,
): Promise<RunResult | undefined> {
  let found: RunResult | undefined;
  await runUntil({ field, seeds: [seed], signal }, (result) => {
    found = result;
    return true;
  });
  return found;
}

/** One thread, so that the seeds come in their order. What the simulator threw, if it did. */
async function runUntil(
  run: { readonly field: Field; readonly seeds: readonly number[]; readonly signal: AbortSignal },
  isEnough: (result: RunResult) => boolean,
): Promise<unknown> {
  const { field, seeds, signal } = run;
  if (seeds.length === 0 || signal.aborted) return undefined;
  const end = new AbortController();
  const onAbort = (): void => end.abort();
  signal.addEventListener("abort", onAbort);
  try {
    const onResult = (result: RunResult): void => {
      if (!end.signal.aborted && isEnough(result)) end.abort();
    };
    await (runCampaign({
      ...field,
      seeds,
      threads: 1,
      signal: end.signal,
      onResult,
    }) satisfies Promise<CampaignResult>);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function seedsFrom(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => from + place);
}
