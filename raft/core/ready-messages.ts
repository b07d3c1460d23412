/** Messages between the node and its storage threads (etcd raft, rawnode.go, asynchronous storage writes). */
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, message } from "./message.ts";
import type { Raft } from "./raft.ts";
import type { Entry, Message, Ready } from "./types.ts";

export function needsAppendResponse(raft: Raft, ready: Ready): boolean {
  return raft.log.unstable.entries.length > 0 || ready.snapshot !== undefined;
}

/** Says that everything unstable now is stable; comes back when the write has finished. */
export function appendResponse(raft: Raft, ready: Ready): Message {
  const hasEntries = raft.log.unstable.entries.length > 0;
  return message({
    type: "MsgStorageAppendResp",
    to: raft.id,
    from: LOCAL_APPEND_THREAD,
    // A response of an older term must not make overwritten entries stable.
    term: raft.term,
    ...(hasEntries ? { index: raft.log.lastIndex(), logTerm: raft.log.lastTerm() } : {}),
    snapshot: ready.snapshot,
  });
}

export function applyResponse(raft: Raft, entries: readonly Entry[]): Message {
  return message({
    type: "MsgStorageApplyResp",
    to: raft.id,
    from: LOCAL_APPLY_THREAD,
    entries,
  });
}

export function storageMessages(raft: Raft, ready: Ready): Message[] {
  const messages: Message[] = [];
  const { entries, hardState, snapshot, committedEntries } = ready;
  const needsAppend =
    entries.length > 0 ||
    hardState !== undefined ||
    snapshot !== undefined ||
    raft.msgsAfterAppend.length > 0;
  if (needsAppend) messages.push(storageAppend(raft, ready));
  if (committedEntries.length > 0) {
    messages.push(
      message({
        type: "MsgStorageApply",
        to: LOCAL_APPLY_THREAD,
        from: raft.id,
        entries: committedEntries,
        responses: [applyResponse(raft, committedEntries)],
      }),
    );
  }
  return messages;
}

function storageAppend(raft: Raft, ready: Ready): Message {
  const { entries, hardState, snapshot } = ready;
  const done = needsAppendResponse(raft, ready) ? [appendResponse(raft, ready)] : [];
  return message({
    type: "MsgStorageAppend",
    to: LOCAL_APPEND_THREAD,
    from: raft.id,
    entries,
    ...(hardState ? { term: hardState.term, vote: hardState.vote, commit: hardState.commit } : {}),
    snapshot,
    responses: [...raft.msgsAfterAppend, ...done],
  });
}
