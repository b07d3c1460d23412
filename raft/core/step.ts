/** The one way in for messages: terms first, then what is the same in every role (etcd raft, `Step`). */
import { CAMPAIGN_TRANSFER, hup, responseTo } from "./campaign.ts";
import { CANDIDATE } from "./candidate.ts";
import type { StepRefusal } from "./errors.ts";
import { FOLLOWER } from "./follower.ts";
import { LEADER } from "./leader.ts";
import { applied, appliedSnapshot } from "./membership-change.ts";
import type { Raft } from "./raft.ts";
import type { RoleTable } from "./role-table.ts";
import { entrySize, payloadsSize } from "./storage.ts";
import { traceReceived } from "./trace.ts";
import { type Message, NONE, type StateType } from "./types.ts";

const BY_ROLE: Readonly<Record<StateType, RoleTable>> = {
  follower: FOLLOWER,
  candidate: CANDIDATE,
  preCandidate: CANDIDATE,
  leader: LEADER,
};

export function step(raft: Raft, message: Message): StepRefusal | undefined {
  traceReceived(raft, message);
  if (message.term > raft.term && !takeTerm(raft, message)) return undefined;
  if (message.term !== 0 && message.term < raft.term) {
    onStaleTerm(raft, message);
    return undefined;
  }
  switch (message.type) {
    case "MsgHup":
      hup(raft, raft.rules.preVote ? "preElection" : "election");
      return undefined;
    case "MsgVote":
    case "MsgPreVote":
      onVoteRequest(raft, message);
      return undefined;
    case "MsgStorageAppendResp":
      onStorageAppended(raft, message);
      return undefined;
    case "MsgStorageApplyResp":
      onStorageApplied(raft, message);
      return undefined;
    case "MsgStorageAppend":
    case "MsgStorageApply":
      // They are orders to the storage threads and never come back.
      return undefined;
    default:
      return BY_ROLE[raft.state][message.type](raft, message);
  }
}

/** Raft figure 2, rules for all servers: a newer term makes a follower. False: the message is ignored. */
function takeTerm(raft: Raft, message: Message): boolean {
  const { type, from, term, context } = message;
  if (type === "MsgVote" || type === "MsgPreVote") {
    // Within a leader's lease nobody else is voted for (§4.2.3 of the thesis), unless the leader wants it.
    const forced = isTransfer(context);
    const inLease =
      raft.rules.checkQuorum &&
      raft.lead !== NONE &&
      raft.electionElapsed < raft.rules.electionTick;
    if (!forced && inLease) return false;
  }
  // A pre-vote asks about a term that nobody has yet; its grant comes back with that same term.
  if (type === "MsgPreVote" || (type === "MsgPreVoteResp" && !message.reject)) return true;
  const fromLeader = type === "MsgApp" || type === "MsgHeartbeat" || type === "MsgSnap";
  raft.becomeFollower(term, fromLeader ? from : NONE);
  return true;
}

function isTransfer(context: Uint8Array): boolean {
  return (
    context.length === CAMPAIGN_TRANSFER.length &&
    context.every((byte, place) => byte === CAMPAIGN_TRANSFER[place])
  );
}

/** A stale term is refused and, where silence would leave somebody stuck, answered with the newer one. */
function onStaleTerm(raft: Raft, message: Message): void {
  const { type, from } = message;
  const guarded = raft.rules.checkQuorum || raft.rules.preVote;
  if (guarded && (type === "MsgHeartbeat" || type === "MsgApp")) {
    // A node that came back with a higher term would otherwise neither follow nor be elected.
    raft.send({ type: "MsgAppResp", to: from });
  } else if (type === "MsgPreVote") {
    raft.send({ type: "MsgPreVoteResp", to: from, term: raft.term, reject: true });
  } else if (type === "MsgStorageAppendResp" && message.snapshot) {
    // The entries may have been overwritten in the newer term; a snapshot holds committed ones only.
    appliedSnapshot(raft, message.snapshot);
  }
}

/** At most one vote per term, and only for a log at least as complete as ours (Raft §5.2, §5.4.1). */
function onVoteRequest(raft: Raft, message: Message): void {
  const { type, from, term, index, logTerm } = message;
  const canVote =
    raft.vote === from ||
    (raft.vote === NONE && raft.lead === NONE) ||
    (type === "MsgPreVote" && term > raft.term);
  const response = responseTo(type);
  if (!canVote || !raft.log.isUpToDate(index, logTerm)) {
    raft.send({ type: response, to: from, term: raft.term, reject: true });
    return;
  }
  // A grant names the term of the request, which for a pre-vote is not ours yet.
  raft.send({ type: response, to: from, term });
  if (type === "MsgVote") {
    raft.electionElapsed = 0;
    raft.vote = from;
  }
}

function onStorageAppended(raft: Raft, { index, logTerm, snapshot }: Message): void {
  if (index !== 0) raft.log.stableTo(index, logTerm);
  if (snapshot) appliedSnapshot(raft, snapshot);
}

function onStorageApplied(raft: Raft, { entries }: Message): void {
  const last = entries.at(-1);
  if (!last) return;
  const size = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  applied(raft, last.index, size, step);
  raft.reduceUncommitted(payloadsSize(entries));
}
