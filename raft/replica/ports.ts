/**
 * What a replica needs from the outside and what it offers. The shipped server and the simulator
 * are two implementations of the same ports; a frozen `replica.mjs` of any release is loaded
 * through them. So this file is a contract: it may grow at the end (optional members only), and
 * `PORTS_VERSION` rises when it does.
 *
 * Everything is a callback, nothing is a promise: a simulator can run many replicas in one thread,
 * one event at a time. No callback is ever called from inside the call that registered it.
 */

export const PORTS_VERSION = 4;

/** Chosen by the owner of the sockets; never used twice. */
export type ConnectionId = number;

export interface Clock {
  /** Milliseconds since an arbitrary start, never going back. */
  nowMs(): number;
}

export interface Chance {
  /** Uniform integer in 0 … 2^32 - 1. */
  uint32(): number;
}

/**
 * Files of one data directory, by relative path with `/`. Reads and listings are synchronous and
 * happen at start, when snapshots are sent, and in maintenance; what must last is asynchronous.
 * Writes to one file take effect in the order of the calls. A crash may lose or tear any bytes
 * appended since the last completed `sync` of that file.
 */
export interface Disk {
  /** Names of the files below a folder, sorted; empty when it does not exist. */
  list(folder: string): readonly string[];
  /** Undefined when there is no such file. Shorter than asked at the end of the file. */
  read(path: string, offset?: number, length?: number): Uint8Array | undefined;
  size(path: string): number | undefined;
  /** Creates the file when needed. Not durable before `sync`. */
  append(path: string, parts: readonly Uint8Array[], done: (error?: DiskError) => void): void;
  /** `fdatasync`, and for a new file its folder too. */
  sync(path: string, done: (error?: DiskError) => void): void;
  /** All or nothing, and durable: temporary file, sync, rename, sync of the folder. */
  replace(path: string, bytes: Uint8Array, done: (error?: DiskError) => void): void;
  /** Atomic and durable; the target is replaced. */
  rename(from: string, to: string, done: (error?: DiskError) => void): void;
  truncate(path: string, length: number, done: (error?: DiskError) => void): void;
  remove(path: string, done: (error?: DiskError) => void): void;
}

export interface DiskError {
  /** `ENOSPC`, `EIO` … */
  readonly code: string;
  readonly message: string;
}

export interface Link {
  /** Starts connecting to a peer's address, `host:port`. `onOpen` or `onClose` of the replica follows. */
  dial(address: string): ConnectionId;
  /** Queues bytes. False: the peer is slow and the queue is above its high-water mark (they are still queued). */
  send(connection: ConnectionId, parts: readonly Uint8Array[]): boolean;
  /** Sends what is queued, then closes. `onClose` follows. */
  close(connection: ConnectionId): void;
}

export interface ReplicaPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly link: Link;
  /** Counters, gauges and log lines; must not throw. */
  readonly observe: (event: ReplicaEvent) => void;
  /** The replica can not go on (fsync error, unknown critical entry, broken invariant). Called once; no port is used afterwards. */
  readonly halt: (reason: HaltReason) => void;
  /**
   * Runs `work` when the inputs that are there already have been given, and never from inside the call.
   * Many of them then share one write. Absent: each input is carried out at once. Since version 4.
   */
  readonly defer?: (work: () => void) => void;
  /**
   * Is given each transition of the core as one line, its end included, in the form of etcd's trace
   * specification; must not throw and must not call the replica. Absent: no line is made. Since version 4.
   */
  readonly trace?: (line: string) => void;
}

export interface HaltReason {
  readonly code: string;
  readonly message: string;
}

export type ReplicaEvent =
  | {
      readonly kind: "log";
      readonly level: "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: Readonly<Record<string, string | number>>;
    }
  /** A counter moved by one, for instance `wirespan_frames_refused_total{reason="foreign_cluster"}`. */
  | {
      readonly kind: "count";
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly by?: number;
    };

export interface ReplicaOptions {
  readonly nodeId: number;
  /** 32 hex digits. */
  readonly clusterId: string;
  /** Written into status and hello. */
  readonly release: string;
  readonly peerAddress: string;
  readonly clientAddress: string;
  /** Founding members, the same list on each of them. Empty: this node joins an existing cluster and waits for a snapshot. */
  readonly founders: readonly MemberAddress[];
  /** How often `onTick` comes, in milliseconds. */
  readonly tickMs: number;
  /** Answer reads by the leader's lease, from the first wire version on that has read leases. */
  readonly readLease?: boolean;
  /** Takes a snapshot after so many entries, or as many as there are pairs and sessions if that is more. Absent: only when asked. */
  readonly snapshotEvery?: number;
}

