/**
 * The clients of one release under load, in a thread of their own: their code is as old as their
 * release and must not be able to stop the runner. A call is on record before its request leaves,
 * so whatever happens to the thread, no write is forgotten.
 */
import { Worker } from "node:worker_threads";
import type { KeyValueInput, KeyValueOutput, Operation } from "../../sim/checkers/index.ts";
import { StepFailed } from "../options.ts";
import type { LoadOptions, ToClients, ToRunner } from "./messages.ts";

export type RecordedOperation = Operation<KeyValueInput, KeyValueOutput>;

/** Under TypeScript the thread starts from its source, in the built package from its `.js`. */
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
);
const STOP_TIMEOUT_MS = 30_000;

export class LoadThread {
  readonly options: LoadOptions;
  /** In the order of the calls. Undefined: the client says that it was certainly without effect. */
  readonly #operations: (RecordedOperation | undefined)[] = [];
  /** What clients said about calls without an answer, and how often. */
  readonly problems = new Map<string, number>();
  readonly values = new Map<string, string | null>();
  /** Settles when the thread has ended; with a text when that was not asked for. */
  readonly ended: Promise<string | undefined>;
  readonly #worker: Worker;
  readonly #positions = new Map<number, number>();
  #answered = 0;
  #isStopped = false;
  #onMessage: (message: ToRunner) => void = () => {};

  constructor(options: LoadOptions) {
    this.options = options;
    this.#worker = new Worker(WORKER, { workerData: options, stdout: false, stderr: false });
    this.#worker.on("message", (message: ToRunner) => this.#receive(message));
    let problem: string | undefined;
    this.#worker.on("error", (error) => {
      problem = `the clients crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    });
    this.ended = new Promise((settle) => {
      this.#worker.once("exit", (code) =>
        settle(
          problem ?? (this.#isStopped ? undefined : `the clients ended by themselves (${code})`),
        ),
      );
    });
  }

  get operations(): readonly RecordedOperation[] {
    return this.#operations.filter((operation) => operation !== undefined);
  }

  /** Calls so far, and how many of them were answered. */
  get progress(): { readonly calls: number; readonly answered: number } {
    return { calls: this.#operations.length, answered: this.#answered };
  }

  async started(): Promise<void> {
    await this.#until(({ kind }) => kind === "started");
  }

  /** Lets every call in flight come to its end, reads the keys once, and ends the thread. */
  async stop(keys: readonly string[] = []): Promise<void> {
    const stopped = this.#until(({ kind }) => kind === "stopped");
    this.#send({ kind: "stop" });
    await stopped;
    if (keys.length > 0) {
      const read = this.#until(({ kind }) => kind === "readDone");
      this.#send({ kind: "read", keys });
      await read;
    }
    await this.close();
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    await this.#worker.terminate();
  }

  #send(message: ToClients): void {
    this.#worker.postMessage(message);
  }

  #receive(message: ToRunner): void {
    switch (message.kind) {
      case "call": {
        const { client, input, at } = message;
        this.#positions.set(message.id, this.#operations.length);
        this.#operations.push({ client, input, calledAt: at });
        break;
      }
      case "return":
        this.#answered++;
        this.#settle(message.id, (operation) => ({
          ...operation,
          outcome: { at: message.at, output: message.output },
        }));
        break;
      case "failed":
        this.#settle(message.id, () => undefined);
        this.#countProblem(message.problem);
        break;
      case "unknown":
        this.#positions.delete(message.id);
        this.#countProblem(message.problem);
        break;
      case "read":
        this.values.set(message.key, message.value);
        break;
      case "started":
      case "readDone":
      case "stopped":
        break;
    }
    this.#onMessage(message);
  }

  #countProblem(problem: string): void {
    this.problems.set(problem, (this.problems.get(problem) ?? 0) + 1);
  }

  #settle(
    id: number,
    change: (operation: RecordedOperation) => RecordedOperation | undefined,
  ): void {
    const position = this.#positions.get(id);
    const operation = position === undefined ? undefined : this.#operations[position];
    if (position === undefined || operation === undefined) return;
    this.#operations[position] = change(operation);
    this.#positions.delete(id);
  }

  #until(isReached: (message: ToRunner) => boolean): Promise<void> {
    return new Promise((settle, reject) => {
      const timer = setTimeout(
        () => reject(new StepFailed(`the clients did not end within ${STOP_TIMEOUT_MS} ms`)),
        STOP_TIMEOUT_MS,
      );
      const finish = (): void => {
        clearTimeout(timer);
        this.#onMessage = () => {};
      };
      this.#onMessage = (message) => {
        if (!isReached(message)) return;
        finish();
        settle();
      };
      void this.ended.then((problem) => {
        finish();
        reject(new StepFailed(problem ?? "the clients were ended"));
      });
    });
  }
}
