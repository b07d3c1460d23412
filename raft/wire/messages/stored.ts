/** What a data directory and the log hold beside commands. */
import {
  bytes,
  enumeration,
  field,
  list,
  message,
  string,
  uint32,
  uint64,
  type Value,
} from "../../../codecs/index.ts";

/** The state that must not be forgotten in a crash (Raft figure 2). */
export const HardState = message("HardState", {
  term: uint64(1),
  vote: uint64(2),
  commit: uint64(3),
});
export type HardState = Value<typeof HardState>;

export const ConfigChangeKind = enumeration("ConfigChangeKind", {
  addVoter: 0,
  addLearner: 1,
  remove: 2,
});

/** Body of an entry of kind `config`: one server comes or goes (Raft §4.1 of the thesis). */
export const ConfigChange = message("ConfigChange", {
  kind: field(1, ConfigChangeKind),
  node: uint64(2),
  peerAddress: string(3),
  clientAddress: string(4),
});
export type ConfigChange = Value<typeof ConfigChange>;

/** Body of an entry of kind `activate`: from here on the cluster writes this version. */
export const ActivateVersion = message("ActivateVersion", { version: uint32(1) });
export type ActivateVersion = Value<typeof ActivateVersion>;

/** Section 1 of a snapshot: what it is, and what the state machine was then. */
export const SnapshotManifest = message("SnapshotManifest", {
  index: uint64(1),
  term: uint64(2),
  activeVersion: uint32(3),
  digestVersion: uint32(4),
  digest: bytes(5),
});
export type SnapshotManifest = Value<typeof SnapshotManifest>;

const Pair = message("Pair", { key: bytes(1), value: bytes(2) });

export const KeyValueSection = message("KeyValueSection", { pairs: list(1, Pair) });
export type KeyValueSection = Value<typeof KeyValueSection>;

const StoredSession = message("StoredSession", {
  id: uint64(1),
  /** The last write that was applied. */
  sequence: uint64(2),
  /** Wire version of `response`. */
  version: uint32(3),
  /** The answer that a retry gets again: a ClientResponse. */
  response: bytes(4),
});

export const SessionSection = message("SessionSection", { sessions: list(1, StoredSession) });
export type SessionSection = Value<typeof SessionSection>;

const Member = message("Member", {
  id: uint64(1),
  peerAddress: string(2),
  clientAddress: string(3),
});

export const MembershipSection = message("MembershipSection", {
  voters: list(1, uint64),
  learners: list(2, uint64),
  /** Addresses of all of them. */
  members: list(3, Member),
});
export type MembershipSection = Value<typeof MembershipSection>;
