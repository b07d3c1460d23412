/** Values that a schema did not ask for, in a place where it asked for something else. */
import type { Chance } from "../../base/index.ts";
import { type MessageValue, UNKNOWN } from "../../codecs/index.ts";

/** In the message of everything that a getter or a proxy throws here. */
export const THROWN = "thrown by a hostile value";

type Make = (original: unknown) => unknown;
type Entries = readonly (readonly [unknown, unknown])[];

function refuse(): never {
  throw new Error(THROWN);
}

class Instance {
  readonly #secret = 1;
  get value(): number {
    return this.#secret;
  }
}

const NUMBERS = [
  0,
  -0,
  -1,
  0.1,
  1.5,
  127,
  128,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 64,
  1e300,
  NaN,
  Infinity,
  -Infinity,
];
const BIGINTS = [0n, 5n, -1n, 2n ** 53n, 2n ** 63n, 2n ** 64n, -(2n ** 63n) - 1n, 10n ** 40n];
const TEXTS = [
  "",
  "a",
  "\ud800",
  "a\udc00b",
  "\udc00\ud800",
  "😀".repeat(3000),
  "unknown(7)",
  "unknown(07)",
  "unknown(4294967296)",
  "__proto__",
  "constructor",
];

const MAKERS: readonly Make[] = [
  ...[...NUMBERS, ...BIGINTS, ...TEXTS, undefined, null, true, false].map((value) => () => value),
  () => Symbol("hostile"),
  () => refuse,
  () => [],
  () => ({}),
  () => new Array(3),
  () => new Array(2 ** 32 - 1),
  () => Object.create(null),
  () => new Date(0),
  () => new Map(),
  () => new Set(),
  () =>
    new Map<unknown, unknown>([
      ["__proto__", 1],
      ["constructor", {}],
      [Symbol.iterator, 2],
    ]),
  () =>
    new Map<unknown, unknown>([
      [{}, 1],
      [{}, 2],
      [NaN, 3],
      [-0, 4],
    ]),
  () => new Set<unknown>([{}, {}, [], [], 1, "1", null, undefined]),
  () => new Set([Uint8Array.of(1), Uint8Array.of(1)]),
  () => new Uint8Array(3),
  () => new Uint8Array(5000),
  () => new Uint8Array(new SharedArrayBuffer(4)),
  () => Buffer.from("hostile"),
  () => new Uint16Array(2),
  () => new DataView(new ArrayBuffer(4)),
  () => detached(),
  () => Object("boxed"),
  () => Object(3),
  () => Object(5n),
  () => new Instance(),
  () => ({ length: 2, 0: 1, 1: 2 }),
  () => ({ case: "hostile", value: 1 }),
  () => ({ case: "__proto__" }),
  () => ({ case: Symbol("case") }),
  () => ({ case: { toString: refuse } }),
  () => ({ seconds: 1n << 70n, nanos: 1.5, year: 1e9, hour: "1" }),
  () => ({
    get value() {
      return refuse();
    },
  }),
  () => new Proxy({}, { get: refuse }),
  () => new Proxy([], { get: refuse }),
  () => revoked(),
  () => cyclic(),
  (original) => (isObject(original) ? Object.freeze(shallow(original)) : original),
  (original) => (Array.isArray(original) ? [...original, ...original] : [original]),
  (original) => (Array.isArray(original) ? original.slice(1) : [[original]]),
  (original) => (isPlain(original) ? Object.create(original) : original),
  (original) => (isPlain(original) ? new Proxy(original, {}) : original),
  (original) => (Array.isArray(original) ? new Proxy(original, {}) : original),
  (original) => (isPlain(original) ? throwingIn(original) : original),
  (original) => (isPlain(original) ? withHostileUnknown(original, 0) : original),
  (original) => (isPlain(original) ? withHostileUnknown(original, 1) : original),
  (original) => (isPlain(original) ? withHostileUnknown(original, 2) : original),
  (original) => (isPlain(original) ? { ...original, extra: 1 } : original),
];

/** The value with something hostile in one place of it. */
export function hostile(value: unknown, chance: Chance): MessageValue {
  return spoil(value, chance, 0) as MessageValue;
}

function spoil(value: unknown, chance: Chance, depth: number): unknown {
  const isLeaf = !isObject(value) || value instanceof Uint8Array;
  if (isLeaf || depth > 5 || chance.below(depth === 0 ? 12 : 4) === 0) {
    const make = MAKERS[chance.below(MAKERS.length)] as Make;
    return make(value);
  }
  if (value instanceof Map) return new Map(spoilEntries([...value], chance, depth));
  if (value instanceof Set) return new Set(spoilItems([...value], chance, depth));
  if (Array.isArray(value)) return spoilItems(value, chance, depth);
  const names = Object.keys(value);
  const name = names[chance.below(names.length)];
  const copy = shallow(value) as Record<string, unknown>;
  if (name !== undefined) copy[name] = spoil(copy[name], chance, depth + 1);
  return copy;
}

function spoilItems(items: readonly unknown[], chance: Chance, depth: number): unknown[] {
  if (items.length === 0) return [spoil(undefined, chance, depth + 1)];
  const at = chance.below(items.length);
  return items.with(at, spoil(items[at], chance, depth + 1));
}

function spoilEntries(entries: Entries, chance: Chance, depth: number): Entries {
  const at = chance.below(entries.length);
  const [key, value] = entries[at] ?? ["a", undefined];
  const spoilt: [unknown, unknown] =
    chance.below(2) === 0
      ? [spoil(key, chance, depth + 1), value]
      : [key, spoil(value, chance, depth + 1)];
  return entries.length === 0 ? [spoilt] : entries.with(at, spoilt);
}

function shallow(value: object): object {
  return Array.isArray(value) ? [...value] : { ...value };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(4);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Itself under every name. */
function cyclic(): object {
  const self: object = new Proxy(
    {},
    { get: (_, name) => (typeof name === "string" ? self : undefined) },
  );
  return self;
}

/** A getter in place of one member. */
function throwingIn(original: Record<string, unknown>): object {
  const [name = "hostile"] = Object.keys(original);
  return Object.defineProperty({ ...original }, name, { get: refuse, enumerable: true });
}

const HOSTILE_UNKNOWN: readonly unknown[] = [
  { format: "bilrost", fields: [{ key: -1, wireType: 0, body: Uint8Array.of(1) }] },
  { format: "bilrost", fields: [{ key: 4_000_000_000, wireType: 9, body: Uint8Array.of(1) }] },
  { format: "bilrost", fields: [{ key: 77_777, wireType: 0, body: Uint8Array.of(0x80) }] },
];

function withHostileUnknown(original: Record<string, unknown>, which: number): object {
  return { ...original, [UNKNOWN]: HOSTILE_UNKNOWN[which] };
}
