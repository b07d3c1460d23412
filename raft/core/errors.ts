/**
 * What the core answers when it must not do something now, and what a storage throws when it does
 * not hold what was asked. The first kind is a normal outcome and therefore a value.
 */

export type StepRefusalCode = "ProposalDropped" | "LocalMessage" | "PeerNotFound";

export interface StepRefusal {
  readonly code: StepRefusalCode;
  readonly message: string;
}

export const PROPOSAL_DROPPED: StepRefusal = {
  code: "ProposalDropped",
  message: "Cannot propose now: try again when this node knows a leader that takes proposals",
};

export const LOCAL_MESSAGE: StepRefusal = {
  code: "LocalMessage",
  message: "Cannot step a local message that came over the network",
};

export const PEER_NOT_FOUND: StepRefusal = {
  code: "PeerNotFound",
  message: "Cannot step a response of a node that is not in the configuration",
};

/** The entry asked for was replaced by a snapshot. */
export class CompactedError extends Error {
  override readonly name = "CompactedError";
  constructor(index: number) {
    super(`Cannot read entry ${index}: it is before the first entry kept`);
  }
}

/** The entry asked for is after the end of the log. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  constructor(index: number) {
    super(`Cannot read entry ${index}: it is after the last entry`);
  }
}

/** A storage throws this when its snapshot is still being made; the leader asks again later. */
export class SnapshotTemporarilyUnavailableError extends Error {
  override readonly name = "SnapshotTemporarilyUnavailableError";
  constructor() {
    super("Cannot read the snapshot: it is still being made");
  }
}

/** A snapshot older than the one the storage already holds. */
export class SnapshotOutOfDateError extends Error {
  override readonly name = "SnapshotOutOfDateError";
  constructor(index: number) {
    super(`Cannot store the snapshot at ${index}: the one held is newer`);
  }
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
