/** A thread of a campaign: runs the seeds it is given, one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { drawSchedule, simulate } from "../index.ts";
import { loadBuilds } from "./load-builds.ts";
import type { SeedAnswer, SeedOrder, ThreadData } from "./protocol.ts";

const { sources, nodes } = workerData as ThreadData;
const builds = await loadBuilds(sources);

function answer({ seed, isRepeated }: SeedOrder): SeedAnswer {
  const releases = sources.map(({ name, writes }) => ({ name, writes }));
  const schedule = drawSchedule({ seed, nodes, releases });
  const result = simulate(schedule, builds);
  if (!isRepeated && result.verdict === "pass") return { result };
  return { result, traceAgain: simulate(schedule, builds).trace };
}

parentPort?.on("message", (order: SeedOrder) => parentPort?.postMessage(answer(order)));
parentPort?.postMessage("ready");
