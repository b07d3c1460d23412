/** What generated code calls: everything that is not worth repeating at every place. */
import { ByteReader } from "../../byte-reader.ts";
import { ByteWriter } from "../../byte-writer.ts";
import { DecodeError } from "../../errors.ts";
import type { UnknownField } from "../../format.ts";
import {
  B64,
  commonHelpers,
  copyOf,
  type Helpers,
  moveCuts,
  sortBy,
  U8,
} from "../../generation/runtime.ts";
import { type ShapePath, shapeAt } from "../../generation/shape-path.ts";
import { isText } from "../../generation/text.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { compileValue } from "../interpreter/compile.ts";
import { Decoding } from "../interpreter/decoding.ts";
import { Encoding } from "../interpreter/encoding.ts";
import type { ValueCodec } from "../interpreter/value-codec.ts";
import { varintLength } from "../varint.ts";
import { writeText } from "./text.ts";

const U32 = new Uint32Array(U8.buffer);

/** Helpers for one schema. `codec` and `sorted` are asked once per place, when the code is linked. */
export function runtimeOf(root: MessageShape, limits: Limits): Helpers {
  return {
    ...commonHelpers(root, "bilrost"),
    long,
    zigzag,
    varint,
    big,
    prefix,
    cut: moveCuts,
    less,
    sort: sortPairs,
    text: writeText,
    readBig,
    at: () => readBigEnd,
    skip,
    pass,
    isText,
    put: (codec: ValueCodec, value: unknown, b: Uint8Array, p: number, room: number, depth = 0) =>
      put({ codec, limits, value, depth }, b, p, room),
    take: (codec: ValueCodec, b: Uint8Array, p: number, end: number, copy: boolean, depth = 0) =>
      take({ codec, limits, copy, depth }, b, p, end),
    codec: (path: ShapePath) => compileValue(shapeAt(root, path)),
  };
}

/** Writes a whole number from 4,432,676,798,592 (seven bytes) to 2^53 - 1. */
function long(b: Uint8Array, p: number, value: number): number {
  const isSeven = value < 567_382_630_219_904;
  const rest = value - (isSeven ? 4_432_676_798_592 : 567_382_630_219_904);
  const high = Math.floor(rest / 268_435_456);
  const low = rest - high * 268_435_456;
  b[p] = low | 128;
  b[p + 1] = (low >>> 7) | 128;
  b[p + 2] = (low >>> 14) | 128;
  b[p + 3] = (low >>> 21) | 128;
  b[p + 4] = high | 128;
  b[p + 5] = (high >>> 7) | 128;
  if (isSeven) {
    b[p + 6] = high >>> 14;
    return p + 7;
  }
  b[p + 6] = (high >>> 14) | 128;
  b[p + 7] = high >>> 21;
  return p + 8;
}

/** Writes a whole number from 0 to 2^53 - 1. */
function varint(b: Uint8Array, p: number, value: number): number {
  if (value >= 4_432_676_798_592) return long(b, p, value);
  let rest = value;
  let at = p;
  while (rest > 127) {
    const digit = rest % 128;
    b[at++] = digit + 128;
    rest = (rest - digit) / 128 - 1;
  }
  b[at++] = rest;
  return at;
}

/** Writes a signed number of any size it may have, or gives up with -1. */
function zigzag(b: Uint8Array, p: number, value: unknown, bits: 32 | 64): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return -1;
  if (bits === 32 && (value > 0x7fff_ffff || value < -0x8000_0000)) return -1;
  if (value < 2 ** 52 && value > -(2 ** 52)) {
    return varint(b, p, value >= 0 ? 2 * value : -2 * value - 1);
  }
  return big(b, p, BigInt(value), true, 64);
}

/** Writes a bigint of a type, or gives up with -1. */
function big(b: Uint8Array, p: number, value: unknown, signed: boolean, bits: number): number {
  if (typeof value !== "bigint") return -1;
  const wrapped = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (wrapped !== value) return -1;
  B64[0] = signed ? (value >= 0n ? 2n * value : -2n * value - 1n) : value;
  const high = U32[1] as number;
  if (high < 0x20_0000) return varint(b, p, high * 4_294_967_296 + (U32[0] as number));
  return longBig(b, p, B64[0]);
}

const EIGHT_BYTES_FROM = 0x2040810204080n;
const NINE_BYTES_FROM = 0x102040810204080n;

