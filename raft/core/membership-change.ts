/** Configuration changes when they are applied (etcd raft, `applyConfChange`, `switchToConfig`, `appliedTo`). */
import { type Changed, enterJoint, leaveJoint, simpleChange } from "./membership/index.ts";
import { message, NO_BYTES } from "./message.ts";
import type { Raft } from "./raft.ts";
import { broadcastAppend, maybeSendAppend } from "./replication.ts";
import { traceApplyConf } from "./trace.ts";
import { type ConfChangeV2, type ConfState, type Message, NONE, type Snapshot } from "./types.ts";

export function applyConfChange(raft: Raft, change: ConfChangeV2): ConfState {
  const { config, progress } = changed(raft, change);
  return switchToConfig(raft, { config, progress });
}

function changed(raft: Raft, { transition, changes }: ConfChangeV2): Changed {
  const input = {
    config: raft.tracker.config,
    progress: raft.tracker.progress,
    lastIndex: raft.log.lastIndex(),
    newInflights: () => raft.tracker.newInflights(),
  };
  const leaves = transition === "auto" && changes.length === 0;
  if (leaves) return leaveJoint(input);
  if (transition !== "auto" || changes.length > 1) {
    return enterJoint(input, transition !== "jointExplicit", changes);
  }
  return simpleChange(input, changes);
}

function switchToConfig(raft: Raft, { config, progress }: Changed): ConfState {
  traceApplyConf(raft, config.incoming);
  raft.adoptConfig(config, progress);
  const confState = raft.tracker.confState();
  if (raft.state !== "leader") return confState;
  if (!progress.has(raft.id) || raft.isLearner) {
    // Others may still need this leader to commit the change that removes it (§4.2.2 of the thesis).
    if (raft.settings.stepDownOnRemoval) raft.becomeFollower(raft.term, NONE);
    return confState;
  }
  if (confState.voters.length === 0) return confState;
  if (raft.maybeCommit()) {
    // A smaller quorum may have committed more.
    broadcastAppend(raft);
  } else {
    raft.tracker.visit((id) => {
      if (id !== raft.id) maybeSendAppend(raft, id, false);
    });
  }
  if (raft.leadTransferee !== NONE && !raft.tracker.isVoter(raft.leadTransferee)) {
    raft.leadTransferee = NONE;
  }
  return confState;
}

type Step = (raft: Raft, message: Message) => unknown;

/** An automatic joint phase is left as soon as the entry that began it is applied. */
export function applied(raft: Raft, index: number, size: number, step: Step): void {
  const next = Math.max(index, raft.log.applied);
  raft.log.appliedTo(next, size);
  const isDue = raft.tracker.config.autoLeave && next >= raft.pendingConfIndex;
  if (!isDue || raft.state !== "leader") return;
  const entry = { term: 0, index: 0, type: "confChangeV2" as const, data: NO_BYTES };
  step(raft, message({ type: "MsgProp", from: raft.id, entries: [entry] }));
}

export function appliedSnapshot(raft: Raft, { metadata }: Snapshot): void {
  raft.log.stableSnapTo(metadata.index);
  raft.log.appliedTo(Math.max(metadata.index, raft.log.applied), 0);
}
