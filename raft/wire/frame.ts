/**
 * The frame: a header of 68 bytes whose layout never changes, then the body (law 1). It is read
 * before any version is known, so nothing in it depends on one.
 */
import { assert, readU16, readU32, writeU16, writeU32 } from "../../base/index.ts";
import { crc32c } from "./crc32c.ts";

export const FRAME_HEADER_BYTES = 68;
const MAGIC = 0x3146_5357; // "WSF1", read as a little-endian number.
const HEADER_VERSION = 1;
/** Whoever does not know the kind skips the frame and counts it, instead of closing. */
const FLAG_IGNORABLE = 1;
const FLAGS_KNOWN = FLAG_IGNORABLE;
const CLUSTER_ID = /^[0-9a-f]{32}$/;

/** The layout of the kinds below is fixed, so they have no wire version. */
export const KINDS_WITH_FIXED_LAYOUT_BELOW = 16;

export const FrameKind = {
  hello: 1,
  welcome: 2,
  refusal: 3,
  appendRequest: 16,
  appendResponse: 17,
  voteRequest: 18,
  voteResponse: 19,
  heartbeat: 20,
  heartbeatResponse: 21,
  snapshotChunk: 22,
  snapshotAck: 23,
  timeoutNow: 24,
  readIndexRequest: 25,
  readIndexResponse: 26,
  nodeStatus: 27,
  clientRequest: 32,
  clientResponse: 33,
} as const;

export interface FrameHeader {
  readonly kind: number;
  /** Bit 0: ignorable. */
  readonly flags: number;
  /** Wire version of the body; 0 for the kinds below 16, whose layout is fixed. */
  readonly wireVersion: number;
  /** 32 hex digits. */
  readonly clusterId: string;
  readonly sender: number;
  /** 0: whoever answers. */
  readonly addressee: number;
  readonly incarnation: number;
}

export interface Frame {
  readonly header: FrameHeader;
  readonly body: Uint8Array;
}

/** Why bytes are no frame. After any of these the stream has no boundaries left: close it. */
export type FrameErrorCode =
  | "bad_magic"
  | "header_version"
  | "header_crc"
  | "unknown_flag"
  | "reserved_bytes"
  | "number_too_large"
  | "body_too_long"
  | "body_crc"
  | "truncated"
  | "trailing";

