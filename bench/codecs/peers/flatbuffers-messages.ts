/** How flatbuffers writes each message, through its builder, and how all fields of one are read. */
import type { Builder, ByteBuffer } from "flatbuffers";
import type { MessageName } from "../messages.ts";
import {
  AppendRequest,
  AppendResponse,
  ConfigChange,
  Entry,
  Label,
  Node,
  SnapshotChunk,
  VoteRequest,
} from "./generated/flatbuffers.js";

/** How bytes get in: the builder's copy, or the generated loop over single bytes. */
export type WriteBytes = (builder: Builder, bytes: Uint8Array) => number;

export interface Accessors {
  /** Gives the place of the root. */
  readonly build: (builder: Builder, value: never, writeBytes: WriteBytes) => number;
  readonly root: (buffer: ByteBuffer) => unknown;
  /** Touches every field. */
  readonly read: (root: never) => number;
  readonly unwrap: (root: never) => object;
}

interface EntryInput {
  readonly term: bigint;
  readonly index: bigint;
  readonly kind: number;
  readonly payload: Uint8Array;
}

interface AppendInput {
  readonly term: bigint;
  readonly leader: bigint;
  readonly previousIndex: bigint;
  readonly previousTerm: bigint;
  readonly commit: bigint;
  readonly entries: readonly EntryInput[];
}

const appendRequest: Accessors = {
  build: (builder, value: AppendInput, writeBytes) => {
    const places = value.entries.map((entry) => {
      const payload = writeBytes(builder, entry.payload);
      return Entry.createEntry(builder, entry.term, entry.index, entry.kind, payload);
    });
    const entries = AppendRequest.createEntriesVector(builder, places);
    const { term, leader, previousIndex, previousTerm, commit } = value;
    return AppendRequest.createAppendRequest(
      builder,
      term,
      leader,
      previousIndex,
      previousTerm,
      commit,
      entries,
    );
  },
  root: (buffer) => AppendRequest.getRootAsAppendRequest(buffer),
  read: (root: AppendRequest) => {
    let sum = big(root.term()) + big(root.leader()) + big(root.previousIndex());
    sum += big(root.previousTerm()) + big(root.commit());
    const entry = new Entry();
    const count = root.entriesLength();
    for (let place = 0; place < count; place++) {
      root.entries(place, entry);
      const payload = entry.payloadArray();
      sum += big(entry.term()) + big(entry.index()) + entry.kind();
      sum += payload.length + (payload[0] ?? 0);
    }
    return sum;
  },
  unwrap: (root: AppendRequest) => ({
    term: root.term(),
    leader: root.leader(),
    previousIndex: root.previousIndex(),
    previousTerm: root.previousTerm(),
    commit: root.commit(),
    entries: times(root.entriesLength(), (place) => {
      const entry = root.entries(place);
      const payload = entry.payloadArray();
      return { term: entry.term(), index: entry.index(), kind: entry.kind(), payload };
    }),
  }),
};

interface ResponseInput {
  readonly term: bigint;
  readonly from: bigint;
  readonly success: boolean;
  readonly match: bigint;
  readonly conflictTerm: bigint | undefined;
  readonly conflictIndex: bigint | undefined;
}

const appendResponse: Accessors = {
  build: (builder, value: ResponseInput) => {
    AppendResponse.startAppendResponse(builder);
    AppendResponse.addTerm(builder, value.term);
    AppendResponse.addFrom(builder, value.from);
    AppendResponse.addSuccess(builder, value.success);
    AppendResponse.addMatch(builder, value.match);
    const { conflictTerm, conflictIndex } = value;
    if (conflictTerm !== undefined) AppendResponse.addConflictTerm(builder, conflictTerm);
    if (conflictIndex !== undefined) AppendResponse.addConflictIndex(builder, conflictIndex);
    return AppendResponse.endAppendResponse(builder);
  },
  root: (buffer) => AppendResponse.getRootAsAppendResponse(buffer),
  read: (root: AppendResponse) => {
    const sum = big(root.term()) + big(root.from()) + (root.success() ? 1 : 0) + big(root.match());
    return sum + big(root.conflictTerm() ?? 0n) + big(root.conflictIndex() ?? 0n);
  },
  unwrap: (root: AppendResponse) => ({
    term: root.term(),
    from: root.from(),
    success: root.success(),
    match: root.match(),
    conflictTerm: root.conflictTerm(),
    conflictIndex: root.conflictIndex(),
  }),
};

interface VoteInput {
  readonly term: bigint;
  readonly candidate: bigint;
  readonly lastIndex: bigint;
  readonly lastTerm: bigint;
  readonly preVote: boolean;
}

