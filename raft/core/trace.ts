/**
 * What a node does, as events of etcd's trace specification (etcd raft, state_trace.go and
 * tla/Traceetcdraft.tla): that specification steps through its model of Raft by them, and accepts a run
 * or says where it left the model. Names, fields and the places where events arise are those of etcd,
 * with one exception: a start is one event, `InitState`, with the state that was loaded. etcd writes it
 * before it loads, and more behind it that no restart in the model answers.
 *
 * The model has no pre-vote, no joint configuration and no message that comes twice, so a run that it is
 * to judge has none of them (docs/reference/raft-trace.md).
 */
import type { Raft } from "./raft.ts";
import { sorted } from "./tracker/index.ts";
import type { ConfChangeType, ConfChangeV2, Message, MessageType, NodeId } from "./types.ts";

/** The nineteen kinds. Snapshots travel under `AppendEntries`: the last two are named and never written. */
export type TraceName =
  | "InitState"
  | "BecomeCandidate"
  | "BecomeFollower"
  | "BecomeLeader"
  | "Commit"
  | "Replicate"
  | "ChangeConf"
  | "ApplyConfChange"
  | "Ready"
  | "SendAppendEntriesRequest"
  | "ReceiveAppendEntriesRequest"
  | "SendAppendEntriesResponse"
  | "ReceiveAppendEntriesResponse"
  | "SendRequestVoteRequest"
  | "ReceiveRequestVoteRequest"
  | "SendRequestVoteResponse"
  | "ReceiveRequestVoteResponse"
  | "SendSnapshot"
  | "ReceiveSnapshot";

/** Numbers of nodes are texts, because that is what the model's servers are. */
export interface TraceMessage {
  readonly type: MessageType;
  readonly term: number;
  readonly from: string;
  readonly to: string;
  /** How many; of a snapshot, the index it reaches to, as if it were all entries from the first on. */
  readonly entries: number;
  readonly logTerm: number;
  readonly index: number;
  readonly commit: number;
  readonly vote: string;
  readonly reject: boolean;
  readonly rejectHint: number;
}

export interface TraceConfChange {
  readonly changes?: readonly { readonly nid: string; readonly action: string }[];
  readonly newconf?: readonly string[];
}

export interface TraceEvent {
  readonly name: TraceName;
  readonly nid: string;
  readonly state: { readonly term: number; readonly vote: string; readonly commit: number };
  readonly role: string;
  /** Index of the last entry. */
  readonly log: number;
  /** Incoming and outgoing voters. */
  readonly conf: readonly [readonly string[], readonly string[]];
  readonly msg?: TraceMessage;
  readonly prop?: {
    readonly cc?: TraceConfChange;
    readonly match?: number;
    readonly next?: number;
  };
}

export type Trace = (event: TraceEvent) => void;

/** One line of the file that the specification reads: newline-delimited JSON, of which it takes what has this tag. */
export function traceLine(event: TraceEvent): string {
  return `${JSON.stringify({ tag: "trace", event })}\n`;
}

const ROLES = {
  follower: "StateFollower",
  candidate: "StateCandidate",
  leader: "StateLeader",
  preCandidate: "StatePreCandidate",
} as const;

type Extra = Pick<TraceEvent, "msg" | "prop">;

/** A transition without a message. */
export function traceState(raft: Raft, name: TraceName, extra?: Extra): void {
  if (raft.trace === undefined) return;
  const { term, vote, commit } = raft.hardState();
  const { incoming, outgoing } = raft.tracker.config;
  raft.trace({
    name,
    nid: String(raft.id),
    state: { term, vote: String(vote), commit },
    role: ROLES[raft.state],
    log: raft.log.lastIndex(),
    conf: [texts(incoming), texts(outgoing)],
    ...extra,
  });
}

const SENT: Partial<Record<MessageType, TraceName>> = {
  MsgApp: "SendAppendEntriesRequest",
  MsgHeartbeat: "SendAppendEntriesRequest",
  MsgSnap: "SendAppendEntriesRequest",
  MsgAppResp: "SendAppendEntriesResponse",
  MsgHeartbeatResp: "SendAppendEntriesResponse",
  MsgVote: "SendRequestVoteRequest",
  MsgVoteResp: "SendRequestVoteResponse",
};

export function traceSent(raft: Raft, message: Message): void {
  if (raft.trace === undefined) return;
  const name = SENT[message.type];
  if (name === undefined) return;
  // The sender's own progress, as in etcd.
  const own = message.type === "MsgApp" ? raft.tracker.progress.get(message.from) : undefined;
  const prop = own ? { prop: { match: own.match, next: own.next } } : {};
  traceState(raft, name, { msg: messageOf(message), ...prop });
}

const RECEIVED: Partial<Record<MessageType, TraceName>> = {
  MsgApp: "ReceiveAppendEntriesRequest",
  MsgHeartbeat: "ReceiveAppendEntriesRequest",
  MsgSnap: "ReceiveAppendEntriesRequest",
  MsgAppResp: "ReceiveAppendEntriesResponse",
  MsgHeartbeatResp: "ReceiveAppendEntriesResponse",
  MsgVote: "ReceiveRequestVoteRequest",
  MsgVoteResp: "ReceiveRequestVoteResponse",
};

/** Before anything is done about it. */
export function traceReceived(raft: Raft, message: Message): void {
  if (raft.trace === undefined) return;
  const name = RECEIVED[message.type];
  if (name !== undefined) traceState(raft, name, { msg: messageOf(message) });
}

const ACTIONS: Partial<Record<ConfChangeType, string>> = {
  addNode: "AddNewServer",
  removeNode: "RemoveServer",
  addLearnerNode: "AddLearner",
};

/** A configuration change enters the log; one that changes nothing is none in the model. */
export function traceChangeConf(raft: Raft, change: ConfChangeV2): void {
  const changes = change.changes.flatMap(({ type, nodeId }) => {
    const action = ACTIONS[type];
    return action === undefined ? [] : [{ nid: String(nodeId), action }];
  });
  if (changes.length > 0) traceState(raft, "ChangeConf", { prop: { cc: { changes } } });
}

/** Before the new configuration is taken up. */
export function traceApplyConf(raft: Raft, incoming: ReadonlySet<NodeId>): void {
  // An empty list is left out, as etcd does.
  const cc: TraceConfChange = incoming.size === 0 ? {} : { newconf: texts(incoming) };
  traceState(raft, "ApplyConfChange", { prop: { cc } });
}

function messageOf(message: Message): TraceMessage {
  const { type, term, from, to, entries, logTerm, index, commit, vote } = message;
  const { reject, rejectHint, snapshot } = message;
  const isSnapshot = type === "MsgSnap";
  return {
    type,
    term,
    from: String(from),
    to: String(to),
    entries: isSnapshot ? (snapshot?.metadata.index ?? 0) : entries.length,
    logTerm: isSnapshot ? 0 : logTerm,
    index: isSnapshot ? 0 : index,
    commit,
    vote: String(vote),
    reject,
    rejectHint,
  };
}

function texts(ids: Iterable<NodeId>): readonly string[] {
  return sorted(ids).map(String);
}
