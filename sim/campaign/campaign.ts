/** Many schedules over worker threads. What is done when it is interrupted counts. */
import { type DrawOptions, drawSchedule, type RunResult, type Schedule } from "../index.ts";
import type { BuildSource } from "./load-builds.ts";
import { SimulationThread } from "./thread.ts";

/** Passing runs that are run again, to see whether the same happens. Failing ones always are. */
const REPEAT_EVERY = 20;

export interface CampaignOptions {
  readonly sources: readonly (BuildSource & { readonly writes: number })[];
  readonly nodes: DrawOptions["nodes"];
  readonly faults?: DrawOptions["faults"];
  readonly readLease?: DrawOptions["readLease"];
  readonly largeValues?: DrawOptions["largeValues"];
  readonly seeds: Iterable<number>;
  /** Absent: drawn from the seed. */
  readonly scheduleOf?: (seed: number) => Schedule;
  readonly threads: number;
  /** Ends the campaign early. */
  readonly signal: AbortSignal;
  readonly onResult?: (result: RunResult, done: number) => void;
  /** A seed could not be run to its end, by a bug of the simulator; the others go on. Absent: the campaign ends by it. */
  readonly onBroken?: (error: Error) => void;
}

export interface CampaignResult {
  readonly results: readonly RunResult[];
  /** Seeds that did not do the same when they were run again. */
  readonly unrepeatable: readonly number[];
  readonly repeated: number;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const campaign = new Campaign(options);
  await Promise.all(Array.from({ length: options.threads }, () => campaign.runThread()));
  return {
    results: campaign.results.sort((one, other) => one.seed - other.seed),
    unrepeatable: campaign.unrepeatable,
    repeated: campaign.repeated,
  };
}

class Campaign {
  readonly results: RunResult[] = [];
  readonly unrepeatable: number[] = [];
  repeated = 0;
  private readonly options: CampaignOptions;
  /** Drawn one by one: a campaign may be longer than anybody waits for. */
  private readonly seeds: Iterator<number>;
  private begun = 0;

  constructor(options: CampaignOptions) {
    this.options = options;
    this.seeds = options.seeds[Symbol.iterator]();
  }

  async runThread(): Promise<void> {
    const { sources, signal, onBroken } = this.options;
    let thread: SimulationThread | undefined;
    try {
      for (let seed = this.seeds.next(); !seed.done; seed = this.seeds.next()) {
        thread ??= new SimulationThread(sources, signal);
        try {
          if (!(await this.run(thread, seed.value))) return;
        } catch (error) {
          if (!onBroken || !(error instanceof Error)) throw error;
          onBroken(error);
          await thread.end();
          thread = undefined;
        }
      }
    } finally {
      await thread?.end();
    }
  }

  /** False: it was interrupted. */
  private async run(thread: SimulationThread, seed: number): Promise<boolean> {
    const schedule = this.scheduleOf(seed);
    const answer = await thread.run(schedule, this.begun++ % REPEAT_EVERY === 0);
    if (!answer) return false;
    const { result } = answer;
    let { traceAgain } = answer;
    if (traceAgain === undefined && result.verdict !== "pass")
      traceAgain = (await thread.run(schedule))?.result.trace;
    this.take(result, traceAgain);
    return true;
  }

  private scheduleOf(seed: number): Schedule {
    const { sources: releases, scheduleOf, ...drawn } = this.options;
    return scheduleOf?.(seed) ?? drawSchedule({ ...drawn, seed, releases });
  }

  private take(result: RunResult, traceAgain: string | undefined): void {
    this.results.push(result);
    if (traceAgain !== undefined) {
      this.repeated++;
      if (traceAgain !== result.trace) this.unrepeatable.push(result.seed);
    }
    this.options.onResult?.(result, this.results.length);
  }
}
