/** What the campaign and its threads say to each other. */
import type { RunResult, Schedule } from "../index.ts";
import type { BuildSource } from "./load-builds.ts";

export interface ThreadData {
  readonly sources: readonly BuildSource[];
}

/** A schedule to run, twice when its trace is to be compared. */
export interface RunOrder {
  readonly schedule: Schedule;
  readonly isRepeated: boolean;
}

export interface RunAnswer {
  readonly result: RunResult;
  /** Of the second run. */
  readonly traceAgain?: string;
}
