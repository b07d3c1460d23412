/** What is on the wire: four wire types, keys that hold the distance to the previous tag, lengths. */
import type { ByteReader } from "../../byte-reader.ts";
import { DecodeError } from "../../errors.ts";
import { readVarint, type Unsigned, varintLength } from "../varint.ts";
import type { Decoding } from "./decoding.ts";

export type WireType = 0 | 1 | 2 | 3;
export const VARINT = 0;
export const LENGTH_DELIMITED = 1;
export const FIXED_32 = 2;
export const FIXED_64 = 3;

export const TAG_MAX = 2 ** 32 - 1;
/** A key below this repeats the previous tag. */
export const KEYS_OF_THE_SAME_TAG = 4;

const WIRE_TYPE_NAMES = ["varint", "length-delimited", "fixed 32-bit", "fixed 64-bit"] as const;

export function keyOf(tagDelta: number, wireType: WireType): number {
  return tagDelta * 4 + wireType; // Keys pass 2^32, so no shifts.
}

export function keyLength(tagDelta: number): number {
  return varintLength(tagDelta * 4);
}

/** The tag that a key names after `previous`, which the sum of many keys may drive too high. */
export function tagOf(key: Unsigned, previous: number, offset: number): number {
  const delta = typeof key === "number" ? Math.floor(key / 4) : Number.POSITIVE_INFINITY;
  if (previous + delta <= TAG_MAX) return previous + delta;
  const problem = `Cannot read key: its tag is above ${TAG_MAX}`;
  throw new DecodeError("TagOverflowed", problem, offset);
}

export function refuseWireType(found: WireType, needed: WireType, offset: number): DecodeError {
  const problem = `Cannot read field: its wire type is ${WIRE_TYPE_NAMES[found]}, ${WIRE_TYPE_NAMES[needed]} needed`;
  return new DecodeError("WrongWireType", problem, offset);
}

/** Reads a length prefix and checks it before anything is allocated. */
export function readLength(decoding: Decoding): number {
  const { reader, limits } = decoding;
  const start = reader.offset;
  const length = readVarint(reader);
  if (length > reader.remaining) {
    const problem = `Cannot read ${length} bytes: only ${reader.remaining} remain`;
    throw new DecodeError("Truncated", problem, start);
  }
  const checked = Number(length);
  if (checked <= limits.lengthMax) return checked;
  const problem = `Cannot read ${checked} bytes: the limit is ${limits.lengthMax}`;
  throw new DecodeError("LimitExceeded", problem, start);
}

/** Takes the body of a field that nobody knows; its content is never looked into. */
export function readUnknownBody(decoding: Decoding, wireType: WireType): Uint8Array {
  const { reader } = decoding;
  if (wireType === LENGTH_DELIMITED) return keep(decoding, reader.bytes(readLength(decoding)));
  const start = reader.offset;
  skipScalar(reader, wireType);
  return keep(decoding, reader.since(start));
}

function skipScalar(reader: ByteReader, wireType: Exclude<WireType, 1>): void {
  if (wireType === VARINT) readVarint(reader);
  else reader.bytes(wireType === FIXED_32 ? 4 : 8);
}

function keep(decoding: Decoding, view: Uint8Array): Uint8Array {
  return decoding.copy ? view.slice() : view;
}
