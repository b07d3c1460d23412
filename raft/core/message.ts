/** Small questions about messages, and how one is made: absent numbers are 0, as in raftpb. */
import { type Message, type MessageType, NONE, type NodeId } from "./types.ts";

export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Addresses of the two storage threads; no node may have them as its id. */
export const LOCAL_APPEND_THREAD: NodeId = Number.MAX_SAFE_INTEGER;
export const LOCAL_APPLY_THREAD: NodeId = Number.MAX_SAFE_INTEGER - 1;

export type Draft = Partial<Message> & Pick<Message, "type">;

/** Every message has all fields in one order, so that the engine sees one shape of object. */
export function message(draft: Draft): Message {
  return {
    type: draft.type,
    to: draft.to ?? NONE,
    from: draft.from ?? NONE,
    term: draft.term ?? 0,
    logTerm: draft.logTerm ?? 0,
    index: draft.index ?? 0,
    entries: draft.entries ?? [],
    commit: draft.commit ?? 0,
    vote: draft.vote ?? NONE,
    snapshot: draft.snapshot,
    reject: draft.reject ?? false,
    rejectHint: draft.rejectHint ?? 0,
    context: draft.context ?? NO_BYTES,
    responses: draft.responses ?? [],
  };
}

export function isLocalTarget(id: NodeId): boolean {
  return id === LOCAL_APPEND_THREAD || id === LOCAL_APPLY_THREAD;
}

const LOCAL: ReadonlySet<MessageType> = new Set([
  "MsgHup",
  "MsgBeat",
  "MsgUnreachable",
  "MsgSnapStatus",
  "MsgCheckQuorum",
  "MsgStorageAppend",
  "MsgStorageAppendResp",
  "MsgStorageApply",
  "MsgStorageApplyResp",
]);

const RESPONSE: ReadonlySet<MessageType> = new Set([
  "MsgAppResp",
  "MsgVoteResp",
  "MsgHeartbeatResp",
  "MsgUnreachable",
  "MsgReadIndexResp",
  "MsgPreVoteResp",
  "MsgStorageAppendResp",
  "MsgStorageApplyResp",
]);

/** Must never come over the network. */
export function isLocalMessage(type: MessageType): boolean {
  return LOCAL.has(type);
}

export function isResponse(type: MessageType): boolean {
  return RESPONSE.has(type);
}
