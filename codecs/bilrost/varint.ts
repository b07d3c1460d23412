/**
 * Bilrost varint: bijective base 128, so each number has exactly one encoding and there is no
 * "overlong" form to reject. Unlike protobuf, the top bit is part of the digit: never mask it.
 *
 * A number up to 2^53 - 1 is a `number`, a larger one a `bigint`; seven bytes never need more than a
 * `number`, which keeps BigInt out of keys, lengths and nearly all values.
 */
import type { ByteReader } from "../byte-reader.ts";
import type { ByteWriter } from "../byte-writer.ts";
import { DecodeError } from "../errors.ts";

export type Unsigned = number | bigint;

const LENGTH_MAX = 9; // The ninth byte carries eight bits, which completes 64.
const LENGTH_EXACT = 7; // 0x204081020407f, the most that seven bytes hold, is below 2^53.
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const U64_MAX = 2n ** 64n - 1n;

/** Smallest number of each length: 0, 128, 128 + 128², … */
const SMALLEST: readonly bigint[] = /* @__PURE__ */ smallestOfEachLength();
const SMALLEST_EXACT: readonly number[] = SMALLEST.slice(0, LENGTH_EXACT + 1).map(Number);

export function readVarint(reader: ByteReader): Unsigned {
  const start = reader.offset;
  let value = 0;
  let weight = 1;
  for (let length = 1; length <= LENGTH_EXACT; length++) {
    const digit = reader.u8();
    value += digit * weight;
    if (digit < 128) return value;
    weight *= 128;
  }
  return readLongVarint(reader, BigInt(value), start);
}

function readLongVarint(reader: ByteReader, firstSeven: bigint, start: number): Unsigned {
  const eighth = reader.u8();
  let value = firstSeven + (BigInt(eighth) << 49n);
  if (eighth >= 128) value += BigInt(reader.u8()) << 56n;
  if (value <= SAFE_MAX) return Number(value);
  if (value <= U64_MAX) return value;
  const problem = `Cannot read varint: ${value} needs more than 64 bits`;
  throw new DecodeError("InvalidVarint", problem, start);
}

export function writeVarint(writer: ByteWriter, value: Unsigned): void {
  if (value <= Number.MAX_SAFE_INTEGER) writeExactVarint(writer, Number(value));
  else writeLongVarint(writer, BigInt(value));
}

function writeExactVarint(writer: ByteWriter, value: number): void {
  let rest = value;
  for (let length = 1; rest >= 128 && length < LENGTH_MAX; length++) {
    const digit = rest % 128;
    writer.u8(digit + 128);
    rest = (rest - digit) / 128 - 1;
  }
  writer.u8(rest);
}

function writeLongVarint(writer: ByteWriter, value: bigint): void {
  let rest = value;
  for (let length = 1; rest >= 128n && length < LENGTH_MAX; length++) {
    writer.u8(Number(rest % 128n) + 128);
    rest = rest / 128n - 1n;
  }
  writer.u8(Number(rest));
}

/** Bytes that `writeVarint` writes. */
export function varintLength(value: Unsigned): number {
  if (value < (SMALLEST_EXACT[LENGTH_EXACT] as number)) {
    let length = 1;
    while (value >= (SMALLEST_EXACT[length] as number)) length++;
    return length;
  }
  let length = LENGTH_EXACT + 1;
  while (length < LENGTH_MAX && value >= (SMALLEST[length] as bigint)) length++;
  return length;
}

function smallestOfEachLength(): bigint[] {
  const smallest = [0n];
  for (let length = 1; length < LENGTH_MAX; length++) {
    smallest.push((smallest[length - 1] as bigint) + 128n ** BigInt(length));
  }
  return smallest;
}
