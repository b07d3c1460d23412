/**
 * A release's thread as seen from outside. A request on which it hangs or dies is answered with a
 * crash, the thread is replaced, and the rest of the batch goes on.
 */
import { Worker } from "node:worker_threads";
import type { HostRequest, Outcome } from "../index.ts";
import type { WorkerSetup } from "./worker.ts";

const SCRIPT = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
);

export class HostThread {
  readonly #codecs: string;
  readonly #timeoutMs: number;
  readonly #done: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  /** Batches run one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(codecs: string, timeoutMs: number) {
    this.#codecs = codecs;
    this.#timeoutMs = timeoutMs;
  }

  ask(requests: readonly HostRequest[]): Promise<Outcome<unknown>[]> {
    const answered = this.#last.then(() => this.#answerAll(requests));
    this.#last = answered.catch(() => undefined);
    return answered;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #answerAll(requests: readonly HostRequest[]): Promise<Outcome<unknown>[]> {
    const outcomes: Outcome<unknown>[] = [];
    while (outcomes.length < requests.length) {
      const rest = requests.slice(outcomes.length);
      const batch = await this.#answerBatch(rest);
      if ("outcomes" in batch) {
        outcomes.push(...batch.outcomes);
        continue;
      }
      // What was answered before the culprit is lost with the thread: ask for it again, then skip one.
      const culprit = Atomics.load(this.#done, 0);
      await this.close();
      const before = culprit === 0 ? [] : await this.#answerAll(rest.slice(0, culprit));
      outcomes.push(...before, { ok: false, crash: batch.crash });
    }
    return outcomes;
  }

  async #answerBatch(
    requests: readonly HostRequest[],
  ): Promise<{ readonly outcomes: Outcome<unknown>[] } | { readonly crash: string }> {
    Atomics.store(this.#done, 0, 0);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((settle) => {
        worker.once("message", (outcomes: Outcome<unknown>[]) => settle({ outcomes }));
        worker.once("error", (error) => {
          settle({ crash: `died: ${error instanceof Error ? error.message : String(error)}` });
        });
        worker.once("exit", (code) => settle({ crash: `its thread ended with code ${code}` }));
        timer = setInterval(this.#hangWatch(settle), this.#timeoutMs);
        worker.postMessage(requests);
      });
    } finally {
      clearInterval(timer);
      worker.removeAllListeners();
    }
  }

  /** Called once per timeout: a thread that made no step since the last call hangs. */
  #hangWatch(settle: (crash: { crash: string }) => void): () => void {
    let seen = -1;
    return () => {
      const step = Atomics.load(this.#done, 0);
      if (step === seen) settle({ crash: `no answer within ${this.#timeoutMs} ms` });
      seen = step;
    };
  }

  #start(): Worker {
    const workerData: WorkerSetup = { codecs: this.#codecs, progress: this.#done.buffer };
    return new Worker(SCRIPT, { workerData });
  }
}
