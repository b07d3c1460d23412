/** What a candidate or pre-candidate does with a message (etcd raft, `stepCandidate`). */
import { campaign } from "./campaign.ts";
import { PROPOSAL_DROPPED } from "./errors.ts";
import { onAppend, onHeartbeat, onSnapshot } from "./follower.ts";
import type { Raft } from "./raft.ts";
import { broadcastAppend } from "./replication.ts";
import { ignore, type RoleTable } from "./role-table.ts";
import { type Message, NONE } from "./types.ts";

/** For candidates and pre-candidates alike: they differ in the answers they count. */
export const CANDIDATE: RoleTable = {
  MsgProp: () => PROPOSAL_DROPPED,
  MsgApp: (raft, message) => follow(raft, message, onAppend),
  MsgHeartbeat: (raft, message) => follow(raft, message, onHeartbeat),
  MsgSnap: (raft, message) => follow(raft, message, onSnapshot),
  MsgVoteResp: (raft, message) => onVote(raft, message, "candidate"),
  MsgPreVoteResp: (raft, message) => onVote(raft, message, "preCandidate"),
  MsgTimeoutNow: ignore,
  MsgBeat: ignore,
  MsgCheckQuorum: ignore,
  MsgAppResp: ignore,
  MsgHeartbeatResp: ignore,
  MsgSnapStatus: ignore,
  MsgUnreachable: ignore,
  MsgTransferLeader: ignore,
  MsgReadIndex: ignore,
  MsgReadIndexResp: ignore,
  MsgForgetLeader: ignore,
};

/** Somebody else won this term (Raft §5.2). */
function follow(
  raft: Raft,
  message: Message,
  handle: (raft: Raft, message: Message) => void,
): undefined {
  raft.becomeFollower(message.term, message.from);
  handle(raft, message);
  return undefined;
}

/** An answer to the other kind of election is of no interest any more. */
function onVote(raft: Raft, message: Message, wanted: Raft["state"]): undefined {
  if (raft.state !== wanted) return;
  raft.tracker.recordVote(message.from, !message.reject);
  const { result } = raft.tracker.tallyVotes();
  if (result === "lost") {
    raft.becomeFollower(raft.term, NONE);
  } else if (result === "won") {
    win(raft);
  }
}

function win(raft: Raft): void {
  if (raft.state === "preCandidate") {
    campaign(raft, "election");
    return;
  }
  raft.becomeLeader();
  broadcastAppend(raft);
}
