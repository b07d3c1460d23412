/**
 * Asks a codec bundle what it is, in a worker thread of its own: two releases in one realm could
 * touch each other's prototypes, and a module once imported is never unloaded.
 */
import { Worker } from "node:worker_threads";
import type { HostDescription } from "../compat-matrix/index.ts";
import { ReleaseError } from "./errors.ts";

const TIMEOUT_MS = 10_000;

// Without a top-level await: Node 22 can die when a thread is ended while its module still evaluates.
const SCRIPT = `
import { parentPort, workerData } from "node:worker_threads";
import(workerData).then(({ createCodecHost }) => parentPort.postMessage(createCodecHost().describe()));
`;

export function describeBundle(codecs: URL): Promise<HostDescription> {
  return new Promise((fulfil, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`), {
      workerData: codecs.href,
    });
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new ReleaseError("DefectiveBundle", `Cannot describe ${codecs.pathname}: ${why}`));
    };
    const timer = setTimeout(() => {
      fail(`no answer in ${TIMEOUT_MS} ms`);
      void worker.terminate();
    }, TIMEOUT_MS);
    worker.once("message", (description: HostDescription) => {
      clearTimeout(timer);
      fulfil(description);
      void worker.terminate();
    });
    worker.once("error", (error) => fail(error instanceof Error ? error.message : String(error)));
    worker.once("exit", (code) => fail(`the worker ended with code ${code}`));
  });
}
