/** Messages, entries and Ready in the words of etcd's test harness. */
import {
  type ConfChangeSingle,
  type ConfChangeType,
  type ConfChangeV2,
  type ConfState,
  type Entry,
  type HardState,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  type ProgressView,
  type ReadState,
  type Ready,
  type Snapshot,
} from "../../../raft/core/index.ts";

/** The core has no bytes, so any encoding of a change will do here. */
export function encodeConfChange(change: ConfChangeV2): Uint8Array {
  const { transition, changes } = change;
  const isEmpty = transition === "auto" && changes.length === 0;
  return isEmpty
    ? new Uint8Array(0)
    : new TextEncoder().encode(JSON.stringify({ transition, changes }));
}

export function decodeConfChange({ data }: Entry): ConfChangeV2 {
  const context = new Uint8Array(0);
  if (data.length === 0) return { transition: "auto", changes: [], context };
  return { ...JSON.parse(new TextDecoder().decode(data)), context };
}

const LETTERS: Readonly<Record<string, ConfChangeType>> = {
  v: "addNode",
  l: "addLearnerNode",
  r: "removeNode",
  u: "updateNode",
};

export function parseConfChanges(lines: readonly string[]): readonly ConfChangeSingle[] {
  const words = lines.join(" ").split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const type = LETTERS[word.charAt(0)];
    if (type === undefined) throw new Error(`unknown input: ${word}`);
    return { type, nodeId: Number(word.slice(1)) };
  });
}

function describeConfChanges(changes: readonly ConfChangeSingle[]): string {
  const letterOf = (wanted: ConfChangeType) =>
    Object.keys(LETTERS).find((letter) => LETTERS[letter] === wanted);
  return changes.map(({ type, nodeId }) => `${letterOf(type)}${nodeId}`).join(" ");
}

const ENTRY_TYPES = {
  normal: "EntryNormal",
  confChange: "EntryConfChange",
  confChangeV2: "EntryConfChangeV2",
} as const;

export const STATES = {
  follower: "StateFollower",
  candidate: "StateCandidate",
  leader: "StateLeader",
  preCandidate: "StatePreCandidate",
} as const;

export function describeEntry(entry: Entry): string {
  const content =
    entry.type === "normal"
      ? JSON.stringify(new TextDecoder().decode(entry.data))
      : describeConfChanges(decodeConfChange(entry).changes);
  const head = `${entry.term}/${entry.index} ${ENTRY_TYPES[entry.type]}`;
  return content === "" ? head : `${head} ${content}`;
}

export function describeConfState(state: ConfState): string {
  const ids = (list: readonly number[]) => `[${list.join(" ")}]`;
  return [
    `Voters:${ids(state.voters)}`,
    `VotersOutgoing:${ids(state.votersOutgoing)}`,
    `Learners:${ids(state.learners)}`,
    `LearnersNext:${ids(state.learnersNext)}`,
    `AutoLeave:${state.autoLeave}`,
  ].join(" ");
}

function describeSnapshot({ metadata }: Snapshot): string {
  const { index, term, confState } = metadata;
  return `Index:${index} Term:${term} ConfState:${describeConfState(confState)}`;
}

export function describeMessage(message: Message, indent = ""): string {
  const { type, term, logTerm, index, entries, snapshot, responses } = message;
  const route = `${describeTarget(message.from)}->${describeTarget(message.to)}`;
  const parts = [`${indent}${route} ${type} Term:${term} Log:${logTerm}/${index}`];
  if (message.reject) parts.push(` Rejected (Hint: ${message.rejectHint})`);
  if (message.commit !== 0) parts.push(` Commit:${message.commit}`);
  if (message.vote !== 0) parts.push(` Vote:${message.vote}`);
  parts.push(describeMessageEntries(entries, indent));
  if (snapshot && snapshot.metadata.index > 0) {
    parts.push(`\n${indent}  Snapshot: ${describeSnapshot(snapshot)}`);
  }
  if (responses.length > 0) {
    const inner = responses.map((response) => describeMessage(response, `${indent}  `));
    parts.push(` Responses:[\n${inner.join("\n")}\n${indent}]`);
  }
  return parts.join("");
}

function describeMessageEntries(entries: readonly Entry[], indent: string): string {
  if (entries.length === 0) return "";
  if (entries.length === 1) return ` Entries:[${entries.map(describeEntry).join("")}]`;
  const inner = entries.map((entry) => `\n${indent}  ${describeEntry(entry)}`);
  return ` Entries:[${inner.join("")}\n${indent}]`;
}

function describeTarget(id: number): string {
  if (id === LOCAL_APPEND_THREAD) return "AppendThread";
  if (id === LOCAL_APPLY_THREAD) return "ApplyThread";
  return id === 0 ? "None" : id.toString(16);
}

function describeHardState({ term, vote, commit }: HardState): string {
  return `Term:${term}${vote === 0 ? "" : ` Vote:${vote}`} Commit:${commit}`;
}

export function describeReady(ready: Ready): readonly string[] {
  const { softState, hardState, readStates, entries, snapshot, committedEntries, messages } = ready;
  const lines: string[] = [];
  if (softState) lines.push(`Lead:${softState.lead} State:${STATES[softState.raftState]}`);
  if (hardState) lines.push(`HardState ${describeHardState(hardState)}`);
  if (readStates.length > 0) lines.push(`ReadStates [${readStates.map(describeRead).join(" ")}]`);
  if (entries.length > 0) lines.push("Entries:", ...entries.map(describeEntry));
  if (snapshot) lines.push(`Snapshot ${describeSnapshot(snapshot)}`);
  if (committedEntries.length > 0) {
    lines.push("CommittedEntries:", ...committedEntries.map(describeEntry));
  }
  const sent = messages.flatMap((message) => describeMessage(message).split("\n"));
  if (sent.length > 0) lines.push("Messages:", ...sent);
  return lines.length === 0 ? ["<empty Ready>"] : [`Ready MustSync=${ready.mustSync}:`, ...lines];
}

function describeRead({ index, requestContext }: ReadState): string {
  return `{${index} [${requestContext.join(" ")}]}`;
}

const PROGRESS_STATES = {
  probe: "StateProbe",
  replicate: "StateReplicate",
  snapshot: "StateSnapshot",
} as const;

export function describeProgress(view: ProgressView): string {
  const { id, state, match, next, pendingSnapshot, inflight } = view;
  const marks = [
    view.isLearner ? " learner" : "",
    view.paused ? " paused" : "",
    pendingSnapshot > 0 ? ` pendingSnap=${pendingSnapshot}` : "",
    view.recentActive ? "" : " inactive",
    inflight > 0 ? ` inflight=${inflight}${view.inflightFull ? "[full]" : ""}` : "",
  ];
  return `${id}: ${PROGRESS_STATES[state]} match=${match} next=${next}${marks.join("")}`;
}
