/** Messages of the core ↔ messages of the wire, one pair of functions per frame kind. */
import { assert } from "../../base/index.ts";
import { EncodeError, type MessageDefinition } from "../../codecs/index.ts";
import { isLocalMessage, type Message, type MessageType } from "../core/index.ts";
import { fromLogEntry, toLogEntry } from "./entries.ts";
import { FrameKind } from "./frame.ts";
import { AppendRequest, AppendResponse } from "./messages/append.ts";
import {
  Heartbeat,
  HeartbeatResponse,
  ReadIndexRequest,
  ReadIndexResponse,
} from "./messages/heartbeat.ts";
import { TimeoutNow, VoteRequest, VoteResponse } from "./messages/vote.ts";
import { wireProtocol } from "./wire-protocol.ts";

/** How a core message of one kind becomes a wire message and back. */
interface Translation<T extends object> {
  readonly kind: number;
  readonly definition: MessageDefinition<T>;
  toWire(message: Message, sender: Sender): T;
  fromWire(value: T): Partial<Message> & { readonly type: MessageType };
}

/** What a message tells of its sender beside what the core put into it. */
export interface Sender {
  /** Entries in the log of a leader that are not committed yet. */
  readonly queueDepth: number;
  /** When it answers reads by its lease: how long that lasts. */
  readonly leaseMs?: number | undefined;
}

const IDLE: Sender = { queueDepth: 0 };

const NO_BYTES = new Uint8Array(0);
const CAMPAIGN_TRANSFER = new TextEncoder().encode("CampaignTransfer");

const TRANSLATIONS: Partial<Record<MessageType, Translation<object>>> = {
  MsgApp: translation({
    kind: FrameKind.appendRequest,
    definition: AppendRequest,
    toWire: ({ term, from, index, logTerm, commit, entries }) => ({
      term,
      leader: from,
      prevIndex: index,
      prevTerm: logTerm,
      commit,
      entries: entries.map(toLogEntry),
    }),
    fromWire: ({ term, prevIndex, prevTerm, commit, entries }) => ({
      type: "MsgApp",
      term,
      index: prevIndex,
      logTerm: prevTerm,
      commit,
      entries: entries.map(fromLogEntry),
    }),
  }),
  MsgAppResp: translation({
    kind: FrameKind.appendResponse,
    definition: AppendResponse,
    toWire: ({ term, index, reject, rejectHint, logTerm }) => ({
      term,
      index,
      reject,
      hintIndex: rejectHint,
      hintTerm: logTerm,
    }),
    fromWire: ({ term, index, reject, hintIndex, hintTerm }) => ({
      type: "MsgAppResp",
      term,
      index,
      reject,
      rejectHint: hintIndex,
      logTerm: hintTerm,
    }),
  }),
  MsgVote: voteRequest(false),
  MsgPreVote: voteRequest(true),
  MsgVoteResp: voteResponse(false),
  MsgPreVoteResp: voteResponse(true),
  MsgHeartbeat: translation({
    kind: FrameKind.heartbeat,
    definition: Heartbeat,
    toWire: ({ term, commit, context }, { queueDepth, leaseMs }) => ({
      term,
      commit,
      context,
      queueDepth,
      leaseMs,
    }),
    fromWire: ({ term, commit, context }) => ({ type: "MsgHeartbeat", term, commit, context }),
  }),
  MsgHeartbeatResp: translation({
    kind: FrameKind.heartbeatResponse,
    definition: HeartbeatResponse,
    toWire: ({ term, context }) => ({ term, context }),
    fromWire: ({ term, context }) => ({ type: "MsgHeartbeatResp", term, context }),
  }),
  MsgTimeoutNow: translation({
    kind: FrameKind.timeoutNow,
    definition: TimeoutNow,
    toWire: ({ term }) => ({ term }),
    fromWire: ({ term }) => ({ type: "MsgTimeoutNow", term }),
  }),
  MsgReadIndex: translation({
    kind: FrameKind.readIndexRequest,
    definition: ReadIndexRequest,
    // The context of a read stands where the core keeps it: in the data of its only entry.
    toWire: ({ term, entries }) => ({ term, context: entries[0]?.data ?? NO_BYTES }),
    fromWire: ({ term, context }) => ({
      type: "MsgReadIndex",
      term,
      entries: [{ term: 0, index: 0, type: "normal", data: context }],
    }),
  }),
  MsgReadIndexResp: translation({
    kind: FrameKind.readIndexResponse,
    definition: ReadIndexResponse,
    toWire: ({ term, index, entries }) => ({ term, index, context: entries[0]?.data ?? NO_BYTES }),
    fromWire: ({ term, index, context }) => ({
      type: "MsgReadIndexResp",
      term,
      index,
      entries: [{ term: 0, index: 0, type: "normal", data: context }],
    }),
  }),
};

