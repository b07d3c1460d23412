/**
 * A rehearsal as data: complete before anything starts, so it can be printed, saved, edited and
 * carried out again. Nothing in it depends on what happens: where the leader matters, a step moves
 * leadership to a node that the plan names.
 */
import { unreachable } from "../../base/index.ts";

export const PLAN_SCHEMA = "wirespan-plan/1";

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  readonly seed: number;
  /** Nodes are numbered 1 … nodes. */
  readonly nodes: number;
  /** Each release that a step names, with the wire versions it reads. */
  readonly releases: readonly PlanRelease[];
  /** The releases that the cluster goes through, first to last. */
  readonly path: readonly string[];
  readonly load: Load;
  readonly steps: readonly Step[];
}

export interface PlanRelease {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

export interface Load {
  readonly clients: number;
  /** Keys that all clients read and write; besides, each has one of its own that it only appends to. */
  readonly sharedKeys: number;
  /** Pause of a client between two calls. */
  readonly pauseMs: number;
}

export type Signal = "SIGTERM" | "SIGKILL";

/** `hop` is 1 for the way from the first release of the path to the second; 0 is what comes before. */
export type Step = { readonly hop: number } & Action;

export type Action =
  | { readonly kind: "startCluster"; readonly release: string }
  | { readonly kind: "startLoad"; readonly release: string }
  /** Lets the load run undisturbed; its latencies are the measure for the hop. */
  | { readonly kind: "observe"; readonly phase: "before" | "after"; readonly ms: number }
  | { readonly kind: "transferLeadership"; readonly node: number }
  | { readonly kind: "stop"; readonly node: number; readonly signal: Signal }
  | {
      readonly kind: "start";
      readonly node: number;
      readonly release: string;
      readonly why: StartReason;
    }
  | { readonly kind: "awaitHealthy"; readonly node: number; readonly withinMs: number }
  /** A node of a release that must not run here is tried: on a copy of the directory of a stopped node, or as a new member. */
  | {
      readonly kind: "refuseStart";
      readonly release: string;
      readonly as: "copy" | "joiner";
      readonly node: number;
    }
  | { readonly kind: "refuseActivation"; readonly version: number }
  | { readonly kind: "activate"; readonly version: number }
  | { readonly kind: "upgradeClients"; readonly release: string }
  | { readonly kind: "snapshotAll" }
  /** Nothing stored anywhere is older than this version (law 6). */
  | { readonly kind: "verifyContent"; readonly version: number }
  | { readonly kind: "compareDigests" }
  | { readonly kind: "stopLoad" };

export type StepKind = Action["kind"];
export type StartReason = "upgrade" | "rollback" | "again";

/** One line for people. */
export function describeStep(step: Action): string {
  switch (step.kind) {
    case "startCluster":
      return `start all nodes with ${step.release}`;
    case "startLoad":
      return `start the clients of ${step.release}`;
    case "observe":
      return `let the load run for ${step.ms} ms (${step.phase} the hop)`;
    case "transferLeadership":
      return `move leadership to node ${step.node}`;
    case "stop":
      return `stop node ${step.node} with ${step.signal}`;
    case "start":
      return `start node ${step.node} with ${step.release} (${step.why})`;
    case "awaitHealthy":
      return `wait until the peers see node ${step.node} and it applies (at most ${step.withinMs} ms)`;
    case "refuseStart":
      return step.as === "copy"
        ? `${step.release} on a copy of node ${step.node}'s directory must refuse to start`
        : `${step.release} as new node ${step.node} must not be taken into the cluster`;
    case "refuseActivation":
      return `activation of wire version ${step.version} must be refused`;
    case "activate":
      return `activate wire version ${step.version}`;
    case "upgradeClients":
      return `replace the clients with those of ${step.release}`;
    case "snapshotAll":
      return "take a snapshot on every node";
    case "verifyContent":
      return `nothing stored is older than wire version ${step.version}`;
    case "compareDigests":
      return "state digests are equal at an equal applied index";
    case "stopLoad":
      return "stop the clients and read everything once more";
    default:
      return unreachable(step);
  }
}
