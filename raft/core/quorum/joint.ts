/** Joint quorums: both halves must agree (etcd raft, quorum/joint.go; Raft §6). */
import type { NodeId } from "../types.ts";
import {
  type MajorityConfig,
  majorityCommitted,
  majorityVote,
  type VoteResult,
} from "./majority.ts";

export interface JointConfig {
  readonly incoming: MajorityConfig;
  /** Empty outside a joint phase. */
  readonly outgoing: MajorityConfig;
}

export function jointCommitted(
  { incoming, outgoing }: JointConfig,
  ackedIndex: (id: NodeId) => number | undefined,
): number {
  return Math.min(majorityCommitted(incoming, ackedIndex), majorityCommitted(outgoing, ackedIndex));
}

export function jointVote(
  { incoming, outgoing }: JointConfig,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  const [one, other] = [majorityVote(incoming, votes), majorityVote(outgoing, votes)];
  if (one === other) return one;
  if (one === "lost" || other === "lost") return "lost";
  return "pending";
}

export function jointIds({ incoming, outgoing }: JointConfig): ReadonlySet<NodeId> {
  return new Set([...incoming, ...outgoing]);
}
