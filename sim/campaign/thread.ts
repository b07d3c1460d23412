/** A worker thread as one function: a schedule in, its result out. */
import { Worker } from "node:worker_threads";
import type { Schedule } from "../index.ts";
import type { BuildSource } from "./load-builds.ts";
import type { RunAnswer, RunOrder, ThreadData } from "./protocol.ts";

const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
);

export class SimulationThread {
  private readonly worker: Worker;
  private readonly signal: AbortSignal;

  /** A thread in the middle of a run hears nothing, so the signal ends it from outside. */
  constructor(sources: readonly BuildSource[], signal: AbortSignal) {
    const workerData: ThreadData = { sources };
    this.worker = new Worker(WORKER, { workerData });
    this.signal = signal;
  }

  /** Undefined: it was interrupted. */
  run(schedule: Schedule, isRepeated = false): Promise<RunAnswer | undefined> {
    const { worker, signal } = this;
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        signal.removeEventListener("abort", onAbort);
        worker.off("message", onAnswer).off("error", onError);
        end();
      };
      const onAbort = (): void => settle(() => resolve(undefined));
      const onAnswer = (answer: RunAnswer): void => settle(() => resolve(answer));
      const onError = (error: Error): void => {
        const problem = `Cannot run seed ${schedule.seed}: ${error.message}`;
        settle(() => reject(new Error(problem, { cause: error })));
      };
      signal.addEventListener("abort", onAbort);
      worker.on("message", onAnswer).on("error", onError);
      worker.postMessage({ schedule, isRepeated } satisfies RunOrder);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
