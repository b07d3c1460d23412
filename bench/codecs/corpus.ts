/**
 * What is measured: seven messages, eight variants of each, because one value alone lets caches and
 * branch prediction flatter everybody. Of the indices a third each has 21, 28 to 32 and 33 to 41 bits.
 * Payloads are Buffers at an offset, as after a socket read; texts are decoded ones, as after a
 * message came in (the engine writes a literal twice as fast).
 */
import type {
  AppendRequestValue,
  AppendResponseValue,
  ConfigChangeValue,
  MessageName,
  NodeValue,
  Plain,
  SnapshotChunkValue,
  VoteRequestValue,
} from "./messages.ts";

export interface BenchCase {
  readonly name: string;
  readonly message: MessageName;
  /** Made at the first call. */
  readonly variants: () => readonly Plain[];
  /** Mean bytes of one message, as the targets were set with. A corpus that drifts is another bench. */
  readonly bytes: { readonly protobuf: number; readonly bilrost: number };
}

export const VARIANTS = 8;

/** Two of 21 bits, three of 28 to 32, three of 33 to 41. */
const INDICES = [
  0x1a_3f57, 0x0f9e_21c4, 0x2_1d5b_90e7, 0x1f_04d1, 0x5c81_33ab, 0xf1_77a2_06cd, 0xd4e0_9b16,
  0x1b7_52c8_ee91,
];
/** Terms and node ids are small in life: one byte each, half of them beyond what zigzag keeps in one. */
const TERMS = [9, 71, 23, 118, 40, 95, 12, 104];

const LABELS = [
  ["placement", "europe-west-frankfurt-b"],
  ["zone", "rack-17-power-right"],
  ["channel", "stable-candidate"],
  ["storage-class", "replicated-nvme"],
] as const;
/** Bytes of a node's address, 11 to 39. */
const ADDRESS_BYTES = [11, 18, 25, 32, 39, 14, 25, 25, 29, 36];

export const CASES: readonly BenchCase[] = [
  appendCase("AppendRequest 1 × 64 B", 1, 64, 95),
  appendCase("AppendRequest 64 × 256 B", 64, 256, 17_401),
  appendCase("AppendRequest 1 × 64 KiB", 1, 64 * 1024, 65_571),
  {
    name: "AppendResponse",
    message: "AppendResponse",
    variants: variants(appendResponse),
    bytes: { protobuf: 13, bilrost: 13 },
  },
  {
    name: "VoteRequest",
    message: "VoteRequest",
    variants: variants(voteRequest),
    bytes: { protobuf: 13, bilrost: 13 },
  },
  {
    name: "SnapshotChunk 256 KiB",
    message: "SnapshotChunk",
    variants: variants(snapshotChunk),
    bytes: { protobuf: 262_175, bilrost: 262_175 },
  },
  {
    name: "ConfigChange",
    message: "ConfigChange",
    variants: variants(configChange),
    bytes: { protobuf: 471, bilrost: 457 },
  },
];

function variants(make: (place: number) => Plain): () => Plain[] {
  let made: Plain[] | undefined;
  return () => (made ??= Array.from({ length: VARIANTS }, (_, place) => make(place)));
}

function appendCase(name: string, entries: number, length: number, bytes: number): BenchCase {
  return {
    name,
    message: "AppendRequest",
    variants: variants((place) => appendRequest(place, entries, length)),
    bytes: { protobuf: bytes, bilrost: bytes },
  };
}

function appendRequest(place: number, entries: number, length: number): AppendRequestValue {
  const previousIndex = at(INDICES, place);
  return {
    term: at(TERMS, place),
    leader: 1 + place,
    previousIndex,
    previousTerm: at(TERMS, place),
    commit: previousIndex - 1,
    entries: Array.from({ length: entries }, (_, nth) => ({
      term: at(TERMS, place),
      index: previousIndex + 1 + nth,
      kind: 1 + (nth % 3),
      payload: payload(place * 64 + nth, length),
    })),
  };
}

/** One in four refuses, and says where the logs part. */
function appendResponse(place: number): AppendResponseValue {
  const refused = place % 4 === 3;
  return {
    term: at(TERMS, place),
    from: 1 + place,
    success: !refused,
    match: at(INDICES, place),
    conflictTerm: refused ? at(TERMS, place + 1) : undefined,
    conflictIndex: refused ? at(INDICES, place + 1) : undefined,
  };
}

function voteRequest(place: number): VoteRequestValue {
  return {
    term: at(TERMS, place),
    candidate: 1 + place,
    lastIndex: at(INDICES, place),
    lastTerm: at(TERMS, place + 1),
    preVote: place % 4 !== 3,
  };
}

function snapshotChunk(place: number): SnapshotChunkValue {
  return {
    term: at(TERMS, place),
    leader: 1 + place,
    lastIndex: at(INDICES, place),
    lastTerm: at(TERMS, place + 1),
    offset: (64 + place * 11) * 256 * 1024,
    size: 240_000_000 + place * 1_234_567,
    payload: payload(place, 256 * 1024),
    checksum: (0x9e37_79b9 * (place + 1)) >>> 0,
    done: place === VARIANTS - 1,
  };
}

function configChange(place: number): ConfigChangeValue {
  return {
    index: at(INDICES, place),
    members: nodes(place, 0),
    incoming: nodes(place, 5),
    labels: new Map(
      LABELS.map(([key, value], nth) => [decoded(key), decoded(`${value}-${(place + nth) % 8}`)]),
    ),
  };
}

function nodes(place: number, from: number): NodeValue[] {
  return Array.from({ length: 5 }, (_, nth) => ({
    id: from + nth + 1 + place,
    address: decoded(address(at(ADDRESS_BYTES, from + nth), place * 10 + from + nth)),
    role: (["voter", "learner", "witness"] as const)[(place + from + nth) % 3] ?? "voter",
  }));
}

/** Host and port of exactly so many bytes. */
function address(length: number, seed: number): string {
  const port = `:${7000 + seed}`;
  const host = `n${seed}.raft.replica-set.eu-west.example.net`;
  return host.slice(0, length - port.length).padEnd(length - port.length, "x") + port;
}

function decoded(text: string): string {
  return Buffer.from(text).toString();
}

/** Bytes without a pattern, in the middle of a larger buffer. */
function payload(seed: number, length: number): Buffer {
  const offset = 37 + (seed % 5);
  const buffer = Buffer.alloc(offset + length + 11);
  let state = seed + 1;
  for (let place = 0; place < buffer.length; place++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    buffer[place] = state >>> 16;
  }
  return buffer.subarray(offset, offset + length);
}

function at(list: readonly number[], place: number): number {
  return list[place % list.length] ?? 0;
}
