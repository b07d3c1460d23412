import type { Plan } from "./plan/index.ts";

/** A release as the runner needs it: bundles in a folder, pinned by a digest. `loadRelease` gives such. */
export interface RehearsalRelease {
  readonly name: string;
  readonly digest: string;
  readonly range: { readonly min: number; readonly max: number };
  /** Holds `node.mjs` and `client.mjs`. */
  readonly directory: string;
}

export interface RehearsalOptions {
  readonly plan: Plan;
  /** Every release that the plan names. */
  readonly releases: readonly RehearsalRelease[];
  /** The command line that runs the same again, for the report. */
  readonly command: string;
  /** One line per event, as it happens. */
  readonly onProgress: (line: string) => void;
  /** Ends the run early; everything is cleaned up. */
  readonly signal?: AbortSignal;
  /** Frames that the nodes receive are kept in this folder. */
  readonly captureFolder?: string;
  /** Kills a random node this often, on top of the plan. */
  readonly killEveryMs?: number;
}

/** A step did not end as the plan demands: a finding, not an error of the runner. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** The runner cannot do its work; nothing is said about the cluster. */
export class CouldNotRun extends Error {
  override readonly name = "CouldNotRun";
}
