/**
 * Defaults and limits that belong to the wire version and change with the *active* one, never with
 * the binary (law 13): two releases that write the same version must behave the same.
 */
export interface Rules extends Readonly<Record<string, number | boolean>> {
  /** Ticks without a leader before an election; the timeout is drawn from [n, 2n). */
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** A leader that does not hear from a quorum in an election timeout steps down. */
  readonly checkQuorum: boolean;
  /** Ask whether an election could be won before the term is raised (§9.6 of the Raft thesis). */
  readonly preVote: boolean;
  /** More than one voter may change at once, through a joint phase (Raft §6). */
  readonly jointConfigurations: boolean;
  /** Nodes that are configured to may answer reads by the leader's lease instead of a round of heartbeats (§6.4.1 of the Raft thesis). */
  readonly readLease: boolean;
  /** A leader that is told to stop hands over first, so that nobody waits for an election. */
  readonly handOver: boolean;
  readonly frameBytesMax: number;
  readonly entriesBytesPerAppendMax: number;
  readonly inflightAppendsMax: number;
  readonly snapshotChunkBytes: number;
  /** A log file is closed and the next one begun at this size. */
  readonly segmentBytesMax: number;
  readonly keyBytesMax: number;
  readonly valueBytesMax: number;
  readonly sessionsMax: number;
}
