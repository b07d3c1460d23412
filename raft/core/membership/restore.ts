/** From a stored configuration to the tracked one (etcd raft, confchange/restore.go). */
import { EMPTY_TRACKER_CONFIG, type Inflights } from "../tracker/index.ts";
import type { ConfChangeSingle, ConfState } from "../types.ts";
import { type Changed, enterJoint, simpleChange } from "./changer.ts";

/** Replays the changes that lead from nothing to the configuration. */
export function restoreConfig(
  state: ConfState,
  lastIndex: number,
  newInflights: () => Inflights,
): Changed {
  const { outgoing, incoming } = toChanges(state);
  let changed: Changed = { config: EMPTY_TRACKER_CONFIG, progress: new Map() };
  const simple = (changes: readonly ConfChangeSingle[]): void => {
    for (const change of changes) {
      changed = simpleChange({ ...changed, lastIndex, newInflights }, [change]);
    }
  };
  if (outgoing.length === 0) {
    simple(incoming);
  } else {
    simple(outgoing);
    changed = enterJoint({ ...changed, lastIndex, newInflights }, state.autoLeave, incoming);
  }
  return changed;
}

/** First what makes the outgoing half, then what turns it into the incoming one. */
function toChanges(state: ConfState): {
  readonly outgoing: readonly ConfChangeSingle[];
  readonly incoming: readonly ConfChangeSingle[];
} {
  const outgoing = state.votersOutgoing.map((nodeId) => ({ type: "addNode" as const, nodeId }));
  const incoming: ConfChangeSingle[] = [
    ...state.votersOutgoing.map((nodeId) => ({ type: "removeNode" as const, nodeId })),
    ...state.voters.map((nodeId) => ({ type: "addNode" as const, nodeId })),
    ...state.learners.map((nodeId) => ({ type: "addLearnerNode" as const, nodeId })),
    ...state.learnersNext.map((nodeId) => ({ type: "addLearnerNode" as const, nodeId })),
  ];
  return { outgoing, incoming };
}
