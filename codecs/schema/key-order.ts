/**
 * The order of map keys, the same in every format and in value JSON, so that equal maps have equal
 * bytes: numbers by value, enumerations by number, strings by UTF-8 bytes, bytes byte by byte.
 */
import { EncodeError, located } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { checkBool, checkBytes, checkMap, checkText, integerCheck } from "./check-value.ts";
import { SchemaError } from "./errors.ts";
import type { MapShape } from "./shape.ts";
import { numbersOf } from "./variants.ts";

type Compare = (left: unknown, right: unknown) => number;

export interface KeyOrder {
  /** Throws `EncodeError` for what cannot be a key of this type. */
  readonly check: (key: unknown) => void;
  readonly compare: Compare;
  /** Same for the same key, also where JavaScript tells two objects apart. */
  readonly identity: (key: unknown) => unknown;
}

export function keyOrderOf({ key }: MapShape): KeyOrder {
  switch (key.kind) {
    case "bytes":
      return { check: checkBytes, compare: compareBytes, identity: identityOfBytes };
    case "string":
      return { check: checkText, compare: compareStrings, identity: (one) => one };
    case "bool":
      return { check: checkBool, compare: compareNumbers, identity: (one) => one };
    case "integer":
      return { check: integerCheck(key), compare: compareNumbers, identity: (one) => one };
    case "enumeration": {
      const numberOf = numbersOf(key.enumeration);
      const compare: Compare = (left, right) => numberOf(left) - numberOf(right);
      return { check: numberOf, compare, identity: numberOf };
    }
    default:
      throw new SchemaError(`Cannot use a ${key.kind} as the key of a map`);
  }
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
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function identityOfBytes(key: unknown): string {
  let identity = "";
  for (const byte of key as Uint8Array) identity += String.fromCharCode(byte);
  return identity;
}

/**
 * Entries in canonical order. Throws `EncodeError` for a key of a wrong type, before any are compared,
 * and for two keys that are the same on the wire.
 */
export function sortEntries(
  value: unknown,
  { check, compare }: KeyOrder,
  limits: Limits,
): (readonly [unknown, unknown])[] {
  checkMap(value, limits);
  let index = 0;
  for (const key of value.keys()) {
    try {
      check(key);
    } catch (error) {
      throw located(error, [`[${index}]`]);
    }
    index++;
  }
  const entries = [...value].sort(([left], [right]) => compare(left, right));
  for (let at = 1; at < entries.length; at++) {
    if (compare(entries[at - 1]?.[0], entries[at]?.[0]) !== 0) continue;
    const problem = "Cannot encode map: two keys have the same bytes";
    throw new EncodeError("UnexpectedlyRepeated", problem, [`[${at}]`]);
  }
  return entries;
}