const voteRequest: Accessors = {
  build: (builder, { term, candidate, lastIndex, lastTerm, preVote }: VoteInput) =>
    VoteRequest.createVoteRequest(builder, term, candidate, lastIndex, lastTerm, preVote),
  root: (buffer) => VoteRequest.getRootAsVoteRequest(buffer),
  read: (root: VoteRequest) => {
    const sum = big(root.term()) + big(root.candidate()) + big(root.lastIndex());
    return sum + big(root.lastTerm()) + (root.preVote() ? 1 : 0);
  },
  unwrap: (root: VoteRequest) => ({
    term: root.term(),
    candidate: root.candidate(),
    lastIndex: root.lastIndex(),
    lastTerm: root.lastTerm(),
    preVote: root.preVote(),
  }),
};

interface ChunkInput {
  readonly term: bigint;
  readonly leader: bigint;
  readonly lastIndex: bigint;
  readonly lastTerm: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly payload: Uint8Array;
  readonly checksum: number;
  readonly done: boolean;
}

const snapshotChunk: Accessors = {
  build: (builder, value: ChunkInput, writeBytes) => {
    const payload = writeBytes(builder, value.payload);
    const { term, leader, lastIndex, lastTerm, offset, size, checksum, done } = value;
    return SnapshotChunk.createSnapshotChunk(
      builder,
      term,
      leader,
      lastIndex,
      lastTerm,
      offset,
      size,
      payload,
      checksum,
      done,
    );
  },
  root: (buffer) => SnapshotChunk.getRootAsSnapshotChunk(buffer),
  read: (root: SnapshotChunk) => {
    const payload = root.payloadArray();
    const sum =
      big(root.term()) + big(root.leader()) + big(root.lastIndex()) + big(root.lastTerm());
    const rest = big(root.offset()) + big(root.size()) + root.checksum() + (root.done() ? 1 : 0);
    return sum + rest + payload.length + (payload[0] ?? 0);
  },
  unwrap: (root: SnapshotChunk) => ({
    term: root.term(),
    leader: root.leader(),
    lastIndex: root.lastIndex(),
    lastTerm: root.lastTerm(),
    offset: root.offset(),
    size: root.size(),
    payload: root.payloadArray(),
    checksum: root.checksum(),
    done: root.done(),
  }),
};

interface NodeInput {
  readonly id: bigint;
  readonly address: string;
  readonly role: number;
}

interface ConfigInput {
  readonly index: bigint;
  readonly members: readonly NodeInput[];
  readonly incoming: readonly NodeInput[];
  readonly labels: ReadonlyMap<string, string>;
}

const configChange: Accessors = {
  build: (builder, { index, members, incoming, labels }: ConfigInput) => {
    const first = members.map((node) => writeNode(builder, node));
    const second = incoming.map((node) => writeNode(builder, node));
    const pairs: number[] = [];
    for (const [key, value] of labels) {
      const place = builder.createString(key);
      pairs.push(Label.createLabel(builder, place, builder.createString(value)));
    }
    const membersAt = ConfigChange.createMembersVector(builder, first);
    const incomingAt = ConfigChange.createIncomingVector(builder, second);
    const labelsAt = ConfigChange.createLabelsVector(builder, pairs);
    return ConfigChange.createConfigChange(builder, index, membersAt, incomingAt, labelsAt);
  },
  root: (buffer) => ConfigChange.getRootAsConfigChange(buffer),
  read: (root: ConfigChange) => {
    const node = new Node();
    const label = new Label();
    let sum = big(root.index());
    for (let n = 0, count = root.membersLength(); n < count; n++) {
      sum += readNode(root.members(n, node));
    }
    for (let n = 0, count = root.incomingLength(); n < count; n++) {
      sum += readNode(root.incoming(n, node));
    }
    for (let n = 0, count = root.labelsLength(); n < count; n++) {
      root.labels(n, label);
      const text = label.value();
      sum += label.key().length + text.length + text.charCodeAt(0);
    }
    return sum;
  },
  unwrap: (root: ConfigChange) => ({
    index: root.index(),
    members: times(root.membersLength(), (place) => nodeOf(root.members(place))),
    incoming: times(root.incomingLength(), (place) => nodeOf(root.incoming(place))),
    labels: new Map(
      times(root.labelsLength(), (place) => [root.labels(place).key(), root.labels(place).value()]),
    ),
  }),
};

export const ACCESSORS: Readonly<Record<MessageName, Accessors>> = {
  AppendRequest: appendRequest,
  AppendResponse: appendResponse,
  VoteRequest: voteRequest,
  SnapshotChunk: snapshotChunk,
  ConfigChange: configChange,
};

function writeNode(builder: Builder, { id, address, role }: NodeInput): number {
  return Node.createNode(builder, id, builder.createString(address), role);
}

function readNode(node: Node): number {
  const address = node.address();
  return big(node.id()) + address.length + address.charCodeAt(0) + node.role();
}

function nodeOf(node: Node): object {
  return { id: node.id(), address: node.address(), role: node.role() };
}

function big(value: bigint): number {
  return Number(value);
}

function times<T>(count: number, make: (place: number) => T): T[] {
  return Array.from({ length: count }, (_, place) => make(place));
}
