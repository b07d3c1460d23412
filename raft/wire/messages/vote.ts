/** Elections (Raft §5.2) and the leader's order to campaign at once (§3.10 of the thesis). */
import { bool, message, uint64, type Value } from "../../../codecs/index.ts";

export const VoteRequest = message("VoteRequest", {
  term: uint64(1),
  candidate: uint64(2),
  lastIndex: uint64(3),
  lastTerm: uint64(4),
  /** The leader asked for this election, so that its lease does not count. */
  transfer: bool(5),
  /** Only asks; at a version without it a vote would be counted that nobody gave. */
  preVote: bool(6).since(2),
});
export type VoteRequest = Value<typeof VoteRequest>;

export const VoteResponse = message("VoteResponse", {
  term: uint64(1),
  granted: bool(2),
  preVote: bool(3).since(2),
});
export type VoteResponse = Value<typeof VoteResponse>;

export const TimeoutNow = message("TimeoutNow", { term: uint64(1) });
export type TimeoutNow = Value<typeof TimeoutNow>;
