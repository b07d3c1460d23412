/** A thread that works through its blocks until it is told to stop, or has found something. */
import { parentPort, workerData } from "node:worker_threads";
import { Block, type Finding } from "./block.ts";
import { type FromWorker, INPUTS_PER_BLOCK, Logbook, type WorkerSetup } from "./messages.ts";

const { format, seed, first, stride, shared } = workerData as WorkerSetup;
const logbook = new Logbook(shared);
const INHERITED = Object.getOwnPropertyNames(Object.prototype).join();
Error.stackTraceLimit = 0; // Most inputs end in an error, and the stack is the dearest part of it.

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

/** True when something was found. */
function run(number: number): boolean {
  logbook.begin(number, -1, new Uint8Array());
  const block = new Block(format, number);
  const counts = { inputs: 0, read: 0, bytes: 0, hostile: 0 };
  let finding: Finding | undefined;
  for (let turn = 0; turn < INPUTS_PER_BLOCK && finding === undefined; turn++) {
    if (logbook.isStopped) break;
    const mutant = block.mutant(turn);
    logbook.begin(number, turn, mutant.bytes);
    const judged = block.judge(mutant, turn);
    finding = judged.finding;
    counts.inputs += 1;
    counts.bytes += mutant.bytes.length;
    if (judged.isRead) counts.read += 1;
    if (finding !== undefined || !block.takesHostile(turn)) continue;
    counts.hostile += 1;
    finding = block.findInHostile(turn);
  }
  tell({ kind: "progress", ...counts });
  if (Object.getOwnPropertyNames(Object.prototype).join() !== INHERITED) {
    finding ??= { turn: 0, fault: "every object has a new property", hex: undefined };
  }
  if (finding === undefined) return false;
  tell({ kind: "failure", format, block: number, ...finding });
  return true;
}

for (let at = first; !logbook.isStopped; at += stride) {
  if (run((Math.imul(seed, 0x9e3779b1) + at) & 0x7fff_ffff)) break;
}
