/** Configuration, progress of each node and the votes of an election (etcd raft, tracker/tracker.go). */
import { jointCommitted, jointIds, jointVote, type VoteResult } from "../quorum/index.ts";
import type { ConfState, NodeId } from "../types.ts";
import { Inflights } from "./inflights.ts";
import type { Progress } from "./progress.ts";

export interface TrackerConfig {
  /** Incoming voters, or the only ones outside a joint phase. */
  readonly incoming: ReadonlySet<NodeId>;
  readonly outgoing: ReadonlySet<NodeId>;
  /** Never voters of either half. */
  readonly learners: ReadonlySet<NodeId>;
  /** Voters of the outgoing half that become learners when the joint phase ends. */
  readonly learnersNext: ReadonlySet<NodeId>;
  readonly autoLeave: boolean;
}

export type ProgressMap = Map<NodeId, Progress>;

export const EMPTY_TRACKER_CONFIG: TrackerConfig = {
  incoming: new Set(),
  outgoing: new Set(),
  learners: new Set(),
  learnersNext: new Set(),
  autoLeave: false,
};

export class Tracker {
  config: TrackerConfig = EMPTY_TRACKER_CONFIG;
  progress: ProgressMap = new Map();
  readonly votes = new Map<NodeId, boolean>();
  readonly maxInflight: number;
  readonly maxInflightBytes: number;

  constructor(maxInflight: number, maxInflightBytes: number) {
    this.maxInflight = maxInflight;
    this.maxInflightBytes = maxInflightBytes;
  }

  newInflights(): Inflights {
    return new Inflights(this.maxInflight, this.maxInflightBytes);
  }

  confState(): ConfState {
    const { incoming, outgoing, learners, learnersNext, autoLeave } = this.config;
    return {
      voters: sorted(incoming),
      learners: sorted(learners),
      votersOutgoing: sorted(outgoing),
      learnersNext: sorted(learnersNext),
      autoLeave,
    };
  }

  isSingleton(): boolean {
    return this.config.incoming.size === 1 && this.config.outgoing.size === 0;
  }

  committed(): number {
    return jointCommitted(this.config, (id) => this.progress.get(id)?.match);
  }

  voterIds(): NodeId[] {
    return sorted(jointIds(this.config));
  }

  isVoter(id: NodeId): boolean {
    return this.config.incoming.has(id) || this.config.outgoing.has(id);
  }

  /** In order of ids, so that messages come out the same on every run. */
  visit(each: (id: NodeId, progress: Progress) => void): void {
    for (const id of sorted(this.progress.keys())) {
      const progress = this.progress.get(id);
      if (progress) each(id, progress);
    }
  }

  /** From the leader's point of view: has a quorum been heard of lately? */
  quorumActive(): boolean {
    const active = new Map<NodeId, boolean>();
    this.visit((id, progress) => {
      if (!progress.isLearner) active.set(id, progress.recentActive);
    });
    return jointVote(this.config, active) === "won";
  }

  resetVotes(): void {
    this.votes.clear();
  }

  /** The first vote counts. */
  recordVote(id: NodeId, granted: boolean): void {
    if (!this.votes.has(id)) this.votes.set(id, granted);
  }

  tallyVotes(): {
    readonly granted: number;
    readonly rejected: number;
    readonly result: VoteResult;
  } {
    let granted = 0;
    let rejected = 0;
    this.visit((id, progress) => {
      if (progress.isLearner) return;
      const vote = this.votes.get(id);
      if (vote === true) granted++;
      if (vote === false) rejected++;
    });
    return { granted, rejected, result: jointVote(this.config, this.votes) };
  }
}

export function sorted(ids: Iterable<NodeId>): NodeId[] {
  return [...ids].sort((a, b) => a - b);
}