function longBig(b: Uint8Array, p: number, value: bigint): number {
  const count = value < NINE_BYTES_FROM ? 8 : 9;
  let rest = value - (count === 8 ? EIGHT_BYTES_FROM : NINE_BYTES_FROM);
  for (let at = 0; at < count - 1; at++) {
    b[p + at] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  b[p + count - 1] = Number(rest);
  return p + count;
}

let readBigEnd = 0;

/** Any varint as a bigint; where it ends stands in `at()`. Undefined beyond 64 bits. */
function readBig(b: Uint8Array, p: number): bigint | undefined {
  let at = p;
  let value = 0;
  let weight = 1;
  for (let length = 1; length <= 7; length++) {
    const digit = b[at++] as number;
    value += digit * weight;
    if (!(digit > 127)) {
      readBigEnd = at;
      return digit === undefined ? undefined : BigInt(value);
    }
    weight *= 128;
  }
  return readLongBig(b, at, value);
}

function readLongBig(b: Uint8Array, from: number, firstSeven: number): bigint | undefined {
  let at = from;
  const eighth = b[at++];
  if (eighth === undefined) return undefined;
  let sum = BigInt(firstSeven) + (BigInt(eighth) << 49n);
  if (eighth > 127) {
    const ninth = b[at++];
    if (ninth === undefined) return undefined;
    sum += BigInt(ninth) << 56n;
  }
  readBigEnd = at;
  return sum <= 0xffff_ffff_ffff_ffffn ? sum : undefined;
}

/** Puts a length before a body that left room of another width for it. Returns the end of the body. */
function prefix(b: Uint8Array, at: number, start: number, end: number, length: number): number {
  const width = varintLength(length);
  if (width !== start - at) b.copyWithin(at + width, start, end);
  varint(b, at, length);
  return end + at + width - start;
}

/** Whether what was passed last began with its length, which then ends at `readBigEnd`. */
let passedLength = false;

/** Passes over a field's body. Returns the position behind it, or -1. */
function pass(b: Uint8Array, p: number, end: number, key: number): number {
  const wireType = key & 3;
  passedLength = wireType === 1;
  let stop = p + (wireType === 2 ? 4 : 8);
  if (wireType < 2) {
    const number = readBig(b, p);
    if (number === undefined) return -1;
    stop = wireType === 0 ? readBigEnd : readBigEnd + Number(number);
  }
  return stop > end ? -1 : stop;
}

/** Keeps a field that the schema does not know. Returns the position behind it, or -1. */
function skip(
  b: Uint8Array,
  p: number,
  end: number,
  key: number,
  fields: UnknownField[],
  copy: boolean,
): number {
  const stop = pass(b, p, end, key);
  if (stop < 0) return -1;
  const start = passedLength ? readBigEnd : p;
  const wireType = key & 3;
  const body = copy
    ? copyOf(b, start, stop)
    : new Uint8Array(b.buffer, b.byteOffset + start, stop - start);
  fields.push({ key: key >>> 2, wireType, body });
  return stop;
}

interface Delegated {
  readonly codec: ValueCodec;
  readonly limits: Limits;
  /** Messages around it, where they are counted at run time. */
  readonly depth: number;
}

function put(
  { codec, limits, value, depth }: Delegated & { readonly value: unknown },
  b: Uint8Array,
  p: number,
  room: number,
): number {
  const encoding = new Encoding(limits, depth);
  const length = codec.measure(value, encoding);
  if (p + length + room > b.length) return -1;
  const writer = new ByteWriter(length);
  codec.write(value, writer, encoding);
  b.set(writer.finish(), p);
  return p + length;
}

/** The value alone; a fault in it has no place here, and is found again by the interpreter. */
function take(
  { codec, limits, copy, depth }: Delegated & { readonly copy: boolean },
  b: Uint8Array,
  p: number,
  end: number,
): unknown {
  const reader = new ByteReader(new Uint8Array(b.buffer, b.byteOffset + p, end - p));
  const value = codec.read(new Decoding(reader, limits, { copy, minimum: "NotCanonical", depth }));
  if (reader.remaining === 0) return value;
  throw new DecodeError("Malformed", "Cannot read value: bytes behind it", reader.offset);
}

/** Whether the text behind its length at `left` comes before the one at `right`, by bytes. */
function less(b: Uint8Array, left: number, right: number): boolean {
  let at = left;
  let to = right;
  let shorter = readLength(b, at);
  const length = readLength(b, to);
  const isPrefix = shorter < length;
  if (length < shorter) shorter = length;
  at += varintLength(readLength(b, left));
  to += varintLength(length);
  for (const end = at + shorter; at < end; at++, to++) {
    const difference = (b[at] as number) - (b[to] as number);
    if (difference !== 0) return difference < 0;
  }
  return isPrefix;
}

function readLength(b: Uint8Array, p: number): number {
  const first = b[p] as number;
  return first < 128 ? first : Number(readBig(b, p));
}

const INSERTION_MAX = 16;

/** Sorts keys, and their values with them, by the engine's own order. */
function sortPairs(keys: unknown[], values: unknown[]): void {
  if (keys.length > INSERTION_MAX) {
    sortBy(keys, values, undefined);
    return;
  }
  for (let at = 1; at < keys.length; at++) {
    const key = keys[at] as number;
    const value = values[at];
    let to = at;
    for (; to > 0 && key < (keys[to - 1] as number); to--) {
      keys[to] = keys[to - 1];
      values[to] = values[to - 1];
    }
    keys[to] = key;
    values[to] = value;
  }
}