export interface MemberAddress {
  readonly id: number;
  readonly peerAddress: string;
  readonly clientAddress: string;
}

/** Made by `createReplica(options, ports)`, the only export of a replica bundle besides `PORTS_VERSION` and `describe`. */
export interface Replica {
  /** Recovers from disk and starts. A refusal leaves the disk as it was, byte for byte. */
  start(): StartOutcome;
  onTick(): void;
  /** A peer or client connected to us. */
  onAccept(connection: ConnectionId, side: "peer" | "client"): void;
  /** A dialled connection is ready. */
  onOpen(connection: ConnectionId): void;
  onBytes(connection: ConnectionId, bytes: Uint8Array): void;
  onClose(connection: ConnectionId): void;
  status(): ReplicaStatus;
  /** What of the status moves most, cheap enough to be asked after every input. Since version 4. */
  glance?(): ReplicaGlance;
  /** Digest of the state machine when `index` was applied, for the last few thousand indices. */
  digestAt(index: number): string | undefined;
  transferLeadership(to: number, done: (outcome: Outcome) => void): void;
  /** Takes a snapshot at the applied index, drops the log before it and rewrites what is stored at an older version. */
  takeSnapshot(done: (outcome: Outcome) => void): void;
  /** Proposes `ActivateVersion`; done when it is applied here. */
  activate(version: number, done: (outcome: Outcome) => void): void;
  changeMembership(change: MembershipChange, done: (outcome: Outcome) => void): void;
  /** Finishes what is on its way to disk, closes connections. */
  stop(done: () => void): void;
}

export type StartOutcome =
  | { readonly started: true }
  | { readonly started: false; readonly code: string; readonly message: string };

/** A refusal says what would allow it. */
export type Outcome =
  | { readonly ok: true; readonly index?: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

export type SingleMembershipChange =
  | { readonly kind: "addVoter" | "addLearner"; readonly member: MemberAddress }
  | { readonly kind: "remove"; readonly id: number };

/** `joint` makes several changes at once, through a phase in which both majorities must agree (Raft §6). */
export type MembershipChange =
  | SingleMembershipChange
  | { readonly kind: "joint"; readonly changes: readonly SingleMembershipChange[] };

/** The body of `GET /status`. Fields are only ever added. */
export interface ReplicaStatus {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly release: string;
  /** Wire versions this build reads. */
  readonly range: { readonly min: number; readonly max: number };
  /** The wire version the cluster may write now, as far as this node has applied. */
  readonly activeVersion: number;
  /** `leaving`: was told to stop and hands over its leadership. */
  readonly role: "leader" | "follower" | "candidate" | "learner" | "leaving";
  readonly term: number;
  /** 0: none known. */
  readonly leader: number;
  readonly commit: number;
  readonly applied: number;
  readonly lastIndex: number;
  /** Rises by one at each start of this data directory. */
  readonly incarnation: number;
  /** Rises by one with each status made in this incarnation. */
  readonly sequence: number;
  readonly digest: { readonly version: number; readonly index: number; readonly value: string };
  /** What is on disk: each stored version with one place that holds it; the lowest decides who can read it. */
  readonly content: readonly { readonly version: number; readonly place: string }[];
  readonly snapshotIndex: number;
  readonly members: readonly {
    readonly id: number;
    readonly peerAddress: string;
    readonly clientAddress: string;
    readonly learner: boolean;
  }[];
  /** The last status heard from each other member, with its age. A stale row is still shown; its age tells. */
  readonly peers: readonly PeerView[];
}

export interface ReplicaGlance {
  readonly role: ReplicaStatus["role"];
  /** Also while its role is `leaving`. */
  readonly leads: boolean;
  readonly term: number;
  readonly commit: number;
  readonly applied: number;
  readonly activeVersion: number;
  readonly incarnation: number;
  readonly digestVersion: number;
  /** The digits of `digest.value` as two numbers. */
  readonly digestHigh: number;
  readonly digestLow: number;
  /** No copies, and never changed: other lists stand here after a change of the members. */
  readonly voters: readonly number[];
  /** Not empty only in a joint phase. */
  readonly votersOutgoing: readonly number[];
}

export interface PeerView {
  readonly id: number;
  readonly connected: boolean;
  /** Version of the connection, 0 when there is none. */
  readonly negotiated: number;
  readonly release: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly activeVersion: number;
  readonly applied: number;
  readonly incarnation: number;
  readonly sequence: number;
  readonly ageMs: number;
}
