/** What each node tells its peers about itself every second. */
import {
  bytes,
  enumeration,
  field,
  message,
  string,
  uint32,
  uint64,
  type Value,
  variant,
} from "../../../codecs/index.ts";

export const NodeRole = enumeration("NodeRole", {
  follower: 0,
  leader: 1,
  candidate: 2,
  learner: 3,
  /** Hands over its leadership and will stop. */
  leaving: variant(4).since(4).fallback("follower", "a leaving node does what a follower does"),
});

export const NodeStatus = message("NodeStatus", {
  node: uint64(1),
  release: string(2),
  /** Wire versions that the node reads. */
  min: uint32(3),
  max: uint32(4),
  activeVersion: uint32(5),
  role: field(6, NodeRole),
  term: uint64(7),
  applied: uint64(8),
  /** A row with a lower (incarnation, sequence) than one seen before is stale. */
  incarnation: uint64(9),
  sequence: uint64(10),
  digestVersion: uint32(11),
  digest: bytes(12),
});
export type NodeStatus = Value<typeof NodeStatus>;
