/** What the parts of one running replica share. Each field has one part that changes it. */
import type { Rules as CoreRules, MemoryStorage, RawNode } from "../core/index.ts";
import { type Rules, rulesOf } from "../wire/index.ts";
import type { WriteAheadLog } from "./log/write-ahead-log.ts";
import type { Manifest } from "./manifest.ts";
import type { DiskError, ReplicaOptions, ReplicaPorts } from "./ports.ts";
import type { StateMachine } from "./state-machine/state-machine.ts";

export interface Node {
  readonly options: ReplicaOptions;
  readonly ports: ReplicaPorts;
  readonly core: RawNode;
  readonly storage: MemoryStorage;
  readonly log: WriteAheadLog;
  /** As it stands on disk. Changed by `changeManifest` only. */
  manifest: Manifest;
  /** Replaced as a whole when a snapshot is installed. */
  state: StateMachine;
  /** Was told to stop and hands over its leadership first. */
  isLeaving: boolean;
  /** Ends everything; the first reason counts. */
  readonly halt: (code: string, message: string) => void;
  /** Carries out what the core has ready. To be called after every input. */
  readonly pump: () => void;
}

/** Rules of the version that the cluster writes now. */
export function rulesNow(node: Node): Rules {
  return rulesOf(node.state.activeVersion);
}

/** What the core does by the version's rules. Read leases need the version and the operator. */
export function coreRules(activeVersion: number): CoreRules {
  const { electionTicks, heartbeatTicks, checkQuorum, preVote } = rulesOf(activeVersion);
  return {
    electionTick: electionTicks,
    heartbeatTick: heartbeatTicks,
    checkQuorum,
    preVote,
    // A quorum is asked for each read, also where leases are allowed: they outlived the leader.
    readOnlyOption: "safe",
  };
}

export function haltOnDisk(node: Pick<Node, "halt">, error: DiskError, path: string): void {
  node.halt(
    "disk_failed",
    `Cannot go on: ${path} can not be written (${error.code}): ${error.message}`,
  );
}

export function count(
  { ports }: Pick<Node, "ports">,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): void {
  ports.observe({ kind: "count", name, labels });
}

export function report(
  { ports }: Pick<Node, "ports">,
  level: "info" | "warn" | "error",
  message: string,
  fields: Readonly<Record<string, string | number>> = {},
): void {
  ports.observe({ kind: "log", level, message, fields });
}
