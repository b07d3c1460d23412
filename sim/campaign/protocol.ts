/** What the campaign and its threads say to each other. */
import type { RunResult } from "../index.ts";
import type { BuildSource } from "./load-builds.ts";

export interface ThreadData {
  readonly sources: readonly (BuildSource & { readonly writes: number })[];
  readonly nodes: { readonly min: number; readonly max: number };
}

/** A seed to run, twice when its trace is to be compared. */
export interface SeedOrder {
  readonly seed: number;
  readonly isRepeated: boolean;
}

export interface SeedAnswer {
  readonly result: RunResult;
  /** Of the second run. */
  readonly traceAgain?: string;
}
