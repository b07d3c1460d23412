/** The layouts by hand. Every u64 is two little-endian halves; lists and texts have a length in front. */
import type { MessageName } from "../messages.ts";

export interface Layout {
  /** No more bytes than this. */
  readonly bound: (value: never) => number;
  /** Gives the end. */
  readonly write: (value: never, bytes: Buffer, view: DataView, start: number) => number;
  readonly read: (bytes: Uint8Array, view: DataView, start: number) => object;
}

const HIGH = 0x1_0000_0000;

function writeU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, value / HIGH, true);
}

function readU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH;
}

interface Entry {
  readonly term: number;
  readonly index: number;
  readonly kind: number;
  readonly payload: Uint8Array;
}

interface AppendRequest {
  readonly term: number;
  readonly leader: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly commit: number;
  readonly entries: readonly Entry[];
}

const ENTRY_BYTES = 24;

const appendRequest: Layout = {
  bound: ({ entries }: AppendRequest) => {
    let most = 44 + entries.length * ENTRY_BYTES;
    for (let n = 0; n < entries.length; n++) most += entries[n]?.payload.length ?? 0;
    return most;
  },
  write: (value: AppendRequest, bytes, view, start) => {
    const { entries } = value;
    writeU64(view, start, value.term);
    writeU64(view, start + 8, value.leader);
    writeU64(view, start + 16, value.previousIndex);
    writeU64(view, start + 24, value.previousTerm);
    writeU64(view, start + 32, value.commit);
    view.setUint32(start + 40, entries.length, true);
    let at = start + 44;
    for (let n = 0; n < entries.length; n++) {
      const entry = entries[n] as Entry;
      const { payload } = entry;
      writeU64(view, at, entry.term);
      writeU64(view, at + 8, entry.index);
      view.setUint32(at + 16, entry.kind, true);
      view.setUint32(at + 20, payload.length, true);
      bytes.set(payload, at + ENTRY_BYTES);
      at += ENTRY_BYTES + payload.length;
    }
    return at;
  },
  read: (bytes, view, start) => {
    const count = view.getUint32(start + 40, true);
    const entries: Entry[] = [];
    let at = start + 44;
    for (let n = 0; n < count; n++) {
      const length = view.getUint32(at + 20, true);
      const payloadAt = bytes.byteOffset + at + ENTRY_BYTES;
      entries.push({
        term: readU64(view, at),
        index: readU64(view, at + 8),
        kind: view.getUint32(at + 16, true),
        payload: new Uint8Array(bytes.buffer, payloadAt, length),
      });
      at += ENTRY_BYTES + length;
    }
    return {
      term: readU64(view, start),
      leader: readU64(view, start + 8),
      previousIndex: readU64(view, start + 16),
      previousTerm: readU64(view, start + 24),
      commit: readU64(view, start + 32),
      entries,
    };
  },
};

interface AppendResponse {
  readonly term: number;
  readonly from: number;
  readonly success: boolean;
  readonly match: number;
  readonly conflictTerm: number | undefined;
  readonly conflictIndex: number | undefined;
}

/** Bits of the last byte. */
const SUCCESS = 1;
const HAS_TERM = 2;
const HAS_INDEX = 4;

const appendResponse: Layout = {
  bound: () => 41,
  write: (value: AppendResponse, bytes, view, start) => {
    const { conflictTerm, conflictIndex } = value;
    writeU64(view, start, value.term);
    writeU64(view, start + 8, value.from);
    writeU64(view, start + 16, value.match);
    writeU64(view, start + 24, conflictTerm ?? 0);
    writeU64(view, start + 32, conflictIndex ?? 0);
    const flags = conflictTerm === undefined ? 0 : HAS_TERM;
    const more = conflictIndex === undefined ? 0 : HAS_INDEX;
    bytes[start + 40] = (value.success ? SUCCESS : 0) | flags | more;
    return start + 41;
  },
  read: (bytes, view, start) => {
    const flags = bytes[start + 40] ?? 0;
    return {
      term: readU64(view, start),
      from: readU64(view, start + 8),
      success: (flags & SUCCESS) !== 0,
      match: readU64(view, start + 16),
      conflictTerm: flags & HAS_TERM ? readU64(view, start + 24) : undefined,
      conflictIndex: flags & HAS_INDEX ? readU64(view, start + 32) : undefined,
    };
  },
};

interface VoteRequest {
  readonly term: number;
  readonly candidate: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly preVote: boolean;
}

const voteRequest: Layout = {
  bound: () => 33,
  write: (value: VoteRequest, bytes, view, start) => {
    writeU64(view, start, value.term);
    writeU64(view, start + 8, value.candidate);
    writeU64(view, start + 16, value.lastIndex);
    writeU64(view, start + 24, value.lastTerm);
    bytes[start + 32] = value.preVote ? 1 : 0;
    return start + 33;
  },
  read: (bytes, view, start) => ({
    term: readU64(view, start),
    candidate: readU64(view, start + 8),
    lastIndex: readU64(view, start + 16),
    lastTerm: readU64(view, start + 24),
    preVote: bytes[start + 32] === 1,
  }),
};

