/** The order of map keys in canonical bytes (§19 of the specification), and when two keys are the same. */
import { assert } from "../../base/index.ts";
import type { Shape } from "../schema/shape.ts";
import { numbersOf } from "./enumeration.ts";

export interface KeyOrder {
  /** Negative when `left` comes first, 0 when they are the same key. */
  compare(left: unknown, right: unknown): number;
  /** Same for the same key, also where JavaScript tells two objects apart. */
  identity(key: unknown): unknown;
}

export function keyOrderOf(shape: Shape): KeyOrder {
  if (shape.kind === "bytes") return { compare: compareBytes, identity: identityOfBytes };
  if (shape.kind === "string") return { compare: compareStrings, identity: (key) => key };
  if (shape.kind === "bool" || shape.kind === "integer") {
    return { compare: compareNumbers, identity: (key) => key };
  }
  assert(shape.kind === "enumeration", `a ${shape.kind} cannot be a map key`);
  const numberOf = numbersOf(shape.enumeration);
  return { compare: (left, right) => numberOf(left) - numberOf(right), identity: numberOf };
}

function compareNumbers(left: unknown, right: unknown): number {
  if (left === right) return 0;
  return (left as number | bigint | boolean) < (right as number | bigint | boolean) ? -1 : 1;
}

/** By UTF-8 bytes, which is by code point: JavaScript's own order puts U+FFFF after U+10000. */
function compareStrings(left: unknown, right: unknown): number {
  const [a, b] = [left as string, right as string];
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = codePointRank(a.charCodeAt(at)) - codePointRank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Moves surrogates, the units of code points above U+FFFF, behind all other units. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

function compareBytes(left: unknown, right: unknown): number {
  const [a, b] = [left as Uint8Array, right as Uint8Array];
  const shared = Math.min(a.byteLength, b.byteLength);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.byteLength - b.byteLength;
}

function identityOfBytes(key: unknown): string {
  let identity = "";
  for (const byte of key as Uint8Array) identity += String.fromCharCode(byte);
  return identity;
}
