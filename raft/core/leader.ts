/** What a leader does with a message (etcd raft, `stepLeader`). */
import { assert } from "../../base/index.ts";
import { PROPOSAL_DROPPED, type StepRefusal } from "./errors.ts";
import { NO_BYTES } from "./message.ts";
import type { NewEntry, Raft } from "./raft.ts";
import { onLeaderReadIndex, onReadConfirmed, releasePendingReads } from "./reads.ts";
import { broadcastAppend, broadcastHeartbeat, maybeSendAppend, sendAppend } from "./replication.ts";
import { ignore, type RoleHandler, type RoleTable } from "./role-table.ts";
import { traceChangeConf } from "./trace.ts";
import type { Progress } from "./tracker/index.ts";
import { type Entry, type Message, NONE } from "./types.ts";

type ProgressHandler = (raft: Raft, message: Message, progress: Progress) => void;

export const LEADER: RoleTable = {
  MsgBeat: ofAnyone(broadcastHeartbeat),
  MsgCheckQuorum: ofAnyone(onCheckQuorum),
  MsgProp: onProposal,
  MsgReadIndex: ofAnyone(onLeaderReadIndex),
  MsgAppResp: ofMember(onAppendResponse),
  MsgHeartbeatResp: ofMember(onHeartbeatResponse),
  MsgSnapStatus: ofMember(onSnapshotStatus),
  MsgUnreachable: ofMember((_raft, _message, progress) => {
    // An append under way is probably lost.
    if (progress.state === "replicate") progress.becomeProbe();
  }),
  MsgTransferLeader: ofMember(onTransferLeader),
  // There is one leader per term, so these can only be from an older one or from itself.
  MsgApp: ignore,
  MsgHeartbeat: ignore,
  MsgSnap: ignore,
  MsgTimeoutNow: ignore,
  MsgVoteResp: ignore,
  MsgPreVoteResp: ignore,
  MsgReadIndexResp: ignore,
  MsgForgetLeader: ignore,
};

/** What comes from a node outside the configuration changes nothing. */
function ofMember(handle: ProgressHandler): RoleHandler {
  return (raft, message) => {
    const progress = raft.tracker.progress.get(message.from);
    if (progress) handle(raft, message, progress);
    return undefined;
  };
}

function ofAnyone(handle: (raft: Raft, message: Message) => void): RoleHandler {
  return (raft, message) => {
    handle(raft, message);
    return undefined;
  };
}

/** Without a quorum in the last election timeout somebody else may lead already (§6.2 of the thesis). */
function onCheckQuorum(raft: Raft): void {
  if (!raft.tracker.quorumActive()) raft.becomeFollower(raft.term, NONE);
  raft.tracker.visit((id, progress) => {
    if (id !== raft.id) progress.recentActive = false;
  });
}

function onProposal(raft: Raft, { entries }: Message): StepRefusal | undefined {
  assert(entries.length > 0, "a proposal has an entry");
  // Not in the configuration any more, or leadership is on its way to somebody else.
  if (!raft.tracker.progress.has(raft.id) || raft.leadTransferee !== NONE) return PROPOSAL_DROPPED;
  const lastIndex = raft.log.lastIndex();
  const checked = entries.map((entry, place) =>
    checkConfChange(raft, entry, lastIndex + 1 + place),
  );
  if (!raft.appendEntries(checked)) return PROPOSAL_DROPPED;
  broadcastAppend(raft);
  return undefined;
}

/** A configuration change that may not be made now becomes an empty entry, which changes nothing. */
function checkConfChange(raft: Raft, entry: Entry, index: number): NewEntry {
  if (entry.type === "normal") return entry;
  const change = raft.settings.confChangeOf(entry);
  const pending = raft.pendingConfIndex > raft.log.applied;
  const isJoint = raft.tracker.config.outgoing.size > 0;
  const wantsToLeave = change.changes.length === 0;
  const refused = pending || isJoint !== wantsToLeave;
  if (refused && !raft.settings.disableConfChangeValidation)
    return { type: "normal", data: NO_BYTES };
  raft.pendingConfIndex = index;
  traceChangeConf(raft, change);
  return entry;
}

function onAppendResponse(raft: Raft, message: Message, progress: Progress): void {
  progress.recentActive = true;
  if (message.reject) onAppendRejected(raft, message, progress);
  else onAppendAccepted(raft, message, progress);
}

/**
 * The follower names the last entry that could match. With the term of it the leader skips a whole
 * term at once: nothing behind its own entries of at most that term can match (§5.3, last paragraph).
 */
function onAppendRejected(raft: Raft, message: Message, progress: Progress): void {
  const { index, rejectHint, logTerm, from } = message;
  const hint = logTerm > 0 ? raft.log.findConflictByTerm(rejectHint, logTerm).index : rejectHint;
  if (!progress.maybeDecrTo(index, hint)) return;
  if (progress.state === "replicate") progress.becomeProbe();
  sendAppend(raft, from);
}

function onAppendAccepted(raft: Raft, { index, from }: Message, progress: Progress): void {
  const isNews =
    progress.maybeUpdate(index) || (progress.match === index && progress.state === "probe");
  if (!isNews) return;
  advanceState(raft, index, progress);
  if (raft.maybeCommit()) {
    releasePendingReads(raft);
    broadcastAppend(raft);
  } else if (from !== raft.id && progress.canBumpCommit(raft.log.committed)) {
    sendAppend(raft, from);
  }
  if (from === raft.id) return;
  // The window has room again: fill it.
  while (maybeSendAppend(raft, from, false));
  if (from === raft.leadTransferee && progress.match === raft.log.lastIndex()) {
    raft.send({ type: "MsgTimeoutNow", to: from });
  }
}

function advanceState(raft: Raft, index: number, progress: Progress): void {
  if (progress.state === "probe") {
    progress.becomeReplicate();
  } else if (progress.state === "replicate") {
    progress.inflights.freeLe(index);
  } else if (progress.match + 1 >= raft.log.firstIndex()) {
    // The follower has caught up with the log, by the snapshot or without it.
    progress.becomeProbe();
    progress.becomeReplicate();
  }
}

function onHeartbeatResponse(raft: Raft, message: Message, progress: Progress): void {
  progress.recentActive = true;
  progress.appendPaused = false;
  if (progress.match < raft.log.lastIndex() || progress.state === "probe") {
    sendAppend(raft, message.from);
  }
  onReadConfirmed(raft, message);
}

function onSnapshotStatus(_raft: Raft, { reject }: Message, progress: Progress): void {
  if (progress.state !== "snapshot") return;
  if (reject) progress.pendingSnapshot = 0;
  progress.becomeProbe();
  // Its answer or the next heartbeat answer tells that the follower is there.
  progress.appendPaused = true;
}

function onTransferLeader(raft: Raft, { from: to }: Message, progress: Progress): void {
  if (progress.isLearner) return;
  if (raft.leadTransferee === to) return;
  raft.leadTransferee = NONE;
  if (to === raft.id) return;
  // A transfer that does not end within an election timeout is given up.
  raft.electionElapsed = 0;
  raft.leadTransferee = to;
  if (progress.match === raft.log.lastIndex()) raft.send({ type: "MsgTimeoutNow", to });
  else sendAppend(raft, to);
}
