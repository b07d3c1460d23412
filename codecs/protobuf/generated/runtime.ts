/** What generated code calls beside the helpers of all formats. */

import { plainBytes } from "../../bytes.ts";
import type { UnknownField } from "../../format.ts";
import { B64, commonHelpers, type Helpers } from "../../generation/runtime.ts";
import { BYTES_EACH, putText } from "../../generation/text.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { readUnknown } from "../unknown.ts";
import { FIXED_32, LENGTH_DELIMITED, WireReader } from "../wire-reader.ts";

export function helpersOf(root: MessageShape, limits: Limits): Helpers {
  let end = 0;
  return {
    ...commonHelpers(root, "protobuf"),
    varint,
    zigzag,
    big,
    prefix,
    text,
    /** A varint as a bigint of 64 bits, undefined when it is none; where it ends stands in `at()`. */
    readBig(b: Uint8Array, p: number, to: number): bigint | undefined {
      const reader = readerAt(b, p, to, limits);
      const wire = reader.varint();
      end = reader.pos;
      return BigInt(wire);
    },
    at: () => end,
    /** Keeps a field that the schema does not know. Returns the position behind it, or -1. */
    keep(b: Uint8Array, p: number, to: number, key: number, fields: UnknownField[], copy: boolean) {
      const wireType = key & 7;
      const isPlain = wireType <= LENGTH_DELIMITED || wireType === FIXED_32;
      if (!isPlain || key < 8 || fields.length >= limits.countMax) return -1;
      const reader = readerAt(b, p, to, limits, copy);
      fields.push(readUnknown(reader, key, p));
      return reader.pos;
    },
  };
}

function readerAt(b: Uint8Array, p: number, to: number, limits: Limits, copy = false): WireReader {
  const reader = new WireReader(plainBytes(b), limits, copy);
  reader.pos = p;
  reader.len = to;
  return reader;
}

/** Writes a whole number from 0 to 2^53 - 1. */
function varint(b: Uint8Array, p: number, value: number): number {
  let rest = value;
  let at = p;
  while (rest > 127) {
    const digit = rest % 128;
    b[at++] = digit + 128;
    rest = (rest - digit) / 128;
  }
  b[at++] = rest;
  return at;
}

const EXACT_MAX = 2 ** 52;

/** Writes a signed number of any size, or gives up with -1. */
function zigzag(b: Uint8Array, p: number, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return -1;
  if (value < EXACT_MAX && value > -EXACT_MAX) {
    return varint(b, p, value >= 0 ? 2 * value : -2 * value - 1);
  }
  return big(b, p, BigInt(value), true);
}

/** Writes a bigint of 64 bits, or gives up with -1. */
function big(b: Uint8Array, p: number, value: unknown, signed: boolean): number {
  if (typeof value !== "bigint") return -1;
  if ((signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) !== value) return -1;
  B64[0] = signed ? (value << 1n) ^ (value >> 63n) : value;
  let rest = B64[0];
  let at = p;
  for (; rest > 127n; rest >>= 7n) b[at++] = Number(rest & 127n) | 128;
  b[at++] = Number(rest);
  return at;
}

/** Puts a length before a body that left room of another width for it. Returns the end of the body. */
function prefix(b: Uint8Array, at: number, start: number, end: number, length: number): number {
  const width = widthOf(length);
  if (width !== start - at) b.copyWithin(at + width, start, end);
  varint(b, at, length);
  return end + at + width - start;
}

function widthOf(length: number): number {
  if (length < 128) return 1;
  if (length < 16_384) return 2;
  if (length < 2_097_152) return 3;
  return length < 268_435_456 ? 4 : 5;
}

/** The text behind its length, `room` bytes kept free. -1: too little room, or a lone surrogate. */
function text(b: Uint8Array, p: number, value: string, room: number): number {
  const count = value.length;
  if (p + count * BYTES_EACH + room > b.length) return -1;
  const start = p + widthOf(count);
  const end = putText(b, start, value);
  if (end < 0) return -1;
  const length = end - start;
  if (length > 127) return prefix(b, p, start, end, length);
  b[p] = length; // No wider than the guess: there are at least as many bytes as characters.
  return end;
}
