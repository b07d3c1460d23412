/** Appends, heartbeats and snapshots from the leader to its followers (etcd raft, raft.go). */
import { assert } from "../../base/index.ts";
import { SnapshotTemporarilyUnavailableError } from "./errors.ts";
import type { Raft } from "./raft.ts";
import { payloadsSize } from "./storage.ts";
import type { Progress } from "./tracker/index.ts";
import type { Entry, NodeId, Snapshot } from "./types.ts";

export function sendAppend(raft: Raft, to: NodeId): void {
  maybeSendAppend(raft, to, true);
}

/** An append with new entries, or an empty one for a new commit index; a snapshot when the log no longer goes back far enough. */
export function maybeSendAppend(raft: Raft, to: NodeId, sendIfEmpty: boolean): boolean {
  const progress = raft.tracker.progress.get(to);
  if (!progress || progress.isPaused()) return false;
  const prevIndex = progress.next - 1;
  const prevTerm = raft.log.maybeTerm(prevIndex);
  if (prevTerm === undefined) return maybeSendSnapshot(raft, to, progress);
  const entries = entriesFor(raft, progress);
  if (entries === undefined) return maybeSendSnapshot(raft, to, progress);
  if (entries.length === 0 && !sendIfEmpty) return false;
  const commit = raft.log.committed;
  raft.send({ type: "MsgApp", to, index: prevIndex, logTerm: prevTerm, entries, commit });
  progress.sentEntries(entries.length, payloadsSize(entries));
  progress.sentCommit = commit;
  return true;
}

/** Undefined: compacted. In a full window only the commit index goes out. */
function entriesFor(raft: Raft, progress: Progress): readonly Entry[] | undefined {
  if (progress.state === "replicate" && progress.inflights.full()) return [];
  if (progress.next < raft.log.firstIndex()) return undefined;
  return raft.log.entriesFrom(progress.next, raft.settings.maxSizePerMsg);
}

function maybeSendSnapshot(raft: Raft, to: NodeId, progress: Progress): boolean {
  if (!progress.recentActive) return false;
  const snapshot = readSnapshot(raft);
  if (!snapshot) return false;
  assert(snapshot.metadata.index > 0, "a compacted log has a snapshot");
  progress.becomeSnapshot(snapshot.metadata.index);
  raft.send({ type: "MsgSnap", to, snapshot });
  return true;
}

function readSnapshot(raft: Raft): Snapshot | undefined {
  try {
    return raft.log.snapshot();
  } catch (error) {
    if (error instanceof SnapshotTemporarilyUnavailableError) return undefined;
    throw error;
  }
}

export function broadcastAppend(raft: Raft): void {
  raft.tracker.visit((id) => {
    if (id !== raft.id) sendAppend(raft, id);
  });
}

export function broadcastHeartbeat(raft: Raft): void {
  broadcastHeartbeatWith(raft, raft.readOnly.lastPendingContext());
}

export function broadcastHeartbeatWith(raft: Raft, context: Uint8Array | undefined): void {
  raft.tracker.visit((id, progress) => {
    if (id === raft.id) return;
    // Never more than the follower is known to have: its log may differ behind that.
    const commit = Math.min(progress.match, raft.log.committed);
    raft.send({ type: "MsgHeartbeat", to: id, commit, ...(context ? { context } : {}) });
    progress.sentCommit = commit;
  });
}
