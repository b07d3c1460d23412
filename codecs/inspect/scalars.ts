/** Numbers: all that four or eight bytes or a varint may mean, or the one thing that the schema says. */
import type { EnumerationDescription, TypeDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import type { Reading } from "./tree.ts";

type Unsigned = number | bigint;

const INT64_MAX = 2n ** 63n - 1n;

export function zigzag(value: Unsigned): Unsigned {
  if (typeof value === "bigint") return exact((value >> 1n) ^ -(value & 1n));
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** `hasInt64`: negative numbers may stand in ten bytes, as protobuf's int32 and int64 do. */
export function guessVarint(value: Unsigned, hasInt64: boolean): Reading[] {
  const readings: Reading[] = [{ as: "unsigned", value }];
  if (hasInt64 && value > INT64_MAX) {
    readings.unshift({ as: "int64", value: exact(BigInt.asIntN(64, BigInt(value))) });
  }
  if (value !== 0) readings.push({ as: "zigzag", value: zigzag(value) });
  if (value === 0 || value === 1) readings.push({ as: "bool", value: value === 1 });
  return readings;
}

export function guessFixed(bytes: Uint8Array): Reading[] {
  const view = viewOf(bytes);
  const bits = bytes.length * 8;
  const unsigned = bits === 32 ? view.getUint32(0, true) : exact(view.getBigUint64(0, true));
  const signed = bits === 32 ? view.getInt32(0, true) : exact(view.getBigInt64(0, true));
  const float = bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  const numbers: Reading[] = [{ as: "unsigned", value: unsigned }];
  if (signed !== unsigned) numbers.push({ as: "signed", value: signed });
  const floats: Reading[] = [{ as: `f${bits}`, value: shortFloat(float, bits) }];
  return isRound(float, bits) ? [...floats, ...numbers] : [...numbers, ...floats];
}

/** Throws `DecodeError` when the number is none of the type. */
export function readVarintAs(type: TypeDescription, value: Unsigned, start: number): Reading {
  switch (type.kind) {
    case "bool":
      if (value > 1) throw outOfDomain(value, "bool", start);
      return { as: "bool", value: value === 1 };
    case "integer":
      if (type.bits < 64 && value > 2 ** type.bits - 1) {
        throw outOfDomain(value, `${type.bits} bits`, start);
      }
      if (type.nonZero && value === 0) throw outOfDomain(value, "a number that is not zero", start);
      return { as: "integer", value: type.signed ? zigzag(value) : value };
    default:
      return { as: "unsigned", value };
  }
}

export function readFixedAs(type: TypeDescription, bytes: Uint8Array): Reading {
  const [best] = guessFixed(bytes);
  const view = viewOf(bytes);
  const isShort = bytes.length === 4;
  if (type.kind === "float") {
    const value = isShort ? view.getFloat32(0, true) : view.getFloat64(0, true);
    return { as: "float", value: shortFloat(value, type.bits) };
  }
  if (type.kind !== "integer") return type.kind === "bytes" ? { as: "bytes" } : (best as Reading);
  if (type.signed) {
    return {
      as: "integer",
      value: isShort ? view.getInt32(0, true) : exact(view.getBigInt64(0, true)),
    };
  }
  return {
    as: "integer",
    value: isShort ? view.getUint32(0, true) : exact(view.getBigUint64(0, true)),
  };
}

export function variantOf(
  enumeration: EnumerationDescription | undefined,
  name: string,
  number: Unsigned,
  start: number,
): string {
  const variant = enumeration?.variants.find((one) => one.number === number);
  if (variant) return variant.name;
  if (enumeration?.open && number <= 0xffff_ffff) return `unknown(${number})`;
  throw outOfDomain(number, name, start);
}

function outOfDomain(value: Unsigned, needed: string, start: number): DecodeError {
  const problem = `Cannot read ${value}: it does not fit ${needed}`;
  return new DecodeError("OutOfDomainValue", problem, start);
}

/** A number where it says the same. */
export function exact(value: bigint): Unsigned {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** The shortest text that gives the same 32 bits: 0.1, not 0.10000000149011612. */
export function shortFloat(value: number, bits: number): number {
  if (bits === 64 || !Number.isFinite(value)) return value;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Few digits: somebody wrote this number, it did not come out of other bytes. */
function isRound(value: number, bits: number): boolean {
  if (value === 0 || !Number.isFinite(value)) return false;
  const size = Math.abs(value);
  return size >= 1e-6 && size < 1e9 && String(shortFloat(size, bits)).length <= 7;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
