/** Shrinks a failing schedule by running what is proposed, on a thread, within bounds. */
import { kindOfFailure, type RunResult, type Schedule, shrink } from "../index.ts";
import type { BuildSource } from "./load-builds.ts";
import { SimulationThread } from "./thread.ts";

export interface ShrinkOptions {
  readonly sources: readonly BuildSource[];
  /** It stops after so many runs; the same bound gives the same schedule. */
  readonly runsMax: number;
  /** It stops after so long; what is found then depends on the machine. */
  readonly durationMaxMs: number;
  readonly isSound: (schedule: Schedule) => boolean;
  readonly signal: AbortSignal;
  readonly onSmaller?: (schedule: Schedule, runs: number) => void;
}

export interface ShrinkResult {
  readonly schedule: Schedule;
  /** Of the schedule above. */
  readonly result: RunResult;
  readonly runs: number;
  readonly durationMs: number;
  /** `smallest`: nothing more can be left out one by one. */
  readonly end: "smallest" | "runs" | "time" | "interrupted";
}

/** `failed` is what the schedule did when it was run. */
export async function shrinkSchedule(
  schedule: Schedule,
  failed: RunResult,
  options: ShrinkOptions,
): Promise<ShrinkResult> {
  const { sources, signal, isSound, onSmaller } = options;
  const startedAt = performance.now();
  const thread = new SimulationThread(sources, signal);
  const proposals = shrink(schedule, { failedAtMs: failed.atMs, isSound });
  const wanted = kindOfFailure(failed);
  let best = { schedule, result: failed };
  let runs = 0;
  const tally = (end: ShrinkResult["end"]): ShrinkResult => {
    const durationMs = Math.round(performance.now() - startedAt);
    return { ...best, runs, durationMs, end };
  };
  try {
    for (let next = proposals.next(); !next.done; ) {
      if (runs >= options.runsMax) return tally("runs");
      if (performance.now() - startedAt > options.durationMaxMs) return tally("time");
      const answer = await thread.run(next.value);
      if (!answer) return tally("interrupted");
      runs++;
      const isSame = kindOfFailure(answer.result) === wanted;
      if (isSame) {
        best = { schedule: next.value, result: answer.result };
        onSmaller?.(next.value, runs);
      }
      next = proposals.next(isSame);
    }
    return tally("smallest");
  } finally {
    await thread.end();
  }
}
