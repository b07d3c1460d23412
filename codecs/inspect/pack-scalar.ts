/** Heads and scalars of MessagePack. */
import { DecodeError } from "../errors.ts";
import type { PackReader } from "../messagepack/pack-reader.ts";
import { exact, shortFloat } from "./scalars.ts";
import type { Reading } from "./tree.ts";

export type PackKind =
  | "an integer"
  | "map"
  | "array"
  | "text"
  | "nil"
  | "a bool"
  | "binary"
  | "an extension"
  | "a float";

export interface PackHead {
  readonly kind: PackKind;
  /** Bytes before the body. A value that fits its first byte has no head. */
  readonly length: number;
  readonly first: number;
}

/** Values in an array, pairs in a map. Nobody has checked that so many are there. */
export function countOf(
  { first }: PackHead,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (first < 0xdc) return first & 0x0f;
  const width = first === 0xdc || first === 0xde ? 2 : 4;
  const left = end - start - 1;
  if (width <= left) {
    return bytes
      .subarray(start + 1, start + 1 + width)
      .reduce((count, byte) => count * 256 + byte, 0);
  }
  const problem = `Cannot read a count of ${width} bytes: only ${left} remain`;
  throw new DecodeError("Truncated", problem, start);
}

/** By first byte. */
const TABLE: readonly (readonly [upTo: number, kind: PackKind | undefined, length: number])[] = [
  [0x7f, "an integer", 0],
  [0x8f, "map", 1],
  [0x9f, "array", 1],
  [0xbf, "text", 1],
  [0xc0, "nil", 0],
  [0xc1, undefined, 0],
  [0xc3, "a bool", 0],
  [0xc4, "binary", 2],
  [0xc5, "binary", 3],
  [0xc6, "binary", 5],
  [0xc7, "an extension", 3],
  [0xc8, "an extension", 4],
  [0xc9, "an extension", 6],
  [0xcb, "a float", 1],
  [0xd3, "an integer", 1],
  [0xd8, "an extension", 2],
  [0xd9, "text", 2],
  [0xda, "text", 3],
  [0xdb, "text", 5],
  [0xdc, "array", 3],
  [0xdd, "array", 5],
  [0xde, "map", 3],
  [0xdf, "map", 5],
  [0xff, "an integer", 0],
];

export function packHead(bytes: Uint8Array, start: number, end: number): PackHead {
  if (start >= end) {
    throw new DecodeError("Truncated", "Cannot read a value: no bytes remain", start);
  }
  const first = bytes[start] as number;
  const [, kind, length] = TABLE.find(([upTo]) => first <= upTo) as (typeof TABLE)[number];
  if (kind !== undefined) return { kind, length, first };
  throw new DecodeError("Malformed", "0xc1 begins no value", start);
}

/** What the schema needs: a float without a fraction may stand as an integer. */
export function isKind(found: PackKind, needed: PackKind): boolean {
  return found === needed || (needed === "a float" && found === "an integer");
}

/** Reads what is neither text nor binary nor a container. */
export function readPackScalar(reader: PackReader, bytes: Uint8Array, head: PackHead): Reading {
  switch (head.kind) {
    case "an integer":
      return { as: "integer", value: reader.integer() };
    case "a float":
      return { as: "float", value: shortFloat(reader.float(), head.first === 0xca ? 32 : 64) };
    case "a bool":
      return { as: "bool", value: reader.bool() };
    case "nil":
      reader.skip();
      return { as: "nil" };
    default: {
      const start = reader.offset;
      reader.skip();
      return readExtension(bytes, start + head.length, reader.offset);
    }
  }
}

/** The type stands before the body. Type -1 is a time; the others are the writer's own. */
function readExtension(bytes: Uint8Array, bodyStart: number, end: number): Reading {
  const type = ((bytes[bodyStart - 1] as number) << 24) >> 24;
  const time = type === -1 ? readTime(bytes.subarray(bodyStart, end)) : undefined;
  return time === undefined
    ? { as: `extension of type ${type}` }
    : { as: "timestamp", value: time };
}

function readTime(body: Uint8Array): string | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length === 4) return timeText(view.getUint32(0), 0);
  if (body.length === 8) {
    const both = view.getBigUint64(0);
    return timeText(Number(both & 0x3_ffff_ffffn), Number(both >> 34n));
  }
  if (body.length !== 12) return undefined;
  const seconds = exact(view.getBigInt64(4));
  return typeof seconds === "number" ? timeText(seconds, view.getUint32(0)) : undefined;
}

/** Undefined for what no calendar of ours holds. */
function timeText(seconds: number, nanoseconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || nanoseconds > 999_999_999) return undefined;
  const fraction = String(nanoseconds).padStart(9, "0").replace(/0+$/, "");
  const text = date.toISOString().replace(/\.\d+Z$/, "");
  return `${text}${fraction === "" ? "" : `.${fraction}`}Z`;
}
