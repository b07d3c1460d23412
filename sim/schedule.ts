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
  /** How long everything may take to be well again after the last fault; absent: `LIVE_MS`. */
  readonly liveMs?: number;
  readonly snapshotEvery: number;
  /** What each send takes longer, at most; absent: nothing. */
  readonly networkJitterMs?: number;
  /** Leaders answer reads by a lease where the active version has one. */
  readonly readLease?: boolean;
  /** Some values are made so large; absent: all are short. */
  readonly largeValueBytes?: number;
  readonly faults: readonly Fault[];
  /** One after the other, each when the one before is done. */
  readonly roll: readonly RollStep[];
}

export const LIVE_MS = 60_000;

export type Fault = { readonly atMs: number } & FaultKind;

export type NoiseKind = "lose" | "delay" | "repeat" | "reorder" | "spoil" | "break";

/** As a node: whoever leads when it happens. */
export const LEADER = 0;

export type FaultKind =
  | {
      readonly kind: "crash";
      readonly node: number;
      readonly when: CrashMoment;
      readonly forMs: number;
    }
  | { readonly kind: "fullStop"; readonly forMs: number }
  /** Whoever is elected next crashes so soon after it. */
  | {
      readonly kind: "electionCrash";
      readonly afterMs: number;
      readonly when: CrashMoment;
      readonly forMs: number;
    }
  /** The next who sends a part of a snapshot, or who is sent one, crashes so soon after it. */
  | {
      readonly kind: "chunkCrash";
      readonly side: "sender" | "receiver";
      readonly afterMs: number;
      readonly when: CrashMoment;
      readonly forMs: number;
    }
  /** Its ticks take so many times as long; what it reads of the clock is right. */
  | {
      readonly kind: "slowTicks";
      readonly node: number;
      readonly times: number;
      readonly forMs: number;
    }
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
  /** It runs this release, and is not added when that can not read what is active. */
  | {
      readonly kind: "add";
      readonly node: number;
      readonly as: "voter" | "learner";
      readonly release: string;
    }
  /** A learner becomes a voter. */
  | { readonly kind: "promote"; readonly node: number }
  | { readonly kind: "remove"; readonly node: number }
  /** Removed, and after a while added again with the disk it has. */
  | { readonly kind: "removeAndAdd"; readonly node: number; readonly forMs: number }
  /** The same with whoever leads. */
  | { readonly kind: "removeLeader"; readonly forMs: number }
  /** Several changes in one, through a joint phase; ordered where the active version has such. */
  | { readonly kind: "joint"; readonly changes: readonly JointChange[] }
  /** Once its removal has committed, another one begins, with another id, at its address. */
  | {
      readonly kind: "reuseAddress";
      readonly node: number;
      readonly newcomer: number;
      readonly release: string;
    }
  /** Cut off while the others take snapshots and drop their logs, so that it must be sent one. */
  | { readonly kind: "laggard"; readonly node: number; readonly forMs: number }
  /** Its clock begins anew at its next start, earlier: within a life a clock never goes back. */
  | { readonly kind: "clockBack"; readonly node: number; readonly byMs: number };

/** Those that are to be added run already, or are started with this release. */
export interface JointChange {
  readonly change: "voter" | "learner" | "remove";
  readonly node: number;
  readonly release: string;
}

/** `power…`: what was not synced may be lost. `process`: the machine keeps what was written. */
export type CrashMoment =
  | "process"
  | "power"
  | "beforeSync"
  | "inSync"
  | "afterSync"
  | "beforeReplace"
  | "afterReplace";

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
  | { readonly kind: "rewrite"; readonly version: number }
  /** Members that joined meanwhile run this release as well. */
  | { readonly kind: "replaceRest"; readonly release: string; readonly mode: StopMode }
  /** All nodes lose power at once; the founders come back with these releases. */
  | { readonly kind: "replaceAll"; readonly releases: readonly string[]; readonly forMs: number }
  /** Until this one leads, or for a while when it can not. */
  | { readonly kind: "lead"; readonly node: number }
  /** Until this one has applied what the leader has. */
  | { readonly kind: "catchUp"; readonly node: number }
  /** Too early: a member can not read it, so nobody may agree. */
  | { readonly kind: "activateEarly"; readonly version: number }
  /** Too late: a release that can not read what is active is tried on this node, and must do no harm. */
  | {
      readonly kind: "stray";
      readonly node: number;
      readonly release: string;
      readonly forMs: number;
    }
  /** Something that happens at this very step. */
  | { readonly kind: "inject"; readonly fault: FaultKind };

export function describeFault({ atMs, ...fault }: Fault): string {
  return `${String(atMs).padStart(6)} ms ${describe(fault)}`;
}

export function describeRollStep(step: RollStep): string {
  return step.kind === "inject" ? describe(step.fault) : describe(step);
}

function describe({ kind, ...rest }: FaultKind | RollStep): string {
  const words = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
  return [kind, ...words].join(" ");
}
