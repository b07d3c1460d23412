/** The passing of one tick (etcd raft, `tickElection` and `tickHeartbeat`). */
import { message } from "./message.ts";
import type { Raft } from "./raft.ts";
import { step } from "./step.ts";
import { NONE } from "./types.ts";

export function tick(raft: Raft): void {
  if (raft.state === "leader") tickHeartbeat(raft);
  else tickElection(raft);
}

function tickElection(raft: Raft): void {
  raft.electionElapsed++;
  if (!raft.promotable() || !raft.pastElectionTimeout()) return;
  raft.electionElapsed = 0;
  step(raft, message({ type: "MsgHup", from: raft.id }));
}

function tickHeartbeat(raft: Raft): void {
  raft.heartbeatElapsed++;
  raft.electionElapsed++;
  if (raft.electionElapsed >= raft.rules.electionTick) {
    raft.electionElapsed = 0;
    if (raft.rules.checkQuorum) step(raft, message({ type: "MsgCheckQuorum", from: raft.id }));
    // A transfer that took longer than an election timeout has failed (§3.10 of the thesis).
    raft.leadTransferee = NONE;
  }
  if (raft.state !== "leader" || raft.heartbeatElapsed < raft.rules.heartbeatTick) return;
  raft.heartbeatElapsed = 0;
  step(raft, message({ type: "MsgBeat", from: raft.id }));
}
