/** What a data directory and the log hold beside commands. */
import {
  bool,
  bytes,
  EncodeError,
  enumeration,
  field,
  list,
  message,
  packed,
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

const memberChange = {
  kind: field(1, ConfigChangeKind),
  node: uint64(2),
  peerAddress: string(3),
  clientAddress: string(4),
};

/** One server comes or goes (§4.1 of the Raft thesis). */
export const MemberChange = message("MemberChange", memberChange);
export type MemberChange = Value<typeof MemberChange>;

/** `leave` ends a joint phase. */
export const ConfigTransition = enumeration("ConfigTransition", {
  simple: 0,
  joint: 1,
  leave: 2,
});

/** Below version 3 a configuration changes by one server at a time, and the message is that change. */
const SingleConfigChange = message("ConfigChange", memberChange);
const NOBODY: MemberChange = { kind: "addVoter", node: 0, peerAddress: "", clientAddress: "" };

function isNobody({ kind, node, peerAddress, clientAddress }: MemberChange): boolean {
  return kind === "addVoter" && node === 0 && peerAddress === "" && clientAddress === "";
}

/** Body of an entry of kind `config`. */
export const ConfigChange = message("ConfigChange", {
  transition: field(1, ConfigTransition),
  changes: list(2, MemberChange),
}).before(3, SingleConfigChange, {
  // An empty single change is no change.
  up: (single) => ({ transition: "simple", changes: isNobody(single) ? [] : [{ ...single }] }),
  down: ({ transition, changes }) => {
    const [single = NOBODY] = changes;
    if (changes.length <= 1 && transition === "simple") return { ...single };
    throw new EncodeError(
      "VersionMismatch",
      `Cannot encode a ${transition} change of ${changes.length} members: one at a time before version 3`,
      ["changes"],
      { needed: 3, actual: 2 },
    );
  },
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
  /** The rest is empty outside a joint phase, which versions before 3 do not have. */
  votersOutgoing: packed(4, uint64).since(3),
  learnersNext: packed(5, uint64).since(3),
  autoLeave: bool(6).since(3),
});
export type MembershipSection = Value<typeof MembershipSection>;
