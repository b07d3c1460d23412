/**
 * The record of a data directory: a log file is a stream of them, a snapshot a list.
 *
 * `settled` is what makes a torn tail differ from damage: it says that everything before this
 * record was synced when it was written. Bad bytes with a settled record behind them can not be
 * the end of an interrupted write, so something acknowledged was harmed.
 */
import { readU16, readU32, writeU16, writeU32 } from "../../base/index.ts";
import { crc32c } from "../wire/index.ts";

export const RECORD_HEADER_BYTES = 16;
const ALIGNMENT = 8;
const FLAG_CRITICAL = 1;
const FLAG_SETTLED = 2;
const FLAGS_KNOWN = FLAG_CRITICAL | FLAG_SETTLED;
const CRC_COVERS_FROM = 8;

export interface StoredRecord {
  readonly kind: number;
  readonly critical: boolean;
  readonly settled: boolean;
  /** Wire version of the body; 0 when its layout is fixed. */
  readonly version: number;
  readonly body: Uint8Array;
}

export type RecordAt =
  | { readonly ok: true; readonly record: StoredRecord; readonly next: number }
  /** `isWhole`: the bytes are as they were written, only this release does not understand them. */
  | { readonly ok: false; readonly problem: string; readonly isWhole: boolean };

export function recordBytes(record: StoredRecord): Uint8Array {
  return joinRecords([record]);
}

/** Records one after the other, behind `start`: one piece of memory for all of them. */
export function joinRecords(records: readonly StoredRecord[], start?: Uint8Array): Uint8Array {
  let length = start?.length ?? 0;
  for (const { body } of records) length += paddedLength(body.length);
  const bytes = new Uint8Array(length);
  if (start) bytes.set(start);
  let offset = start?.length ?? 0;
  for (const record of records) offset = writeRecord(bytes, offset, record);
  return bytes;
}

/** Where the next one begins. The bytes of the padding are zero already. */
function writeRecord(bytes: Uint8Array, offset: number, record: StoredRecord): number {
  const { kind, critical, settled, version, body } = record;
  writeU32(bytes, offset, body.length);
  writeU16(bytes, offset + 8, kind);
  bytes[offset + 10] = (critical ? FLAG_CRITICAL : 0) | (settled ? FLAG_SETTLED : 0);
  writeU32(bytes, offset + 12, version);
  bytes.set(body, offset + RECORD_HEADER_BYTES);
  const end = offset + RECORD_HEADER_BYTES + body.length;
  writeU32(bytes, offset + 4, crc32c(bytes.subarray(offset + CRC_COVERS_FROM, end)));
  return offset + paddedLength(body.length);
}

/** Trusts nothing: the length is checked against the file before anything is read by it. */
export function readRecord(bytes: Uint8Array, offset: number): RecordAt {
  const left = bytes.length - offset;
  if (left < RECORD_HEADER_BYTES) return problem(`${left} bytes left, a record header has 16`);
  const length = readU32(bytes, offset);
  const padded = paddedLength(length);
  if (padded > left) return problem(`${left} bytes left, the record needs ${padded}`);
  const end = offset + RECORD_HEADER_BYTES + length;
  if (readU32(bytes, offset + 4) !== crc32c(bytes.subarray(offset + CRC_COVERS_FROM, end)))
    return problem("the checksum of the record does not match");
  const flags = bytes[offset + 10] as number;
  if ((flags & ~FLAGS_KNOWN) !== 0 || bytes[offset + 11] !== 0)
    return problem(`flags ${flags}, this release knows ${FLAGS_KNOWN}`, true);
  if (bytes.subarray(end, offset + padded).some((byte) => byte !== 0))
    return problem("the padding of the record is not zero");
  return {
    ok: true,
    next: offset + padded,
    record: {
      kind: readU16(bytes, offset + 8),
      critical: (flags & FLAG_CRITICAL) !== 0,
      settled: (flags & FLAG_SETTLED) !== 0,
      version: readU32(bytes, offset + 12),
      body: bytes.subarray(offset + RECORD_HEADER_BYTES, end),
    },
  };
}

/** First settled record at or behind `offset`, or undefined. */
export function findSettledRecord(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = alignUp(offset); at + RECORD_HEADER_BYTES <= bytes.length; at += ALIGNMENT) {
    const found = readRecord(bytes, at);
    if (found.ok && found.record.settled) return at;
  }
  return undefined;
}

function paddedLength(bodyLength: number): number {
  return alignUp(RECORD_HEADER_BYTES + bodyLength);
}

function alignUp(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function problem(text: string, isWhole = false): RecordAt {
  return { ok: false, problem: text, isWhole };
}
