/**
 * The order of map keys and set items, the same in every format and in value JSON, so that equal maps
 * have equal bytes: numbers by value, enumerations by number, strings by UTF-8 bytes, bytes byte by
 * byte, lists and messages part by part (§19 of the Bilrost specification).
 */
import { EncodeError, located } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { checkBool, checkBytes, checkMap, checkText, integerCheck } from "./check-value.ts";
import { emptyValue } from "./empty.ts";
import { SchemaError } from "./errors.ts";
import { ownMember } from "./own.ts";
import type { EnumerationShape, FieldShape, MessageShape, Shape } from "./shape.ts";
import { type TimeType, timeRank } from "./time.ts";
import { numbersOf } from "./variants.ts";

type Compare = (left: unknown, right: unknown) => number;

export interface KeyOrder {
  /** Throws `EncodeError` for what cannot be a key of this type; parts of a composite key are not looked at. */
  readonly check: (key: unknown) => void;
  /** Negative when `left` comes first, 0 when they are the same key. */
  readonly compare: Compare;
  /** Same for the same key, also where JavaScript tells two objects apart. */
  readonly identity: (key: unknown) => unknown;
}

const itself = (key: unknown): unknown => key;

/** Throws `SchemaError` for a type that has no order. */
export function keyOrderOf(key: Shape): KeyOrder {
  switch (key.kind) {
    case "bytes":
      return { check: checkBytes, compare: compareBytes, identity: identityOfBytes };
    case "string":
      return { check: checkText, compare: compareStrings, identity: itself };
    case "bool":
      return { check: checkBool, compare: compareNumbers, identity: itself };
    case "integer":
      return { check: integerCheck(key), compare: compareNumbers, identity: itself };
    case "enumeration":
      return orderOfVariants(key.enumeration);
    case "list":
      return orderOfList(keyOrderOf(key.item), key.set === true);
    case "map":
      return orderOfMap(keyOrderOf(key.key), keyOrderOf(key.value));
    case "message":
      return orderOfMessage(key.message);
    case "time":
      return orderOfTime(key.type);
    default:
      throw new SchemaError(`Cannot order keys or set items of the type ${key.kind}`);
  }
}

function orderOfVariants(shape: EnumerationShape): KeyOrder {
  const numberOf = numbersOf(shape);
  if (shape.order !== "declaration") {
    const compare: Compare = (left, right) => numberOf(left) - numberOf(right);
    return { check: numberOf, compare, identity: numberOf };
  }
  const places = new Map([...shape.variants.keys()].map((name, place) => [name, place]));
  const placeOf = (value: unknown): number =>
    places.get(value as string) ?? places.size + numberOf(value); // Undeclared ones behind all others.
  const compare: Compare = (left, right) => placeOf(left) - placeOf(right);
  return { check: numberOf, compare, identity: numberOf };
}

function orderOfList(item: KeyOrder, isSet: boolean): KeyOrder {
  const partsOf = isSet
    ? (value: unknown) => [...(value as ReadonlySet<unknown>)].sort(item.compare)
    : (value: unknown) => value as readonly unknown[];
  return {
    check: () => undefined,
    compare(left, right) {
      const [a, b] = [partsOf(left), partsOf(right)];
      const shared = Math.min(a.length, b.length);
      for (let at = 0; at < shared; at++) {
        const difference = item.compare(a[at], b[at]);
        if (difference !== 0) return difference;
      }
      return a.length - b.length;
    },
    identity: (value) => joined(partsOf(value).map(item.identity)),
  };
}

function orderOfMap(key: KeyOrder, value: KeyOrder): KeyOrder {
  const entriesOf = (of: unknown) =>
    [...(of as ReadonlyMap<unknown, unknown>)].sort(([left], [right]) => key.compare(left, right));
  return {
    check: () => undefined,
    compare(left, right) {
      const [a, b] = [entriesOf(left), entriesOf(right)];
      const shared = Math.min(a.length, b.length);
      for (let at = 0; at < shared; at++) {
        const [one, other] = [a[at] as [unknown, unknown], b[at] as [unknown, unknown]];
        const difference = key.compare(one[0], other[0]) || value.compare(one[1], other[1]);
        if (difference !== 0) return difference;
      }
      return a.length - b.length;
    },
    identity: (of) =>
      joined(entriesOf(of).flatMap(([k, v]) => [key.identity(k), value.identity(v)])),
  };
}

