/** What a follower does with a message, and what every role does with word from a leader (etcd raft, `stepFollower`). */
import { hup } from "./campaign.ts";
import { PROPOSAL_DROPPED, type StepRefusal } from "./errors.ts";
import type { Raft } from "./raft.ts";
import { ignore, type RoleTable } from "./role-table.ts";
import { type Message, NONE, type Snapshot } from "./types.ts";

export const FOLLOWER: RoleTable = {
  MsgProp: forwardProposal,
  MsgApp: (raft, message) => hearFromLeader(raft, message, onAppend),
  MsgHeartbeat: (raft, message) => hearFromLeader(raft, message, onHeartbeat),
  MsgSnap: (raft, message) => hearFromLeader(raft, message, onSnapshot),
  MsgTransferLeader: forwardToLeader,
  MsgReadIndex: forwardToLeader,
  MsgForgetLeader: onForgetLeader,
  // The leader wants this node to take over, so nobody's lease counts.
  MsgTimeoutNow: (raft) => {
    hup(raft, "transfer");
    return undefined;
  },
  MsgReadIndexResp: onReadIndexResponse,
  MsgBeat: ignore,
  MsgCheckQuorum: ignore,
  MsgAppResp: ignore,
  MsgHeartbeatResp: ignore,
  MsgVoteResp: ignore,
  MsgPreVoteResp: ignore,
  MsgSnapStatus: ignore,
  MsgUnreachable: ignore,
};

function hearFromLeader(
  raft: Raft,
  message: Message,
  handle: (raft: Raft, message: Message) => void,
): undefined {
  raft.electionElapsed = 0;
  raft.lead = message.from;
  handle(raft, message);
  return undefined;
}

function forwardProposal(raft: Raft, message: Message): StepRefusal | undefined {
  if (raft.lead === NONE || raft.settings.disableProposalForwarding) return PROPOSAL_DROPPED;
  raft.send({ ...message, to: raft.lead });
  return undefined;
}

function forwardToLeader(raft: Raft, message: Message): undefined {
  if (raft.lead !== NONE) raft.send({ ...message, to: raft.lead });
  return undefined;
}

/** A follower that was told that its leader is gone may vote for another one at once. */
function onForgetLeader(raft: Raft): undefined {
  if (raft.rules.readOnlyOption === "leaseBased") return;
  raft.lead = NONE;
}

function onReadIndexResponse(raft: Raft, { index, entries }: Message): undefined {
  const [entry] = entries;
  if (entry && entries.length === 1) raft.readStates.push({ index, requestContext: entry.data });
}

/** Raft figure 2, AppendEntries RPC, receiver implementation. */
export function onAppend(raft: Raft, { from, index, logTerm, commit, entries }: Message): void {
  const { log } = raft;
  if (index < log.committed) {
    raft.send({ type: "MsgAppResp", to: from, index: log.committed });
    return;
  }
  const last = log.maybeAppend(index, logTerm, commit, entries);
  if (last !== undefined) {
    raft.send({ type: "MsgAppResp", to: from, index: last });
    return;
  }
  // The last entry here whose term is not above the leader's: nothing behind it can match (§5.3).
  const hint = log.findConflictByTerm(Math.min(index, log.lastIndex()), logTerm);
  raft.send({
    type: "MsgAppResp",
    to: from,
    index,
    reject: true,
    rejectHint: hint.index,
    logTerm: hint.term,
  });
}

export function onHeartbeat(raft: Raft, { from, commit, context }: Message): void {
  raft.log.commitTo(commit);
  raft.send({ type: "MsgHeartbeatResp", to: from, context });
}

export function onSnapshot(raft: Raft, { from, snapshot }: Message): void {
  const restored = snapshot !== undefined && restore(raft, snapshot);
  const index = restored ? raft.log.lastIndex() : raft.log.committed;
  raft.send({ type: "MsgAppResp", to: from, index });
}

/** False: the snapshot brings nothing, or is not for this node. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { confState, index, term } = snapshot.metadata;
  if (index <= raft.log.committed) return false;
  if (raft.state !== "follower") {
    // Only a follower steps here; were it not one, a new term would at least make it harmless.
    raft.becomeFollower(raft.term + 1, NONE);
    return false;
  }
  const members = [...confState.voters, ...confState.learners, ...confState.votersOutgoing];
  if (!members.includes(raft.id)) return false;
  if (raft.log.matchTerm(index, term)) {
    raft.log.commitTo(index);
    return false;
  }
  raft.log.restore(snapshot);
  raft.restoreConfiguration(confState);
  return true;
}
