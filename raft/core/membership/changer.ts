/**
 * Configuration changes as pure functions from one configuration to the next (etcd raft,
 * confchange/confchange.go): simple ones, and entering and leaving a joint phase (Raft §6).
 */

import {
  type Inflights,
  Progress,
  type ProgressMap,
  type TrackerConfig,
} from "../tracker/index.ts";
import type { ConfChangeSingle, NodeId } from "../types.ts";

/** The change makes no sense for the configuration that is there. */
export class ConfChangeError extends Error {
  override readonly name = "ConfChangeError";
}

export interface Changed {
  readonly config: TrackerConfig;
  readonly progress: ProgressMap;
}

export interface ChangerInput {
  readonly config: TrackerConfig;
  readonly progress: ProgressMap;
  /** Progress of a new node begins after this index. */
  readonly lastIndex: number;
  newInflights(): Inflights;
}

/** A configuration while it is being changed. */
interface Draft {
  incoming: Set<NodeId>;
  outgoing: Set<NodeId>;
  learners: Set<NodeId>;
  learnersNext: Set<NodeId>;
  autoLeave: boolean;
  readonly progress: ProgressMap;
  readonly input: ChangerInput;
}

export function enterJoint(
  input: ChangerInput,
  autoLeave: boolean,
  changes: readonly ConfChangeSingle[],
): Changed {
  const draft = copyDraft(input);
  if (draft.outgoing.size > 0) throw new ConfChangeError("config is already joint");
  if (draft.incoming.size === 0) throw new ConfChangeError("can't make a zero-voter config joint");
  draft.outgoing = new Set(draft.incoming);
  applyChanges(draft, changes);
  draft.autoLeave = autoLeave;
  return checkAndReturn(draft);
}

export function leaveJoint(input: ChangerInput): Changed {
  const draft = copyDraft(input);
  if (draft.outgoing.size === 0) throw new ConfChangeError("can't leave a non-joint config");
  for (const id of draft.learnersNext) {
    draft.learners.add(id);
    const progress = draft.progress.get(id);
    if (progress) progress.isLearner = true;
  }
  draft.learnersNext = new Set();
  for (const id of draft.outgoing) {
    if (!draft.incoming.has(id) && !draft.learners.has(id)) draft.progress.delete(id);
  }
  draft.outgoing = new Set();
  draft.autoLeave = false;
  return checkAndReturn(draft);
}

/** At most one voter comes or goes, so that old and new majorities overlap (§4.1 of the Raft thesis). */
export function simpleChange(input: ChangerInput, changes: readonly ConfChangeSingle[]): Changed {
  const draft = copyDraft(input);
  if (draft.outgoing.size > 0)
    throw new ConfChangeError("can't apply simple config change in joint config");
  applyChanges(draft, changes);
  if (symmetricDifference(input.config.incoming, draft.incoming) > 1) {
    throw new ConfChangeError("more than one voter changed without entering joint config");
  }
  return checkAndReturn(draft);
}

function applyChanges(draft: Draft, changes: readonly ConfChangeSingle[]): void {
  for (const { type, nodeId } of changes) {
    // etcd replaces the node id of a change that was refused by 0.
    if (nodeId === 0) continue;
    if (type === "addNode") makeVoter(draft, nodeId);
    else if (type === "addLearnerNode") makeLearner(draft, nodeId);
    else if (type === "removeNode") remove(draft, nodeId);
  }
  if (draft.incoming.size === 0) throw new ConfChangeError("removed all voters");
}

function makeVoter(draft: Draft, id: NodeId): void {
  const progress = draft.progress.get(id);
  if (!progress) {
    initProgress(draft, id, false);
    return;
  }
  progress.isLearner = false;
  draft.learners.delete(id);
  draft.learnersNext.delete(id);
  draft.incoming.add(id);
}

/** A voter of the outgoing half stays one until the joint phase ends. */
function makeLearner(draft: Draft, id: NodeId): void {
  const progress = draft.progress.get(id);
  if (!progress) {
    initProgress(draft, id, true);
    return;
  }
  if (progress.isLearner) return;
  remove(draft, id);
  draft.progress.set(id, progress);
  if (draft.outgoing.has(id)) {
    draft.learnersNext.add(id);
  } else {
    progress.isLearner = true;
    draft.learners.add(id);
  }
}

function remove(draft: Draft, id: NodeId): void {
  if (!draft.progress.has(id)) return;
  draft.incoming.delete(id);
  draft.learners.delete(id);
  draft.learnersNext.delete(id);
  if (!draft.outgoing.has(id)) draft.progress.delete(id);
}

function initProgress(draft: Draft, id: NodeId, isLearner: boolean): void {
  if (isLearner) draft.learners.add(id);
  else draft.incoming.add(id);
  // Counted as active, so that check-quorum does not depose the leader before the node was heard of.
  const { input } = draft;
  const progress = new Progress(0, Math.max(input.lastIndex, 1), input.newInflights(), isLearner);
  progress.recentActive = true;
  draft.progress.set(id, progress);
}

function copyDraft(input: ChangerInput): Draft {
  checkInvariants(input.config, input.progress);
  const { incoming, outgoing, learners, learnersNext, autoLeave } = input.config;
  return {
    incoming: new Set(incoming),
    outgoing: new Set(outgoing),
    learners: new Set(learners),
    learnersNext: new Set(learnersNext),
    autoLeave,
    // Cloned, so that a change that fails half-way leaves no trace.
    progress: new Map([...input.progress].map(([id, progress]) => [id, progress.clone()])),
    input,
  };
}

function checkAndReturn(draft: Draft): Changed {
  const { incoming, outgoing, learners, learnersNext, autoLeave, progress } = draft;
  const config = { incoming, outgoing, learners, learnersNext, autoLeave };
  checkInvariants(config, progress);
  return { config, progress };
}

function checkInvariants(config: TrackerConfig, progress: ProgressMap): void {
  const { incoming, outgoing, learners, learnersNext, autoLeave } = config;
  for (const id of [...incoming, ...outgoing, ...learners, ...learnersNext]) {
    if (!progress.has(id)) throw new ConfChangeError(`no progress for ${id}`);
  }
  for (const id of learnersNext) checkNextLearner(config, progress, id);
  for (const id of learners) checkLearner(config, progress, id);
  if (outgoing.size === 0 && (learnersNext.size > 0 || autoLeave)) {
    throw new ConfChangeError("learnersNext and autoLeave need a joint configuration");
  }
}

function checkNextLearner({ outgoing }: TrackerConfig, progress: ProgressMap, id: NodeId): void {
  if (!outgoing.has(id)) throw new ConfChangeError(`${id} is in LearnersNext, but not Voters[1]`);
  if (progress.get(id)?.isLearner) {
    throw new ConfChangeError(`${id} is in LearnersNext, but is already marked as learner`);
  }
}

function checkLearner(
  { incoming, outgoing }: TrackerConfig,
  progress: ProgressMap,
  id: NodeId,
): void {
  if (outgoing.has(id)) throw new ConfChangeError(`${id} is in Learners and Voters[1]`);
  if (incoming.has(id)) throw new ConfChangeError(`${id} is in Learners and Voters[0]`);
  if (!progress.get(id)?.isLearner) {
    throw new ConfChangeError(`${id} is in Learners, but is not marked as learner`);
  }
}

function symmetricDifference(one: ReadonlySet<NodeId>, other: ReadonlySet<NodeId>): number {
  let count = 0;
  for (const id of one) if (!other.has(id)) count++;
  for (const id of other) if (!one.has(id)) count++;
  return count;
}
