/** Elections (Raft §5.2, pre-vote §9.6 of the thesis; etcd raft, `hup` and `campaign`). */
import type { Raft } from "./raft.ts";
import type { MessageType } from "./types.ts";

export type Campaign = "preElection" | "election" | "transfer";

/** Marks an election that the leader ordered, so that its lease does not count. */
export const CAMPAIGN_TRANSFER: Uint8Array = new TextEncoder().encode("CampaignTransfer");
const CONF_PAGE_BYTES = 1 << 20;

/** Campaigns unless this node leads, may not vote, or does not yet know its own configuration. */
export function hup(raft: Raft, campaignType: Campaign): void {
  if (raft.state === "leader" || !raft.promotable() || hasUnappliedConfChanges(raft)) return;
  campaign(raft, campaignType);
}

export function campaign(raft: Raft, type: Campaign): void {
  const isPre = type === "preElection";
  if (isPre) raft.becomePreCandidate();
  else raft.becomeCandidate();
  const term = isPre ? raft.term + 1 : raft.term;
  const vote = isPre ? "MsgPreVote" : "MsgVote";
  for (const to of raft.tracker.voterIds()) {
    if (to === raft.id) {
      // The own vote counts once it is on disk, like everybody's.
      raft.send({ type: responseTo(vote), to, term });
      continue;
    }
    const last = { index: raft.log.lastIndex(), logTerm: raft.log.lastTerm() };
    const context = type === "transfer" ? { context: CAMPAIGN_TRANSFER } : {};
    raft.send({ type: vote, to, term, ...last, ...context });
  }
}

export function responseTo(vote: MessageType): "MsgVoteResp" | "MsgPreVoteResp" {
  return vote === "MsgPreVote" ? "MsgPreVoteResp" : "MsgVoteResp";
}

function hasUnappliedConfChanges(raft: Raft): boolean {
  const { log } = raft;
  for (let from = log.applied + 1; from <= log.committed; ) {
    const page = log.slice(from, log.committed + 1, CONF_PAGE_BYTES);
    if (page.length === 0) return false;
    if (page.some(({ type }) => type !== "normal")) return true;
    from += page.length;
  }
  return false;
}
