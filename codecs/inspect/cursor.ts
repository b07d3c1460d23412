/**
 * Bilrost and protobuf as one: fields of tag, wire type and body. Each is read by the reader of its
 * own decoder, so that bytes are judged by the same rules and errors read the same.
 */
import { tagOf } from "../bilrost/interpreter/wire.ts";
import { readVarint, type Unsigned, varintLength } from "../bilrost/varint.ts";
import { ByteReader } from "../byte-reader.ts";
import { DecodeError } from "../errors.ts";
import { WireReader } from "../protobuf/wire-reader.ts";
import type { WireName } from "./tree.ts";

export interface Key {
  readonly tag: number;
  readonly delta?: number;
  readonly wire: WireName;
}

/** Reads one region. Nothing inside looks past its end. */
export interface Cursor {
  readonly offset: number;
  readonly end: number;
  /** `previous`: the tag before, 0 at the start. */
  key(previous: number): Key;
  varint(): Unsigned;
  skip(size: number): void;
}

export interface Dialect {
  readonly name: "bilrost" | "protobuf";
  open(bytes: Uint8Array, start: number, end: number): Cursor;
  /** Bytes that a writer needs for the number. */
  varintLength(value: Unsigned): number;
  /** Number of an enumeration's variant. */
  variantNumber(wire: Unsigned): Unsigned;
}

const BILROST_WIRES = ["varint", "length-delimited", "fixed 32-bit", "fixed 64-bit"] as const;

class BilrostCursor implements Cursor {
  readonly #reader: ByteReader;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#reader = new ByteReader(bytes.subarray(0, end));
    this.#reader.bytes(start);
    this.end = end;
  }

  get offset(): number {
    return this.#reader.offset;
  }

  key(previous: number): Key {
    const start = this.#reader.offset;
    const key = readVarint(this.#reader);
    const tag = tagOf(key, previous, start);
    const wire = BILROST_WIRES[Number(key) % 4] as WireName;
    return { tag, delta: tag - previous, wire };
  }

  varint(): Unsigned {
    return readVarint(this.#reader);
  }

  skip(size: number): void {
    this.#reader.bytes(size);
  }
}

const PROTOBUF_WIRES = [
  "varint",
  "fixed 64-bit",
  "length-delimited",
  "group",
  "group end",
  "fixed 32-bit",
] as const;
const NO_LIMITS = { depthMax: Infinity, lengthMax: Infinity, countMax: Infinity };

class ProtobufCursor implements Cursor {
  readonly #reader: WireReader;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#reader = new WireReader(bytes, NO_LIMITS, false);
    this.#reader.pos = start;
    this.#reader.len = end;
  }

  get offset(): number {
    return this.#reader.pos;
  }

  get end(): number {
    return this.#reader.len;
  }

  key(): Key {
    const start = this.#reader.pos;
    const key = this.#reader.key();
    const wire = PROTOBUF_WIRES[key % 8];
    if (wire !== undefined) return { tag: Math.floor(key / 8), wire };
    const problem = `Cannot read field: no field has wire type ${key % 8}`;
    throw new DecodeError("Malformed", problem, start);
  }

  varint(): Unsigned {
    return this.#reader.varint();
  }

  skip(size: number): void {
    this.#reader.need(size);
    this.#reader.pos += size;
  }
}

export const BILROST: Dialect = {
  name: "bilrost",
  open: (bytes, start, end) => new BilrostCursor(bytes, start, end),
  varintLength,
  variantNumber: (wire) => wire,
};

const NEGATIVE_MIN = 2n ** 64n - 2n ** 31n;

export const PROTOBUF: Dialect = {
  name: "protobuf",
  open: (bytes, start, end) => new ProtobufCursor(bytes, start, end),
  varintLength: (value) => Math.max(1, Math.ceil(BigInt(value).toString(2).length / 7)),
  // An enumeration is an int32 there: a number above 2^31 - 1 stands as a negative one.
  variantNumber: (wire) => (wire >= NEGATIVE_MIN ? Number(BigInt(wire) & 0xffff_ffffn) : wire),
};

/** Reads a length and checks that so many bytes are there; they are still to be skipped. */
export function readLength(cursor: Cursor): number {
  const { length, error } = readCutLength(cursor);
  if (error) throw error;
  return length;
}

/** Of a body that was cut off the part that is there, and the error to report. */
export function readCutLength(cursor: Cursor): { length: number; error?: DecodeError } {
  const start = cursor.offset;
  const length = cursor.varint();
  const left = cursor.end - cursor.offset;
  if (length <= left) return { length: Number(length) };
  const problem = `Cannot read ${length} bytes: only ${left} remain`;
  return { length: left, error: new DecodeError("Truncated", problem, start) };
}
