/** The leader's sign of life, which also confirms reads (Raft §6.4 of the thesis). */
import { bytes, message, uint32, uint64, type Value } from "../../../codecs/index.ts";

export const Heartbeat = message("Heartbeat", {
  term: uint64(1),
  commit: uint64(2),
  /** Mark of the read that the answer confirms. */
  context: bytes(3),
  /** Proposals that wait at the leader; for people who look. */
  queueDepth: uint32(4),
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
