/** What a candidate or pre-candidate does with a message (etcd raft, `stepCandidate`). */
import { campaign } from "./campaign.ts";
import { PROPOSAL_DROPPED, type StepRefusal } from "./errors.ts";
import { onAppend, onHeartbeat, onSnapshot } from "./follower.ts";
import type { Raft } from "./raft.ts";
import { broadcastAppend } from "./replication.ts";
import { type Message, type MessageType, NONE } from "./types.ts";

type Handler = (raft: Raft, message: Message) => StepRefusal | undefined;

const HANDLERS: Partial<Record<MessageType, Handler>> = {
  MsgProp: () => PROPOSAL_DROPPED,
  MsgApp: (raft, message) => follow(raft, message, onAppend),
  MsgHeartbeat: (raft, message) => follow(raft, message, onHeartbeat),
  MsgSnap: (raft, message) => follow(raft, message, onSnapshot),
  MsgVoteResp: (raft, message) => onVote(raft, message, "candidate"),
  MsgPreVoteResp: (raft, message) => onVote(raft, message, "preCandidate"),
};

export function stepCandidate(raft: Raft, message: Message): StepRefusal | undefined {
  return HANDLERS[message.type]?.(raft, message);
}

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
