/**
 * A file of the log: its name, its 32-byte header, and the order of the files.
 *
 * Files are ordered by `sequence`, not by name: after a truncation or a rewrite a newer file may
 * start at a lower index. A file with the `base` flag begins the log anew: whatever has a lower
 * sequence is a leftover that a crash kept, and is never read again.
 */
import { crc32c } from "../../wire/index.ts";

export const SEGMENT_HEADER_BYTES = 32;
export const LOG_FOLDER = "log";

const MAGIC = 0x314c5357; // "WSL1", read as a little-endian number.
const FORMAT = 1;
const FLAG_BASE = 1;
const CRC_OFFSET = 28;
const INDEX_DIGITS = 20;

export interface SegmentHeader {
  /** Index of the first entry that can stand in it; also its name. */
  readonly firstIndex: number;
  /** Rises by one with each file made in this directory. */
  readonly sequence: number;
  readonly base: boolean;
}

export function segmentPath(firstIndex: number): string {
  return `${LOG_FOLDER}/${String(firstIndex).padStart(INDEX_DIGITS, "0")}.wal`;
}

export function isSegmentName(name: string): boolean {
  return /^\d{20}\.wal$/.test(name);
}

export function segmentHeaderBytes(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, FORMAT, true);
  view.setBigUint64(8, BigInt(header.firstIndex), true);
  view.setUint32(16, header.base ? FLAG_BASE : 0, true);
  view.setBigUint64(20, BigInt(header.sequence), true);
  view.setUint32(CRC_OFFSET, crc32c(bytes.subarray(0, CRC_OFFSET)), true);
  return bytes;
}

/** A text says what is wrong; files are created whole, so a bad header is always damage. */
export function readSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return `${bytes.length} bytes, a header has 32`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return "it does not begin with WSL1";
  if (view.getUint32(CRC_OFFSET, true) !== crc32c(bytes.subarray(0, CRC_OFFSET)))
    return "the checksum of its header does not match";
  const format = view.getUint32(4, true);
  if (format !== FORMAT) return `format ${format}, this release reads format ${FORMAT}`;
  const flags = view.getUint32(16, true);
  if ((flags & ~FLAG_BASE) !== 0) return `flags ${flags}, this release knows flag ${FLAG_BASE}`;
  return {
    firstIndex: Number(view.getBigUint64(8, true)),
    sequence: Number(view.getBigUint64(20, true)),
    base: (flags & FLAG_BASE) !== 0,
  };
}