const BY_FRAME_KIND: ReadonlyMap<number, Translation<object>> = new Map(
  Object.values<Translation<object>>(TRANSLATIONS).map((found) => [found.kind, found]),
);

/** Both kinds of vote travel in one message, told apart by a field. */
function voteRequest(preVote: boolean): Translation<object> {
  return translation({
    kind: FrameKind.voteRequest,
    definition: VoteRequest,
    toWire: ({ term, from, index, logTerm, context }) => ({
      term,
      candidate: from,
      lastIndex: index,
      lastTerm: logTerm,
      transfer: context.length > 0,
      preVote,
    }),
    fromWire: (value) => ({
      type: value.preVote ? "MsgPreVote" : "MsgVote",
      term: value.term,
      index: value.lastIndex,
      logTerm: value.lastTerm,
      context: value.transfer ? CAMPAIGN_TRANSFER : NO_BYTES,
    }),
  });
}

function voteResponse(preVote: boolean): Translation<object> {
  return translation({
    kind: FrameKind.voteResponse,
    definition: VoteResponse,
    toWire: ({ term, reject }) => ({ term, granted: !reject, preVote }),
    fromWire: (value) => ({
      type: value.preVote ? "MsgPreVoteResp" : "MsgVoteResp",
      term: value.term,
      reject: !value.granted,
    }),
  });
}

function translation<T extends object>(of: Translation<T>): Translation<object> {
  return of as Translation<object>;
}

export interface EncodedMessage {
  readonly kind: number;
  readonly body: Uint8Array;
}

/** Throws `EncodeError` when the version cannot hold the message. Snapshots travel in chunks, not here. */
export function encodeCoreMessage(
  message: Message,
  version: number,
  sender: Sender = IDLE,
): EncodedMessage {
  assert(!isLocalMessage(message.type), `${message.type} never leaves its node`);
  const found = TRANSLATIONS[message.type];
  if (!found) {
    throw new EncodeError(
      "VersionMismatch",
      `Cannot send ${message.type} at wire version ${version}: no message of this release holds it`,
      [message.type],
      { actual: version },
    );
  }
  const { bytes } = wireProtocol.encode(found.definition, version, found.toWire(message, sender));
  return { kind: found.kind, body: bytes };
}

/** Throws `DecodeError`. Undefined: the kind is none of the core's. */
export function decodeCoreMessage(
  kind: number,
  version: number,
  body: Uint8Array,
  ends: { readonly from: number; readonly to: number },
): Message | undefined {
  const found = BY_FRAME_KIND.get(kind);
  if (!found) return undefined;
  const value = wireProtocol.decode(found.definition, version, body);
  return { ...EMPTY_MESSAGE, ...found.fromWire(value), ...ends };
}

const EMPTY_MESSAGE: Omit<Message, "type" | "from" | "to"> = {
  term: 0,
  logTerm: 0,
  index: 0,
  entries: [],
  commit: 0,
  vote: 0,
  snapshot: undefined,
  reject: false,
  rejectHint: 0,
  context: NO_BYTES,
  responses: [],
};
