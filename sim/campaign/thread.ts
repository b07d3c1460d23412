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
        // Not all listeners: the worker has some of its own.
        worker.removeAllListeners("message");
        worker.removeAllListeners("error");
        end();
      };
      const onAbort = (): void => settle(() => resolve(undefined));
      signal.addEventListener("abort", onAbort);
      worker.on("message", (answer: RunAnswer) => settle(() => resolve(answer)));
      worker.on("error", (error) =>
        settle(() =>
          reject(new Error(`Cannot run seed ${schedule.seed}: ${error.message}`, { cause: error })),
        ),
      );
      worker.postMessage({ schedule, isRepeated } satisfies RunOrder);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
