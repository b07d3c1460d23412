/** The leader's sign of life, which also confirms reads (Raft §6.4 of the thesis). */
import { bytes, message, optional, uint32, uint64, type Value } from "../../../codecs/index.ts";

export const Heartbeat = message("Heartbeat", {
  term: uint64(1),
  commit: uint64(2),
  /** Mark of the read that the answer confirms. */
  context: bytes(3),
  /** Proposals that wait at the leader; for people who look. */
  queueDepth: uint32(4).until(3).loss("it informs people, nothing depends on it"),
  /** How long the leader counts on not being deposed, when it answers reads by its lease. */
  leaseMs: optional(uint32(5)).since(4).loss("a lease is announced, not asked for"),
});
export type Heartbeat = Value<typeof Heartbeat>;

export const HeartbeatResponse = message("HeartbeatResponse", {
  term: uint64(1),
  context: bytes(2),
});
export type HeartbeatResponse = Value<typeof HeartbeatResponse>;

export const ReadIndexRequest = message("ReadIndexRequest", {
  term: uint64(1),
  context: bytes(2),
});
export type ReadIndexRequest = Value<typeof ReadIndexRequest>;

export const ReadIndexResponse = message("ReadIndexResponse", {
  term: uint64(1),
  index: uint64(2),
  context: bytes(3),
});
export type ReadIndexResponse = Value<typeof ReadIndexResponse>;
