/** What generated code calls beside the helpers of all formats. */
import type { UnknownField } from "../../format.ts";
import {
  B64,
  commonHelpers,
  copyOf,
  F32,
  F64,
  type Helpers,
  U8,
} from "../../generation/runtime.ts";
import { BYTES_EACH, putText } from "../../generation/text.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { PackReader } from "../pack-reader.ts";

/** More unknown fields than this are left to the interpreter, which finds one that stands twice faster. */
const UNKNOWN_MAX = 16;

export function helpersOf(root: MessageShape, limits: Limits): Helpers {
  return {
    ...commonHelpers(root, "msgpack"),
    head,
    big,
    float,
    text,
    readSigned,
    readBig,
    readFloat,
    at: () => readEnd,
    /** Keeps a pair that the schema does not know. Returns the position behind it, or -1. */
    keep(b: Uint8Array, p: number, names: ReadonlySet<string>, fields: UnknownField[]): number {
      const reader = new PackReader(b, limits, false);
      reader.offset = p;
      const key = reader.text();
      const isOdd = names.has(key) || fields.some((field) => field.key === key);
      if (isOdd || fields.length >= UNKNOWN_MAX) return -1;
      const start = reader.offset;
      reader.skip();
      fields.push({ key, wireType: 0, body: copyOf(b, start, reader.offset) });
      return reader.offset;
    },
  };
}

const HEAD_ROOM = 3;

/** Puts the head of a map before its pairs, which left room for a head of three bytes. Returns their end. */
function head(b: Uint8Array, at: number, end: number, count: number): number {
  if (count > 15) {
    b[at] = 0xde;
    b[at + 1] = count >>> 8;
    b[at + 2] = count;
    return end;
  }
  b[at] = 0x80 | count;
  b.copyWithin(at + 1, at + HEAD_ROOM, end);
  return end - (HEAD_ROOM - 1);
}

/** Writes a bigint of 64 bits in the shortest form there is, or gives up with -1. */
function big(b: Uint8Array, p: number, value: unknown, signed: boolean): number {
  if (typeof value !== "bigint") return -1;
  if ((signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) !== value) return -1;
  if (value >= -0x8000_0000n && value <= 0xffff_ffffn) return small(b, p, Number(value));
  b[p] = value < 0n ? 0xd3 : 0xcf;
  B64[0] = BigInt.asUintN(64, value);
  return swapped(b, p + 1, 8);
}

/** Writes a whole number of 32 bits, with or without a sign. */
function small(b: Uint8Array, p: number, value: number): number {
  if (value < 0 ? value >= -0x20 : value < 0x80) {
    b[p] = value;
    return p + 1;
  }
  const size = sizeOf(value);
  const power = size === 4 ? 2 : size - 1;
  return put(b, p, (value < 0 ? 0xd0 : 0xcc) + power, value, size);
}

function sizeOf(value: number): 1 | 2 | 4 {
  if (value < 0 ? value >= -0x80 : value <= 0xff) return 1;
  return (value < 0 ? value >= -0x8000 : value <= 0xffff) ? 2 : 4;
}

function put(b: Uint8Array, p: number, first: number, value: number, size: number): number {
  b[p] = first;
  for (let at = 0; at < size; at++) b[p + 1 + at] = value >>> (8 * (size - 1 - at));
  return p + 1 + size;
}

/** Copies the scratch bytes, which are little-endian, the other way round. */
function swapped(b: Uint8Array, p: number, size: number): number {
  for (let at = 0; at < size; at++) b[p + at] = U8[size - 1 - at] as number;
  return p + size;
}

/** A number without a fraction is written as an integer where that is shorter; -0 is not. */
function float(b: Uint8Array, p: number, value: unknown, bits: 32 | 64): number {
  if (typeof value !== "number") return -1;
  if (bits === 32 && !Object.is(Math.fround(value), value)) return -1;
  const isShort = Number.isInteger(value) && value >= -0x8000_0000 && value <= 0xffff_ffff;
  if (isShort && !Object.is(value, -0)) return small(b, p, value);
  b[p] = 0xcb;
  F64[0] = value;
  return swapped(b, p + 1, 8);
}

/** The text behind its head, `room` bytes kept free. -1: too little room, or a lone surrogate. */
function text(b: Uint8Array, p: number, value: string, room: number): number {
  const count = value.length;
  if (p + count * BYTES_EACH + room > b.length) return -1;
  const guess = headOf(count);
  const end = putText(b, p + guess, value);
  if (end < 0) return -1;
  const length = end - p - guess;
  const width = headOf(length);
  if (width !== guess) b.copyWithin(p + width, p + guess, end);
  if (width === 1) b[p] = 0xa0 | length;
  else put(b, p, width === 2 ? 0xd9 : width === 3 ? 0xda : 0xdb, length, width - 1);
  return p + width + length;
}

function headOf(length: number): number {
  if (length < 32) return 1;
  if (length < 256) return 2;
  return length < 65_536 ? 3 : 5;
}

let readEnd = 0;

/** An integer with a sign behind its head, or undefined for another head, or beyond 2^53 - 1. */
function readSigned(b: Uint8Array, p: number, first: number): number | undefined {
  if (first < 0xd0 || first > 0xd3) return undefined;
  const size = 1 << (first & 3);
  readEnd = p + size;
  if (readEnd > b.length) return undefined;
  if (size === 8) {
    load(b, p, 8);
    const value = Number(BigInt.asIntN(64, B64[0] as bigint));
    return Number.isSafeInteger(value) ? value : undefined;
  }
  let value = 0;
  for (let at = 0; at < size; at++) value = (value << 8) | (b[p + at] as number);
  const unused = 32 - 8 * size;
  return (value << unused) >> unused;
}

function load(b: Uint8Array, p: number, size: number): void {
  for (let at = 0; at < size; at++) U8[size - 1 - at] = b[p + at] as number;
}

/** Any integer as a bigint; where it ends stands in `at()`. Undefined for what is none, or out of range. */
function readBig(b: Uint8Array, p: number, signed: boolean): bigint | undefined {
  const first = b[p] as number;
  if (first < 0x80 || first >= 0xe0) {
    readEnd = p + 1;
    return first < 0x80 ? BigInt(first) : signed ? BigInt(first - 0x100) : undefined;
  }
  if (!(first >= 0xcc && first <= 0xd3)) return undefined;
  const size = 1 << (first & 3);
  readEnd = p + 1 + size;
  if (readEnd > b.length) return undefined;
  B64[0] = 0n;
  load(b, p + 1, size);
  const wire = B64[0] as bigint;
  const value = first < 0xd0 ? wire : BigInt.asIntN(8 * size, wire);
  const wrapped = signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return wrapped === value ? value : undefined;
}

/** A float of either size, or a whole number that one holds exactly; where it ends stands in `at()`. */
function readFloat(b: Uint8Array, p: number, bits: 32 | 64): number | undefined {
  const value = readDouble(b, p);
  if (value === undefined || (bits === 32 && !Object.is(Math.fround(value), value))) {
    return undefined;
  }
  return value;
}

function readDouble(b: Uint8Array, p: number): number | undefined {
  const first = b[p] as number;
  if (first === 0xca || first === 0xcb) {
    const size = first === 0xca ? 4 : 8;
    readEnd = p + 1 + size;
    if (readEnd > b.length) return undefined;
    load(b, p + 1, size);
    return size === 4 ? (F32[0] as number) : (F64[0] as number);
  }
  const whole = readBig(b, p, true);
  if (whole === undefined) return undefined;
  const value = Number(whole);
  return BigInt(value) === whole ? value : undefined;
}
