/** The reference messages: what they hold, and their schemas in our own language. */
import {
  bilrost,
  bool,
  bytes,
  enumeration,
  field,
  fixed32,
  list,
  type MessageDefinition,
  type MessageShape,
  map,
  message,
  optional,
  protocol,
  string,
  uint32,
  uint64,
  type Value,
} from "../../codecs/index.ts";

export const MESSAGE_NAMES = [
  "AppendRequest",
  "AppendResponse",
  "VoteRequest",
  "SnapshotChunk",
  "ConfigChange",
] as const;
export type MessageName = (typeof MESSAGE_NAMES)[number];

const Role = enumeration("Role", { voter: 0, learner: 1, witness: 2 });

const Entry = message("Entry", {
  term: uint64(1),
  index: uint64(2),
  kind: uint32(3),
  payload: bytes(4),
});

const AppendRequest = message("AppendRequest", {
  term: uint64(1),
  leader: uint64(2),
  previousIndex: uint64(3),
  previousTerm: uint64(4),
  commit: uint64(5),
  entries: list(6, Entry),
});

const AppendResponse = message("AppendResponse", {
  term: uint64(1),
  from: uint64(2),
  success: bool(3),
  match: uint64(4),
  conflictTerm: optional(uint64(5)),
  conflictIndex: optional(uint64(6)),
});

const VoteRequest = message("VoteRequest", {
  term: uint64(1),
  candidate: uint64(2),
  lastIndex: uint64(3),
  lastTerm: uint64(4),
  preVote: bool(5),
});

const SnapshotChunk = message("SnapshotChunk", {
  term: uint64(1),
  leader: uint64(2),
  lastIndex: uint64(3),
  lastTerm: uint64(4),
  offset: uint64(5),
  size: uint64(6),
  payload: bytes(7),
  checksum: fixed32(8),
  done: bool(9),
});

const Node = message("Node", { id: uint64(1), address: string(2), role: field(3, Role) });

const ConfigChange = message("ConfigChange", {
  index: uint64(1),
  members: list(2, Node),
  incoming: list(3, Node),
  labels: map(4, string, string),
});

const DEFINITIONS: Readonly<Record<MessageName, MessageDefinition<object>>> = {
  AppendRequest,
  AppendResponse,
  VoteRequest,
  SnapshotChunk,
  ConfigChange,
};

export type AppendRequestValue = Value<typeof AppendRequest>;
export type AppendResponseValue = Value<typeof AppendResponse>;
export type VoteRequestValue = Value<typeof VoteRequest>;
export type SnapshotChunkValue = Value<typeof SnapshotChunk>;
export type ConfigChangeValue = Value<typeof ConfigChange>;
export type NodeValue = Value<typeof Node>;

/** The shape that formats compile. */
export function shapeOf(name: MessageName): MessageShape {
  const definition = DEFINITIONS[name];
  const messages = { [name]: { definition, surface: "connection" } } as const;
  const versions = [{ version: 1, format: bilrost, rules: {} }];
  return protocol("bench", { versions, messages }).shapeOf(definition, 1);
}

/** A message of which every number, text and byte is settled. */
export type Plain = Readonly<Record<string, unknown>>;
