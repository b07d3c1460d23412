/**
 * The view without a schema (§18 of the specification): every message is a list of fields with tags that
 * never descend, and writing the list gives the same bytes. What a length-delimited body is (text,
 * bytes, a message, a packed list, a map) cannot be told from the bytes.
 */
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { DecodeError, EncodeError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import {
  FIXED_32,
  FIXED_64,
  keyOf,
  LENGTH_DELIMITED,
  TAG_MAX,
  tagOf,
  VARINT,
  type WireType,
} from "./interpreter/wire.ts";
import { readVarint, varintLength, writeVarint } from "./varint.ts";

export type OpaqueField =
  | {
      readonly tag: number;
      readonly wireType: 0;
      /** 0 to 2^64 - 1; a number when it is at most 2^53 - 1. */
      readonly value: number | bigint;
    }
  | {
      readonly tag: number;
      /** 1: length-delimited, `body` without the length. 2: four bytes. 3: eight bytes. */
      readonly wireType: 1 | 2 | 3;
      readonly body: Uint8Array;
    };

/**
 * All fields in order, repeats included; bodies are views into `bytes`. Throws `DecodeError`:
 * `Truncated`, `InvalidVarint`, `TagOverflowed`, or `LimitExceeded` beyond `limits.countMax` fields.
 */
export function decodeOpaque(bytes: Uint8Array, limits: Limits = DEFAULT_LIMITS): OpaqueField[] {
  const reader = new ByteReader(bytes);
  const fields: OpaqueField[] = [];
  let tag = 0;
  while (reader.remaining > 0) {
    if (fields.length === limits.countMax) {
      const problem = `Cannot read more than ${limits.countMax} fields`;
      throw new DecodeError("LimitExceeded", problem, reader.offset);
    }
    const start = reader.offset;
    const key = readVarint(reader);
    tag = tagOf(key, tag, start);
    fields.push(readField(reader, tag, (Number(key) % 4) as WireType));
  }
  return fields;
}

function readField(reader: ByteReader, tag: number, wireType: WireType): OpaqueField {
  if (wireType === VARINT) return { tag, wireType, value: readVarint(reader) };
  if (wireType !== LENGTH_DELIMITED) {
    return { tag, wireType, body: reader.bytes(wireType === FIXED_32 ? 4 : 8) };
  }
  const start = reader.offset;
  const length = readVarint(reader);
  if (length <= reader.remaining) return { tag, wireType, body: reader.bytes(Number(length)) };
  const problem = `Cannot read ${length} bytes: only ${reader.remaining} remain`;
  throw new DecodeError("Truncated", problem, start);
}

/** Throws `EncodeError` for tags that descend, a number beyond 64 bits, or a fixed body of a wrong size. */
export function encodeOpaque(fields: readonly OpaqueField[]): Uint8Array<ArrayBuffer> {
  let previous = 0;
  let length = 0;
  for (const [place, field] of fields.entries()) {
    refuseUnwritable(field, previous, place);
    length += varintLength(keyOf(field.tag - previous, field.wireType)) + bodyLength(field);
    previous = field.tag;
  }
  const writer = new ByteWriter(length);
  previous = 0;
  for (const field of fields) {
    writeVarint(writer, keyOf(field.tag - previous, field.wireType));
    if (field.wireType === VARINT) writeVarint(writer, field.value);
    else {
      if (field.wireType === LENGTH_DELIMITED) writeVarint(writer, field.body.byteLength);
      writer.bytes(field.body);
    }
    previous = field.tag;
  }
  return writer.finish();
}

function bodyLength(field: OpaqueField): number {
  if (field.wireType === VARINT) return varintLength(field.value);
  const { byteLength } = field.body;
  return field.wireType === LENGTH_DELIMITED ? varintLength(byteLength) + byteLength : byteLength;
}

function refuseUnwritable(field: OpaqueField, previous: number, place: number): void {
  const { tag } = field;
  const isTag = Number.isInteger(tag) && tag >= previous && tag <= TAG_MAX;
  if (isTag && isWritable(field)) return;
  const problem = isTag
    ? `Cannot encode field ${tag}: its body is not one of wire type ${field.wireType}`
    : `Cannot encode field ${tag}: a tag from ${previous} to ${TAG_MAX} needed`;
  throw new EncodeError("OutOfDomainValue", problem, [`[${place}]`]);
}

function isWritable(field: OpaqueField): boolean {
  if (field.wireType === VARINT) {
    const { value } = field;
    if (typeof value === "bigint") return BigInt.asUintN(64, value) === value;
    return Number.isSafeInteger(value) && value >= 0;
  }
  if (!(field.body instanceof Uint8Array)) return false;
  if (field.wireType === FIXED_32) return field.body.byteLength === 4;
  if (field.wireType === FIXED_64) return field.body.byteLength === 8;
  return field.wireType === LENGTH_DELIMITED;
}
