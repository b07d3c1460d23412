/**
 * A schedule is data, complete before the run: what happens to the cluster and when. The run adds
 * nothing to it but small lots (how long a message takes) that are drawn from the seed as well.
 */
export interface Schedule {
  readonly seed: number;
  readonly nodes: number;
  /** In the order of the upgrades; one: no upgrade. */
  readonly releases: readonly string[];
  /** How long faults may begin. */
  readonly durationMs: number;
  readonly clients: number;
  /** Operations that each client begins; absent: as many as there is time for. */
  readonly operationsMax?: number;
  readonly snapshotEvery: number;
  /** Some values are made so large; absent: all are short. */
  readonly largeValueBytes?: number;
  readonly faults: readonly Fault[];
  /** One after the other, each when the one before is done. */
  readonly roll: readonly RollStep[];
}

export type Fault = { readonly atMs: number } & FaultKind;

export type NoiseKind = "lose" | "delay" | "repeat" | "reorder" | "spoil" | "break";

export type FaultKind =
  | {
      readonly kind: "crash";
      readonly node: number;
      readonly when: CrashMoment;
      readonly forMs: number;
    }
  | { readonly kind: "fullStop"; readonly forMs: number }
  | {
      readonly kind: "noise";
      readonly noise: NoiseKind;
      readonly percent: number;
      readonly forMs: number;
    }
  /** Nothing passes between the sides; `oneWay`: only from `side` to the others. */
  | {
      readonly kind: "partition";
      readonly side: readonly number[];
      readonly oneWay: boolean;
      readonly forMs: number;
    }
  /** What is sent from one to the other arrives when it is over. */
  | { readonly kind: "clog"; readonly from: number; readonly to: number; readonly forMs: number }
  | { readonly kind: "pause"; readonly node: number; readonly forMs: number }
  | { readonly kind: "clockJump"; readonly node: number; readonly byMs: number }
  | {
      readonly kind: "slowDisk";
      readonly node: number;
      readonly byMs: number;
      readonly forMs: number;
    }
  | { readonly kind: "fullDisk"; readonly node: number; readonly forMs: number }
  | { readonly kind: "syncError"; readonly node: number; readonly forMs: number }
  | { readonly kind: "bitRot"; readonly node: number; readonly folder: "log" | "snapshot" }
  | { readonly kind: "snapshot"; readonly node: number }
  | { readonly kind: "transfer"; readonly node: number; readonly to: number }
  | { readonly kind: "add"; readonly node: number; readonly as: "voter" | "learner" }
  | { readonly kind: "remove"; readonly node: number }
  /** A member is removed for good and another one begins, with another id, at its address. */
  | { readonly kind: "reuseAddress"; readonly node: number; readonly newcomer: number };

/** `power…`: what was not synced may be lost. `process`: the machine keeps what was written. */
export type CrashMoment = "process" | "power" | "beforeSync" | "inSync" | "afterSync";

export type StopMode = "stop" | "process" | "power";

export type RollStep =
  | {
      readonly kind: "replace";
      readonly node: number;
      readonly release: string;
      readonly mode: StopMode;
    }
  | { readonly kind: "wait"; readonly forMs: number }
  | { readonly kind: "activate"; readonly version: number }
  /** Until nothing on any disk is written below this version. */
  | { readonly kind: "rewrite"; readonly version: number };

export function describeFault({ atMs, kind, ...rest }: Fault): string {
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return `${String(atMs).padStart(6)} ms ${[kind, ...words].join(" ")}`;
}

export function describeRollStep({ kind, ...rest }: RollStep): string {
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name}=${value}`)].join(" ");
}
