/** Many seeds over worker threads. What is done when it is interrupted counts. */
import { Worker } from "node:worker_threads";
import type { RunResult } from "../index.ts";
import type { SeedAnswer, SeedOrder, ThreadData } from "./protocol.ts";

const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
);
/** Passing runs that are run again, to see whether the same happens. Failing ones always are. */
const REPEAT_EVERY = 20;

export interface CampaignOptions extends ThreadData {
  readonly seeds: readonly number[];
  readonly threads: number;
  /** Ends the campaign early. */
  readonly signal: AbortSignal;
  readonly onResult?: (result: RunResult, done: number) => void;
}

export interface CampaignResult {
  readonly results: readonly RunResult[];
  /** Seeds that did not do the same when they were run again. */
  readonly unrepeatable: readonly number[];
  readonly repeated: number;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const campaign = new Campaign(options);
  const count = Math.max(1, Math.min(options.threads, options.seeds.length));
  await Promise.all(Array.from({ length: count }, () => campaign.runThread()));
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
  private next = 0;

  constructor(options: CampaignOptions) {
    this.options = options;
  }

  runThread(): Promise<void> {
    const { sources, nodes, signal } = this.options;
    const workerData: ThreadData = { sources, nodes };
    const worker = new Worker(WORKER, { workerData });
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener("abort", end);
        worker.terminate().then(() => resolve(), reject);
      };
      signal.addEventListener("abort", end);
      worker.on("error", (error) => {
        worker.terminate().then(() => reject(error), reject);
      });
      worker.on("message", (message: SeedAnswer | "ready") => {
        if (message !== "ready") this.take(message);
        const order = signal.aborted ? undefined : this.order();
        if (order) worker.postMessage(order);
        else end();
      });
    });
  }

  private order(): SeedOrder | undefined {
    const place = this.next++;
    const seed = this.options.seeds[place];
    return seed === undefined ? undefined : { seed, isRepeated: place % REPEAT_EVERY === 0 };
  }

  private take({ result, traceAgain }: SeedAnswer): void {
    this.results.push(result);
    if (traceAgain !== undefined) {
      this.repeated++;
      if (traceAgain !== result.trace) this.unrepeatable.push(result.seed);
    }
    this.options.onResult?.(result, this.results.length);
  }
}
