/**
 * The thread of one release: loads its bundle and answers requests. It shares nothing with other
 * releases, so polluted prototypes, a hang or a crash stay inside.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type CodecHost, type HostRequest, outcomeOf } from "../index.ts";

export interface WorkerSetup {
  /** URL of the release's `codecs.mjs`. */
  readonly codecs: string;
  /** One counter: how many requests of the present batch are done. Read from outside when the thread hangs. */
  readonly progress: SharedArrayBuffer;
}

const { codecs, progress } = workerData as WorkerSetup;
const done = new Int32Array(progress);
const bundle = (await import(codecs)) as { createCodecHost(): CodecHost };
const host = bundle.createCodecHost();

parentPort?.postMessage("ready");
parentPort?.on("message", (requests: readonly HostRequest[]) => {
  const outcomes = requests.map((request, place) => {
    Atomics.store(done, 0, place);
    return outcomeOf(host, request);
  });
  parentPort?.postMessage(outcomes);
});
