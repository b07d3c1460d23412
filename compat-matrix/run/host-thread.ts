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

/** A release that hangs on everything must not hold up the run for hours. */
const CRASHES_MAX = 5;

const START_TIMEOUT_MS = 10_000;

export class HostThread {
  readonly #codecs: string;
  readonly #timeoutMs: number;
  readonly #done: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  /** Times that the thread had to be replaced. */
  #crashes = 0;
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
      if (this.#crashes >= CRASHES_MAX) {
        const crash = `was given up after ${CRASHES_MAX} crashes`;
        return [...outcomes, ...rest.map(() => ({ ok: false as const, crash }))];
      }
      const batch = await this.#answerBatch(rest);
      if ("answer" in batch) {
        outcomes.push(...batch.answer);
        continue;
      }
      // What was answered before the culprit is lost with the thread: ask for it again, then skip one.
      const culprit = Atomics.load(this.#done, 0);
      this.#crashes++;
      await this.close();
      const before = culprit === 0 ? [] : await this.#answerAll(rest.slice(0, culprit));
      outcomes.push(...before, { ok: false, crash: batch.crash });
    }
    return outcomes;
  }

  async #answerBatch(requests: readonly HostRequest[]): Promise<Reply<Outcome<unknown>[]>> {
    Atomics.store(this.#done, 0, 0);
    if (this.#worker === undefined) {
      // Loading a bundle may be slow on a busy machine; that is no hang.
      this.#worker = this.#start();
      const started = await this.#listen<"ready">(this.#worker, () => {}, START_TIMEOUT_MS);
      if ("crash" in started) return started;
    }
    const worker = this.#worker;
    return await this.#listen(worker, () => worker.postMessage(requests), this.#timeoutMs);
  }

  /** The next message of the thread, or how it ended instead. */
  async #listen<T>(worker: Worker, begin: () => void, timeoutMs: number): Promise<Reply<T>> {
    let timer: NodeJS.Timeout | undefined;
    let stopListening = () => {};
    try {
      return await new Promise((settle) => {
        const onMessage = (answer: T) => settle({ answer });
        const onError = (error: unknown) => {
          settle({ crash: `died: ${error instanceof Error ? error.message : String(error)}` });
        };
        const onExit = (code: number) => settle({ crash: `ended with code ${code}` });
        worker.on("message", onMessage).on("error", onError).on("exit", onExit);
        stopListening = () => {
          worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        };
        timer = setInterval(this.#hangWatch(settle, timeoutMs), timeoutMs);
        begin();
      });
    } finally {
      clearInterval(timer);
      stopListening();
    }
  }

  /** Called once per timeout: a thread that made no step since the last call hangs. */
  #hangWatch(settle: (crash: { crash: string }) => void, timeoutMs: number): () => void {
    let seen = -1;
    return () => {
      const step = Atomics.load(this.#done, 0);
      if (step === seen) settle({ crash: `gave no answer within ${timeoutMs} ms` });
      seen = step;
    };
  }

  #start(): Worker {
    const workerData: WorkerSetup = { codecs: this.#codecs, progress: this.#done.buffer };
    const worker = new Worker(SCRIPT, { workerData });
    // Without a listener, a death between two batches would end the whole run.
    worker.on("error", () => {});
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}

type Reply<T> = { readonly answer: T } | { readonly crash: string };
