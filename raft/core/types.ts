/**
 * The vocabulary of the Raft core, a semantic port of etcd-io/raft (raftpb and rawnode): same
 * message kinds, same fields, same Ready. Absent numbers are 0, as in raftpb, where node 0 is
 * "none" and term 0 marks a local message.
 */

export type NodeId = number;
export const NONE: NodeId = 0;

export type EntryType = "normal" | "confChange" | "confChangeV2";

export interface Entry {
  readonly term: number;
  readonly index: number;
  readonly type: EntryType;
  /** Opaque to the core. Empty for the entry a new leader appends. */
  readonly data: Uint8Array;
}

export interface HardState {
  readonly term: number;
  readonly vote: NodeId;
  readonly commit: number;
}

export interface ConfState {
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  /** Non-empty only in the joint phase. */
  readonly votersOutgoing: readonly NodeId[];
  /** Voters of the outgoing half that become learners when the joint phase ends. */
  readonly learnersNext: readonly NodeId[];
  readonly autoLeave: boolean;
}

export interface SnapshotMetadata {
  readonly confState: ConfState;
  readonly index: number;
  readonly term: number;
}

export interface Snapshot {
  /** Opaque to the core; the reference node keeps the bytes elsewhere and leaves this empty. */
  readonly data: Uint8Array;
  readonly metadata: SnapshotMetadata;
}

export type MessageType =
  | "MsgHup"
  | "MsgBeat"
  | "MsgProp"
  | "MsgApp"
  | "MsgAppResp"
  | "MsgVote"
  | "MsgVoteResp"
  | "MsgSnap"
  | "MsgHeartbeat"
  | "MsgHeartbeatResp"
  | "MsgUnreachable"
  | "MsgSnapStatus"
  | "MsgCheckQuorum"
  | "MsgTransferLeader"
  | "MsgTimeoutNow"
  | "MsgReadIndex"
  | "MsgReadIndexResp"
  | "MsgPreVote"
  | "MsgPreVoteResp"
  | "MsgStorageAppend"
  | "MsgStorageAppendResp"
  | "MsgStorageApply"
  | "MsgStorageApplyResp"
  | "MsgForgetLeader";

export interface Message {
  readonly type: MessageType;
  readonly to: NodeId;
  readonly from: NodeId;
  readonly term: number;
  /** Term of the entry at `index` (MsgApp), of the last entry (MsgVote), or the hint's term (MsgAppResp). */
  readonly logTerm: number;
  readonly index: number;
  readonly entries: readonly Entry[];
  readonly commit: number;
  readonly vote: NodeId;
  readonly snapshot: Snapshot | undefined;
  readonly reject: boolean;
  readonly rejectHint: number;
  /** Campaign transfer mark (MsgVote) or read request context (MsgHeartbeat, MsgReadIndex). */
  readonly context: Uint8Array;
  readonly responses: readonly Message[];
}

export type StateType = "follower" | "candidate" | "leader" | "preCandidate";

export interface SoftState {
  readonly lead: NodeId;
  readonly raftState: StateType;
}

export interface ReadState {
  readonly index: number;
  readonly requestContext: Uint8Array;
}

/** What must be done after steps and ticks, in etcd's order and meaning (rawnode.go, `Ready`). */
export interface Ready {
  readonly softState: SoftState | undefined;
  readonly hardState: HardState | undefined;
  readonly readStates: readonly ReadState[];
  /** To be on stable storage before `messages` of a follower are sent. */
  readonly entries: readonly Entry[];
  readonly snapshot: Snapshot | undefined;
  readonly committedEntries: readonly Entry[];
  readonly messages: readonly Message[];
  /** Whether `hardState` and `entries` need an fsync before `messages` may leave. */
  readonly mustSync: boolean;
}

/** The core reads its log through this; all calls are synchronous (etcd `Storage`). */
export interface Storage {
  initialState(): { readonly hardState: HardState; readonly confState: ConfState };
  /** Entries lo..hi-1, at least one if any, at most `bytesMax` bytes. Throws `CompactedError` or `UnavailableError`. */
  entries(lo: number, hi: number, bytesMax: number): readonly Entry[];
  /** Throws `CompactedError` below firstIndex - 1, `UnavailableError` above lastIndex. */
  term(index: number): number;
  firstIndex(): number;
  lastIndex(): number;
  /**
   * What a follower gets whose entries are gone. A node that the snapshot's configuration does not
   * name refuses it, so after a member joined there must be a newer one; until it is made, throw
   * `SnapshotTemporarilyUnavailableError`.
   */
  snapshot(): Snapshot;
}

export type ConfChangeType = "addNode" | "removeNode" | "updateNode" | "addLearnerNode";

export interface ConfChangeSingle {
  readonly type: ConfChangeType;
  readonly nodeId: NodeId;
}

/** Auto: joint only when needed, left at once. */
export type ConfChangeTransition = "auto" | "jointImplicit" | "jointExplicit";

export interface ConfChangeV2 {
  readonly transition: ConfChangeTransition;
  /** Empty means: leave the joint configuration. */
  readonly changes: readonly ConfChangeSingle[];
  readonly context: Uint8Array;
}
