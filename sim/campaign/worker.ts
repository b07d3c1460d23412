/** A thread of a campaign: runs the schedules it is given, one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { simulate } from "../index.ts";
import { loadBuilds } from "./load-builds.ts";
import type { RunAnswer, RunOrder, ThreadData } from "./protocol.ts";

const { sources } = workerData as ThreadData;
const builds = await loadBuilds(sources);

function answer({ schedule, isRepeated }: RunOrder): RunAnswer {
  const result = simulate(schedule, builds);
  if (!isRepeated) return { result };
  return { result, traceAgain: simulate(schedule, builds).trace };
}

parentPort?.on("message", (order: RunOrder) => parentPort?.postMessage(answer(order)));
