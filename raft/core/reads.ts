/** Linearizable reads without a log entry (§6.4 of the Raft thesis; etcd raft, `MsgReadIndex`). */
import { jointVote } from "./quorum/index.ts";
import type { Raft } from "./raft.ts";
import { broadcastHeartbeatWith } from "./replication.ts";
import { type Message, NONE } from "./types.ts";

export function onLeaderReadIndex(raft: Raft, request: Message): void {
  if (raft.tracker.isSingleton()) {
    answerRead(raft, request, raft.log.committed);
    return;
  }
  // Before its first own commit a leader does not know what is committed (§6.4, step 1).
  if (!raft.committedInCurrentTerm()) {
    raft.pendingReads.push(request);
    return;
  }
  startRead(raft, request);
}

export function releasePendingReads(raft: Raft): void {
  if (raft.pendingReads.length === 0 || !raft.committedInCurrentTerm()) return;
  const waiting = raft.pendingReads;
  raft.pendingReads = [];
  for (const request of waiting) startRead(raft, request);
}

function startRead(raft: Raft, request: Message): void {
  if (raft.rules.readOnlyOption === "leaseBased") {
    answerRead(raft, request, raft.log.committed);
    return;
  }
  const context = request.entries[0]?.data;
  raft.readOnly.addRequest(raft.log.committed, request);
  if (context) raft.readOnly.recvAck(raft.id, context);
  broadcastHeartbeatWith(raft, context);
}

export function onReadConfirmed(raft: Raft, response: Message): void {
  if (raft.rules.readOnlyOption !== "safe" || response.context.length === 0) return;
  const acks = raft.readOnly.recvAck(response.from, response.context);
  if (jointVote(raft.tracker.config, acks) !== "won") return;
  for (const { request, index } of raft.readOnly.advance(response.context)) {
    answerRead(raft, request, index);
  }
}

function answerRead(raft: Raft, request: Message, index: number): void {
  if (request.from === NONE || request.from === raft.id) {
    const requestContext = request.entries[0]?.data ?? new Uint8Array(0);
    raft.readStates.push({ index, requestContext });
    return;
  }
  raft.send({ type: "MsgReadIndexResp", to: request.from, index, entries: request.entries });
}