export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly code: FrameErrorCode;
  constructor(code: FrameErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function isIgnorable(header: FrameHeader): boolean {
  return (header.flags & FLAG_IGNORABLE) !== 0;
}

/** Header and body as two parts, so that a large body is not copied. */
export function writeFrame(
  header: FrameHeader,
  body: Uint8Array,
): readonly [Uint8Array, Uint8Array] {
  const bytes = freshHeader();
  writeU32(bytes, 0, MAGIC);
  bytes[4] = HEADER_VERSION;
  bytes[5] = header.flags;
  writeU16(bytes, 6, header.kind);
  writeU32(bytes, 8, header.wireVersion);
  writeU32(bytes, 12, body.length);
  writeClusterId(bytes, header.clusterId);
  writeNumber(bytes, 32, header.sender);
  writeNumber(bytes, 40, header.addressee);
  writeNumber(bytes, 48, header.incarnation);
  writeU32(bytes, 60, crc32c(body));
  writeU32(bytes, 64, crc32c(bytes.subarray(0, 64)));
  return [bytes, body];
}

const HEADERS_PER_SLAB = 256;
let slab = new Uint8Array(0);
let slabUsed = 0;

/** Zeroed, and nobody else's: pieces of one larger memory, because one for each header would cost more than its content. */
function freshHeader(): Uint8Array {
  if (slabUsed === slab.length) {
    slab = new Uint8Array(HEADERS_PER_SLAB * FRAME_HEADER_BYTES);
    slabUsed = 0;
  }
  slabUsed += FRAME_HEADER_BYTES;
  return slab.subarray(slabUsed - FRAME_HEADER_BYTES, slabUsed);
}

/** The last cluster id seen: a process speaks of one cluster, in frame after frame. */
const lastId: { text: string; readonly bytes: Uint8Array } = {
  text: "00000000000000000000000000000000",
  bytes: new Uint8Array(16),
};

function writeClusterId(bytes: Uint8Array, clusterId: string): void {
  if (clusterId !== lastId.text) {
    assert(CLUSTER_ID.test(clusterId), "a cluster id is 32 hex digits in lower case");
    for (let place = 0; place < 16; place++) {
      lastId.bytes[place] = Number.parseInt(clusterId.slice(2 * place, 2 * place + 2), 16);
    }
    lastId.text = clusterId;
  }
  bytes.set(lastId.bytes, 16);
}

/** A header, and what it says about the body behind it. */
export interface ReadHeader {
  readonly header: FrameHeader;
  readonly bodyLength: number;
  readonly bodyCrc: number;
}

/** Reads the header at `start` of `bytes`, which holds all of it. Throws `FrameError`. */
export function readHeader(bytes: Uint8Array, start: number, bodyBytesMax: number): ReadHeader {
  if (readU32(bytes, start) !== MAGIC) {
    throw new FrameError("bad_magic", "Cannot read a frame: it does not begin with WSF1");
  }
  const headerVersion = bytes[start + 4];
  if (headerVersion !== HEADER_VERSION) {
    throw new FrameError(
      "header_version",
      `Cannot read a frame with header version ${headerVersion}: only ${HEADER_VERSION} exists`,
    );
  }
  if (readU32(bytes, start + 64) !== crc32c(bytes.subarray(start, start + 64))) {
    throw new FrameError("header_crc", "Cannot read a frame: the checksum of its header is wrong");
  }
  const flags = bytes[start + 5] as number;
  if ((flags & ~FLAGS_KNOWN) !== 0) {
    throw new FrameError(
      "unknown_flag",
      `Cannot read a frame with flags ${flags}: known are ${FLAGS_KNOWN}`,
    );
  }
  if (readU32(bytes, start + 56) !== 0) {
    throw new FrameError("reserved_bytes", "Cannot read a frame: its reserved bytes are not zero");
  }
  const bodyLength = readU32(bytes, start + 12);
  if (bodyLength > bodyBytesMax) {
    throw new FrameError(
      "body_too_long",
      `Cannot read a frame of ${bodyLength} bytes: at most ${bodyBytesMax}`,
    );
  }
  const header: FrameHeader = {
    kind: readU16(bytes, start + 6),
    flags,
    wireVersion: readU32(bytes, start + 8),
    clusterId: readClusterId(bytes, start + 16),
    sender: readNumber(bytes, start, 32),
    addressee: readNumber(bytes, start, 40),
    incarnation: readNumber(bytes, start, 48),
  };
  return { header, bodyLength, bodyCrc: readU32(bytes, start + 60) };
}

function readClusterId(bytes: Uint8Array, offset: number): string {
  let isLast = true;
  for (let place = 0; place < 16; place++)
    if (lastId.bytes[place] !== bytes[offset + place]) isLast = false;
  if (isLast) return lastId.text;
  let hex = "";
  for (let place = 0; place < 16; place++)
    hex += (bytes[offset + place] as number).toString(16).padStart(2, "0");
  return hex;
}

/** Of the upper 32 bits: 2^53 - 1 is the largest number that is exact. */
const HIGH_MAX = 2 ** 21 - 1;

function writeNumber(bytes: Uint8Array, offset: number, value: number): void {
  writeU32(bytes, offset, value % 2 ** 32);
  writeU32(bytes, offset + 4, Math.floor(value / 2 ** 32));
}

function readNumber(bytes: Uint8Array, start: number, offset: number): number {
  const low = readU32(bytes, start + offset);
  const high = readU32(bytes, start + offset + 4);
  if (high <= HIGH_MAX) return high * 2 ** 32 + low;
  const number = (BigInt(high) << 32n) + BigInt(low);
  throw new FrameError(
    "number_too_large",
    `Cannot read a frame: ${number} at byte ${offset} is above 2^53 - 1`,
  );
}
