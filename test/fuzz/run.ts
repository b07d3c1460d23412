/**
 * Runs one format on several threads for a time, and watches them from outside: a thread that stays at
 * one input has found a hang, one that dies a crash.
 */
import { Worker } from "node:worker_threads";
import type { FormatName } from "../../codecs/index.ts";
import {
  type Failure,
  type FromWorker,
  Logbook,
  type Progress,
  type WorkerSetup,
} from "./messages.ts";

export interface FuzzOptions {
  readonly format: FormatName;
  readonly seed: number;
  readonly milliseconds: number;
  readonly threads: number;
  /** At most so many inputs, rounded up to blocks. Default: as many as the time allows. */
  readonly inputs?: number;
  /** Ends early when aborted. */
  readonly signal?: AbortSignal;
}

export interface FuzzReport {
  readonly format: FormatName;
  readonly seed: number;
  readonly inputs: number;
  readonly read: number;
  readonly hostile: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly failures: readonly Failure[];
}

/** One input must take less work. What the machine does for others meanwhile is not counted. */
const HANG_MS = 15_000;
/** That a thread begins, and that one which does nothing is not waited for. */
const SILENCE_MS = 300_000;
const WATCH_MS = 100;
const HEAP_MAX_MB = 512;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const startedAt = performance.now();
  const tally = { inputs: 0, read: 0, bytes: 0, hostile: 0 };
  const failures: Failure[] = [];
  const threads = Array.from({ length: options.threads }, (_, first) =>
    startThread({ ...options, first, stride: options.threads }, (message) => {
      if (message.kind === "failure") failures.push(message);
      else add(tally, message);
    }),
  );
  const isOver = () =>
    options.signal?.aborted === true ||
    failures.length > 0 ||
    tally.inputs >= (options.inputs ?? Number.POSITIVE_INFINITY) ||
    performance.now() - startedAt > options.milliseconds;
  const watch = setInterval(() => {
    for (const thread of threads) thread.watch();
    if (isOver()) for (const thread of threads) thread.stop();
  }, WATCH_MS);
  await Promise.all(threads.map((thread) => thread.ended));
  clearInterval(watch);
  const { format, seed } = options;
  return { format, seed, ...tally, milliseconds: performance.now() - startedAt, failures };
}

function add(tally: Record<"inputs" | "read" | "bytes" | "hostile", number>, more: Progress): void {
  tally.inputs += more.inputs;
  tally.read += more.read;
  tally.bytes += more.bytes;
  tally.hostile += more.hostile;
}

interface Thread {
  readonly ended: Promise<void>;
  stop(): void;
  watch(): void;
}

function startThread(
  { format, seed, first, stride }: Omit<WorkerSetup, "shared">,
  receive: (message: FromWorker) => void,
): Thread {
  const shared = Logbook.allocate();
  const logbook = new Logbook(shared);
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { format, seed, first, stride, shared } satisfies WorkerSetup,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB },
  });
  const fail = (fault: string) => receive({ kind: "failure", format, fault, ...logbook.last });
  worker.on("message", receive);
  worker.on("error", (error) => fail(`the thread died: ${String(error)}`));
  const ended = new Promise<void>((settle) => {
    worker.once("exit", () => settle());
  });
  let beats = -1;
  let moved = { at: performance.now(), worked: worked() / stride };
  const isHanging = (): boolean =>
    (beats > 0 && worked() / stride - moved.worked > HANG_MS) ||
    performance.now() - moved.at > SILENCE_MS;
  return {
    ended,
    stop: () => logbook.stop(),
    watch() {
      if (logbook.beats !== beats) {
        beats = logbook.beats;
        moved = { at: performance.now(), worked: worked() / stride };
      } else if (isHanging()) {
        moved = { at: Number.POSITIVE_INFINITY, worked: Number.POSITIVE_INFINITY }; // Told once.
        fail(`hangs: no end after ${HANG_MS / 1000} s of work`);
        void worker.terminate();
      }
    },
  };
}

/** Milliseconds of all threads together. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
