/**
 * The frame: a header of 68 bytes whose layout never changes, then the body (law 1). It is read
 * before any version is known, so nothing in it depends on one.
 */
import { assert } from "../../base/index.ts";
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
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, HEADER_VERSION);
  view.setUint8(5, header.flags);
  view.setUint16(6, header.kind, true);
  view.setUint32(8, header.wireVersion, true);
  view.setUint32(12, body.length, true);
  writeClusterId(bytes, header.clusterId);
  writeNumber(view, 32, header.sender);
  writeNumber(view, 40, header.addressee);
  writeNumber(view, 48, header.incarnation);
  view.setUint32(60, crc32c(body), true);
  view.setUint32(64, crc32c(bytes.subarray(0, 64)), true);
  return [bytes, body];
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

/** Reads the header at the beginning of `bytes`, which holds all of it. Throws `FrameError`. */
export function readHeader(bytes: Uint8Array, bodyBytesMax: number): ReadHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) {
    throw new FrameError("bad_magic", "Cannot read a frame: it does not begin with WSF1");
  }
  if (view.getUint8(4) !== HEADER_VERSION) {
    throw new FrameError(
      "header_version",
      `Cannot read a frame with header version ${view.getUint8(4)}: only ${HEADER_VERSION} exists`,
    );
  }
  if (view.getUint32(64, true) !== crc32c(bytes.subarray(0, 64))) {
    throw new FrameError("header_crc", "Cannot read a frame: the checksum of its header is wrong");
  }
  const flags = view.getUint8(5);
  if ((flags & ~FLAGS_KNOWN) !== 0) {
    throw new FrameError(
      "unknown_flag",
      `Cannot read a frame with flags ${flags}: known are ${FLAGS_KNOWN}`,
    );
  }
  if (view.getUint32(56, true) !== 0) {
    throw new FrameError("reserved_bytes", "Cannot read a frame: its reserved bytes are not zero");
  }
  const bodyLength = view.getUint32(12, true);
  if (bodyLength > bodyBytesMax) {
    throw new FrameError(
      "body_too_long",
      `Cannot read a frame of ${bodyLength} bytes: at most ${bodyBytesMax}`,
    );
  }
  const header: FrameHeader = {
    kind: view.getUint16(6, true),
    flags,
    wireVersion: view.getUint32(8, true),
    clusterId: readClusterId(bytes),
    sender: readNumber(view, 32),
    addressee: readNumber(view, 40),
    incarnation: readNumber(view, 48),
  };
  return { header, bodyLength, bodyCrc: view.getUint32(60, true) };
}

function readClusterId(bytes: Uint8Array): string {
  if (lastId.bytes.every((byte, place) => byte === bytes[16 + place])) return lastId.text;
  let hex = "";
  for (let place = 16; place < 32; place++)
    hex += (bytes[place] ?? 0).toString(16).padStart(2, "0");
  return hex;
}

/** Of the upper 32 bits: 2^53 - 1 is the largest number that is exact. */
const HIGH_MAX = 2 ** 21 - 1;

function writeNumber(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 2 ** 32, true);
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
}

function readNumber(view: DataView, offset: number): number {
  const high = view.getUint32(offset + 4, true);
  if (high <= HIGH_MAX) return high * 2 ** 32 + view.getUint32(offset, true);
  throw new FrameError(
    "number_too_large",
    `Cannot read a frame: ${view.getBigUint64(offset, true)} at byte ${offset} is above 2^53 - 1`,
  );
}
