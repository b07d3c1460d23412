import type { ConfState, HardState, NodeId, SoftState } from "./types.ts";

export type ProgressStateName = "probe" | "replicate" | "snapshot";

/** How far one follower is, as the leader sees it. */
export interface ProgressView {
  readonly id: NodeId;
  readonly match: number;
  readonly next: number;
  readonly state: ProgressStateName;
  readonly pendingSnapshot: number;
  readonly recentActive: boolean;
  readonly paused: boolean;
  readonly inflight: number;
  readonly inflightFull: boolean;
  readonly isLearner: boolean;
}

/** What can be told without a look at the followers. */
export interface BasicStatus extends HardState, SoftState {
  readonly id: NodeId;
  readonly applied: number;
  readonly lastIndex: number;
  readonly isLearner: boolean;
}

export interface Status extends BasicStatus {
  readonly firstIndex: number;
  readonly lastTerm: number;
  /** 0: no transfer under way. */
  readonly leadTransferee: NodeId;
  readonly confState: ConfState;
  /** One row per member, by id; empty unless this node leads. */
  readonly progress: readonly ProgressView[];
}
