/** Log replication (Raft §5.3). */
import { bool, list, message, uint64, type Value } from "../../../codecs/index.ts";
import { LogEntry } from "./log-entry.ts";

export const AppendRequest = message("AppendRequest", {
  term: uint64(1),
  leader: uint64(2),
  prevIndex: uint64(3),
  prevTerm: uint64(4),
  commit: uint64(5),
  entries: list(6, LogEntry).packedSince(3),
});
export type AppendRequest = Value<typeof AppendRequest>;

export const AppendResponse = message("AppendResponse", {
  term: uint64(1),
  /** The last index that matches, or the previous index that did not. */
  index: uint64(2),
  reject: bool(3),
  /** Where the logs may still match, so that the leader skips what cannot (Raft §5.3, last paragraph). */
  hintIndex: uint64(4).since(2).loss("without a hint the leader steps back entry by entry"),
  hintTerm: uint64(5).since(2).loss("without a hint the leader steps back entry by entry"),
});
export type AppendResponse = Value<typeof AppendResponse>;