/** Looked up when first used, because the message may contain itself. */
function orderOfMessage(message: () => MessageShape): KeyOrder {
  let orders: readonly MemberOrder[] | undefined;
  const parts = (): readonly MemberOrder[] => {
    orders ??= message().members.map((member): MemberOrder => {
      if (member.kind === "field" && member.presence === "implicit") {
        return { ...keyOrderOf(member.type), partOf: partNamed(member) };
      }
      throw new SchemaError(`Cannot order ${message().name}: "${member.name}" may be absent`);
    });
    return orders;
  };
  return {
    check: () => undefined,
    compare(left, right) {
      for (const { compare, partOf } of parts()) {
        const difference = compare(partOf(left), partOf(right));
        if (difference !== 0) return difference;
      }
      return 0;
    },
    identity: (value) => joined(parts().map(({ identity, partOf }) => identity(partOf(value)))),
  };
}

/** By the instant where there is one, whatever the offset; else part by part. */
function orderOfTime(type: TimeType): KeyOrder {
  const rank = (value: unknown): readonly (number | bigint)[] => timeRank(type, value);
  return {
    check: () => undefined,
    compare(left, right) {
      const [a, b] = [rank(left), rank(right)];
      for (const [at, one] of a.entries()) {
        const difference = compareNumbers(one, b[at]);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    identity: (value) => joined(rank(value)),
  };
}

interface MemberOrder extends KeyOrder {
  partOf(value: unknown): unknown;
}

/** A member left out is written as its empty value, and so it is compared as that. */
function partNamed({ name, type }: FieldShape): MemberOrder["partOf"] {
  return (value) => ownMember(value as object, name) ?? emptyValue(type);
}

/** With lengths, so that the parts cannot run into each other. */
function joined(identities: readonly unknown[]): string {
  return identities.map((one) => `${String(one).length}:${String(one)}`).join("");
}

function compareNumbers(left: unknown, right: unknown): number {
  if (left === right) return 0;
  return (left as number | bigint | boolean) < (right as number | bigint | boolean) ? -1 : 1;
}

/** By UTF-8 bytes, which is by code point: JavaScript's own order puts U+FFFF after U+10000. */
export function compareStrings(left: unknown, right: unknown): number {
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

export function compareBytes(left: unknown, right: unknown): number {
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
  order: KeyOrder,
  limits: Limits,
): (readonly [unknown, unknown])[] {
  checkMap(value, limits);
  checkEach(value.keys(), order);
  const entries = [...value].sort(([left], [right]) => order.compare(left, right));
  refuseEqual(entries.length, (at) => entries[at]?.[0], order, "map: two keys");
  return entries;
}

/** Items in canonical order. Throws as `sortEntries` does. */
export function sortItems(value: ReadonlySet<unknown>, order: KeyOrder): unknown[] {
  checkEach(value.values(), order);
  const items = [...value].sort(order.compare);
  refuseEqual(items.length, (at) => items[at], order, "set: two items");
  return items;
}

function checkEach(keys: Iterable<unknown>, { check }: KeyOrder): void {
  let index = 0;
  for (const key of keys) {
    try {
      check(key);
    } catch (error) {
      throw located(error, [`[${index}]`]);
    }
    index++;
  }
}

function refuseEqual(
  count: number,
  keyAt: (place: number) => unknown,
  { compare }: KeyOrder,
  what: string,
): void {
  for (let at = 1; at < count; at++) {
    if (compare(keyAt(at - 1), keyAt(at)) !== 0) continue;
    const problem = `Cannot encode ${what} have the same bytes`;
    throw new EncodeError("UnexpectedlyRepeated", problem, [`[${at}]`]);
  }
}
