import type { Fault, Schedule } from "./schedule.ts";

/**
 * The schedule without what etcd's model of Raft has no words for, or words only under conditions that a
 * crash does not keep: messages that come twice or spoilt, and nodes that lose what they had not yet
 * written. What delays, loses or separates stays.
 */
export function withinModel(schedule: Schedule): Schedule {
  return { ...schedule, faults: schedule.faults.filter(isInModel) };
}

const KINDS: ReadonlySet<string> = new Set([
  "partition",
  "clog",
  "pause",
  "clockJump",
  "slowDisk",
  "snapshot",
  "transfer",
  "noise",
]);
const NOISES: ReadonlySet<string> = new Set(["lose", "delay", "reorder", "break"]);

function isInModel(fault: Fault): boolean {
  return KINDS.has(fault.kind) && (fault.kind !== "noise" || NOISES.has(fault.noise));
}
