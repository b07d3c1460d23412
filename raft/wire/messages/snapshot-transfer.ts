/** A snapshot on its way to a follower, in chunks (Raft §7). */
import {
  bool,
  bytes,
  enumeration,
  field,
  fixed32,
  message,
  optional,
  uint32,
  uint64,
  type Value,
} from "../../../codecs/index.ts";

export const SnapshotChunk = message("SnapshotChunk", {
  term: uint64(1),
  /** Chosen by the sender for one transfer. */
  session: uint64(2),
  /** Last index and term that the snapshot holds. */
  index: uint64(3),
  snapshotTerm: uint64(4),
  offset: uint32(5).as(4, uint64),
  /** Bytes of the whole snapshot file. */
  total: uint32(6).as(4, uint64),
  last: bool(7),
  bytes: bytes(8),
  /** CRC32C of `bytes`: the checksum of the frame does not outlive the connection, a chunk on disk does. */
  crc32c: optional(fixed32(9)).since(3).loss("the frame around the chunk is checksummed as well"),
});
export type SnapshotChunk = Value<typeof SnapshotChunk>;

export const SnapshotAckStatus = enumeration("SnapshotAckStatus", {
  /** Go on at `nextOffset`, which is also the answer to a duplicate and to a gap. */
  accepted: 0,
  /** Nothing of this session is here: begin at 0. */
  restart: 1,
  installed: 2,
  refused: 3,
});

export const SnapshotAck = message("SnapshotAck", {
  term: uint64(1),
  session: uint64(2),
  nextOffset: uint32(3).as(4, uint64),
  status: field(4, SnapshotAckStatus),
});
export type SnapshotAck = Value<typeof SnapshotAck>;