interface SnapshotChunk {
  readonly term: number;
  readonly leader: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly offset: number;
  readonly size: number;
  readonly payload: Uint8Array;
  readonly checksum: number;
  readonly done: boolean;
}

const CHUNK_BYTES = 57;

const snapshotChunk: Layout = {
  bound: ({ payload }: SnapshotChunk) => CHUNK_BYTES + payload.length,
  write: (value: SnapshotChunk, bytes, view, start) => {
    const { payload } = value;
    writeU64(view, start, value.term);
    writeU64(view, start + 8, value.leader);
    writeU64(view, start + 16, value.lastIndex);
    writeU64(view, start + 24, value.lastTerm);
    writeU64(view, start + 32, value.offset);
    writeU64(view, start + 40, value.size);
    view.setUint32(start + 48, value.checksum, true);
    bytes[start + 52] = value.done ? 1 : 0;
    view.setUint32(start + 53, payload.length, true);
    bytes.set(payload, start + CHUNK_BYTES);
    return start + CHUNK_BYTES + payload.length;
  },
  read: (bytes, view, start) => ({
    term: readU64(view, start),
    leader: readU64(view, start + 8),
    lastIndex: readU64(view, start + 16),
    lastTerm: readU64(view, start + 24),
    offset: readU64(view, start + 32),
    size: readU64(view, start + 40),
    payload: new Uint8Array(
      bytes.buffer,
      bytes.byteOffset + start + CHUNK_BYTES,
      view.getUint32(start + 53, true),
    ),
    checksum: view.getUint32(start + 48, true),
    done: bytes[start + 52] === 1,
  }),
};

interface Node {
  readonly id: number;
  readonly address: string;
  readonly role: number;
}

interface ConfigChange {
  readonly index: number;
  readonly members: readonly Node[];
  readonly incoming: readonly Node[];
  readonly labels: ReadonlyMap<string, string>;
}

/** Where reading stands, because a text has no fixed width. */
interface Cursor {
  at: number;
}

const configChange: Layout = {
  bound: () => 4096,
  write: (value: ConfigChange, bytes, view, start) => {
    writeU64(view, start, value.index);
    let at = writeNodes(value.members, bytes, view, start + 8);
    at = writeNodes(value.incoming, bytes, view, at);
    bytes[at++] = value.labels.size;
    for (const [key, label] of value.labels) {
      at = writeText(key, bytes, at);
      at = writeText(label, bytes, at);
    }
    return at;
  },
  read: (bytes, view, start) => {
    const cursor = { at: start + 8 };
    const members = readNodes(bytes, view, cursor);
    const incoming = readNodes(bytes, view, cursor);
    const labels = new Map<string, string>();
    const count = bytes[cursor.at++] ?? 0;
    for (let n = 0; n < count; n++) labels.set(readText(bytes, cursor), readText(bytes, cursor));
    return { index: readU64(view, start), members, incoming, labels };
  },
};

function writeNodes(nodes: readonly Node[], bytes: Buffer, view: DataView, start: number): number {
  let at = start;
  bytes[at++] = nodes.length;
  for (let n = 0; n < nodes.length; n++) {
    const node = nodes[n] as Node;
    writeU64(view, at, node.id);
    bytes[at + 8] = node.role;
    at = writeText(node.address, bytes, at + 9);
  }
  return at;
}

function readNodes(bytes: Uint8Array, view: DataView, cursor: Cursor): Node[] {
  const nodes: Node[] = [];
  const count = bytes[cursor.at++] ?? 0;
  for (let n = 0; n < count; n++) {
    const id = readU64(view, cursor.at);
    const role = bytes[cursor.at + 8] ?? 0;
    cursor.at += 9;
    nodes.push({ id, address: readText(bytes, cursor), role });
  }
  return nodes;
}

/** Below this many characters a loop is faster than the native call. */
const LOOP_MAX = 28;

function writeText(text: string, bytes: Buffer, start: number): number {
  const at = start + 1;
  if (text.length <= LOOP_MAX) {
    let n = 0;
    for (; n < text.length; n++) {
      const code = text.charCodeAt(n);
      if (code > 127) break;
      bytes[at + n] = code;
    }
    if (n === text.length) {
      bytes[start] = n;
      return at + n;
    }
  }
  const length = bytes.utf8Write(text, at);
  bytes[start] = length;
  return at + length;
}

const utf8Slice = Buffer.prototype.utf8Slice;

function readText(bytes: Uint8Array, cursor: Cursor): string {
  const start = cursor.at + 1;
  const end = start + (bytes[cursor.at] ?? 0);
  cursor.at = end;
  return utf8Slice.call(bytes as Buffer, start, end);
}

export const LAYOUTS: Readonly<Record<MessageName, Layout>> = {
  AppendRequest: appendRequest,
  AppendResponse: appendResponse,
  VoteRequest: voteRequest,
  SnapshotChunk: snapshotChunk,
  ConfigChange: configChange,
};
