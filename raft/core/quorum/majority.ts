/** Majority quorums (etcd raft, quorum/majority.go). */
import type { NodeId } from "../types.ts";

export type MajorityConfig = ReadonlySet<NodeId>;

export type VoteResult = "pending" | "lost" | "won";

/** Largest index that a majority has acknowledged. Without voters everything counts as committed. */
export function majorityCommitted(
  config: MajorityConfig,
  ackedIndex: (id: NodeId) => number | undefined,
): number {
  if (config.size === 0) return Infinity;
  const acked: number[] = [];
  for (const id of config) acked.push(ackedIndex(id) ?? 0);
  acked.sort((a, b) => a - b);
  return acked[config.size - (Math.floor(config.size / 2) + 1)] ?? 0;
}

/** Without voters every election is won, so that a half-empty joint quorum counts its other half only. */
export function majorityVote(
  config: MajorityConfig,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  if (config.size === 0) return "won";
  let yes = 0;
  let missing = 0;
  for (const id of config) {
    const vote = votes.get(id);
    if (vote === undefined) missing++;
    else if (vote) yes++;
  }
  const needed = Math.floor(config.size / 2) + 1;
  if (yes >= needed) return "won";
  return yes + missing >= needed ? "pending" : "lost";
}
