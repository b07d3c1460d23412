/** What a node says of itself when asked; copies, so that a reader cannot change anything. */
import type { Raft } from "./raft.ts";
import type { BasicStatus, ProgressView, Status } from "./status.ts";

/** Asked for each message, so it is made in one piece. */
export function basicStatusOf({ id, term, vote, lead, state, log, isLearner }: Raft): BasicStatus {
  return {
    id,
    term,
    vote,
    commit: log.committed,
    lead,
    raftState: state,
    applied: log.applied,
    lastIndex: log.lastIndex(),
    isLearner,
  };
}

export function statusOf(raft: Raft): Status {
  const { log } = raft;
  return {
    ...basicStatusOf(raft),
    firstIndex: log.firstIndex(),
    lastTerm: log.lastTerm(),
    leadTransferee: raft.leadTransferee,
    confState: raft.tracker.confState(),
    progress: raft.state === "leader" ? progressOf(raft) : [],
  };
}

function progressOf(raft: Raft): ProgressView[] {
  const rows: ProgressView[] = [];
  raft.tracker.visit((id, progress) => {
    rows.push({
      id,
      match: progress.match,
      next: progress.next,
      state: progress.state,
      pendingSnapshot: progress.pendingSnapshot,
      recentActive: progress.recentActive,
      paused: progress.isPaused(),
      inflight: progress.inflights.count,
      inflightFull: progress.inflights.full(),
      isLearner: progress.isLearner,
    });
  });
  return rows;
}
