/** The schema language: the types it infers, the lineage it resolves, the mistakes it refuses at once. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { Tree } from "../contract/messages.ts";
import { DecodeError, EncodeError } from "../errors.ts";
import { messagepack } from "../messagepack/format.ts";
import { protobuf } from "../protobuf/format.ts";
import { type Protocol, protocol } from "../protocol.ts";
import { countUnknown } from "../unknown.ts";
import { enumeration, variant } from "./enumeration.ts";
import { SchemaError } from "./errors.ts";
import * as s from "./field.ts";
import { type MessageDefinition, message, oneof, type Value } from "./message.ts";

const Role = enumeration("Role", { follower: 0, leader: 1 });
const Item = message("Item", { name: s.string(1) });
const Typed = message("Typed", {
  term: s.uint64(1),
  wide: s.bigInt64(2),
  blob: s.bytes(3),
  role: s.field(4, Role),
  item: s.field(5, Item),
  items: s.list(6, Item),
  map: s.map(7, s.string, Item),
  lease: s.optional(s.uint64(8)).since(2).loss("why"),
  op: oneof({ get: s.string(9), put: s.field(10, Item) }),
});

test("Value<> is what one would write by hand", () => {
  type Item = { readonly name: string };
  expectTypeOf<Value<typeof Typed>>().toEqualTypeOf<{
    readonly term: number;
    readonly wide: bigint;
    readonly blob: Uint8Array;
    readonly role: "follower" | "leader" | `unknown(${number})`;
    readonly item: Item;
    readonly items: readonly Item[];
    readonly map: ReadonlyMap<string, Item>;
    readonly lease?: number | undefined;
    readonly op?:
      | { readonly case: "get"; readonly value: string }
      | { readonly case: "put"; readonly value: Item }
      | undefined;
  }>();
});

/** Versions 1 … `count` of MessagePack. */
function versions(count: number, ...definitions: readonly MessageDefinition<object>[]): Protocol {
  return protocol("test", {
    versions: Array.from({ length: count }, (_, place) => ({
      version: place + 1,
      format: messagepack,
      rules: {},
    })),
    messages: Object.fromEntries(
      definitions.map((definition) => [definition.name, { definition, surface: "log" } as const]),
    ),
  });
}

describe("mistakes are found when a message is defined", () => {
  test.for([
    {
      why: "two fields with one number",
      define: () => message("M", { a: s.uint32(1), b: s.string(1) }),
      says: 'at version 1 "a" and "b" both have number 1',
    },
    {
      why: "a variant and a field with one number",
      define: () => message("M", { a: s.uint32(1), b: oneof({ c: s.bool(1) }) }),
      says: 'at version 1 "a" and "c" both have number 1',
    },
    {
      why: "numbers that meet at a later version",
      define: () => message("M", { a: s.uint32(1), b: s.string(2).numbered(3, 1) }),
      says: "at version 3",
    },
    {
      why: "a number taken before its last user is gone",
      define: () => message("M", { a: s.uint32(1).until(3), b: s.string(1).since(3) }),
      says: "at version 3",
    },
    { why: "since after until", define: () => s.uint32(1).since(3).until(2), says: "never exist" },
    { why: "a version that is none", define: () => s.uint32(1).since(0), says: "from 1 on" },
    { why: "a negative number", define: () => s.uint32(-1), says: "0 to 2^32 - 1" },
    { why: "half a number", define: () => s.uint32(1.5), says: "0 to 2^32 - 1" },
    {
      why: "a name that objects have",
      define: () => message("M", { constructor: s.bool(1) }),
      says: "constructor",
    },
    {
      why: "a name in capitals",
      define: () => message("M", { Name: s.bool(1) }),
      says: "camelCase",
    },
    {
      why: "packing what is no list",
      define: () => s.uint32(1).packedSince(2),
      says: "only a list",
    },
    {
      why: "an optional variant",
      define: () => oneof({ a: s.optional(s.bool(1)) as never }),
      says: "explicit already",
    },
    {
      why: "a message in small letters",
      define: () => message("m", {}),
      says: "PascalCase",
    },
    {
      why: "an enumeration with a blank",
      define: () => enumeration("A b", { a: 0 }),
      says: "PascalCase",
    },
    {
      why: "variants with one number",
      define: () => enumeration("E", { a: 1, b: 1 }),
      says: "same number",
    },
    { why: "no variants", define: () => enumeration("E", {}), says: "no variants" },
    {
      why: "a fallback that is not declared",
      define: () => enumeration("E", { a: 0, b: variant(1).since(2).fallback("c", "why") }),
      says: "missing at a version",
    },
    {
      why: "a fallback that is missing as well",
      define: () =>
        enumeration("E", { a: variant(0).since(2), b: variant(1).since(3).fallback("a", "why") }),
      says: "missing at a version",
    },
  ])("$why", ({ define, says }) => {
    expect(define).toThrow(SchemaError);
    expect(define).toThrow(says);
  });

  test("a number may go from one field to the next, version by version", () => {
    const M = message("M", { a: s.uint32(1).until(2).loss("gone"), b: s.uint32(1).since(3) });
    const p = versions(3, M);
    expect(p.decode(M, 3, p.encode(M, 3, { a: 0, b: 5 }).bytes)).toEqual({ a: 0, b: 5 });
  });
});

describe("mistakes are found when a protocol is defined", () => {
  interface Endless {
    readonly inner: Endless;
  }
  const Endless: MessageDefinition<Endless> = message("Endless", {
    inner: s.field(1, () => Endless),
  });
  const Closed = enumeration("Closed", { one: 1 }, { closed: true });
  const Other = message("Item", { other: s.bool(1) });
  test.for([
    {
      why: "a message that holds itself without end",
      define: () => versions(1, Endless),
      says: "holds itself",
    },
    {
      why: "a closed enumeration that may be absent and has no 0",
      define: () => versions(1, message("M", { a: s.field(1, Closed) })),
      says: "no variant 0",
    },
    {
      why: "a float as a key",
      define: () => versions(1, message("M", { a: s.map(1, s.float64, s.bool) })),
      says: "of the type float",
    },
    {
      why: "versions with a gap",
      define: () =>
        protocol("p", {
          versions: [1, 3].map((version) => ({ version, format: messagepack, rules: {} })),
          messages: {},
        }),
      says: "without gaps",
    },
    {
      why: "no version",
      define: () => protocol("p", { versions: [], messages: {} }),
      says: "without gaps",
    },
    {
      why: "a message under another name",
      define: () =>
        protocol("p", {
          versions: [{ version: 1, format: messagepack, rules: {} }],
          messages: { Thing: { definition: Item, surface: "log" } },
        }),
      says: "Item stands as Thing",
    },
    {
      why: "a shape the format cannot say",
      define: () =>
        protocol("p", {
          versions: [{ version: 1, format: protobuf, rules: {} }],
          messages: { M: { definition: message("M", { a: s.bool(0) }), surface: "log" } },
        }),
      says: "field number 0",
    },
    {
      why: "two messages of one name",
      define: () =>
        versions(1, message("M", { a: s.field(1, Item), b: s.field(2, Other) })).describe(),
      says: "two messages by the name Item",
    },
  ])("$why", ({ define, says }) => {
    expect(define).toThrow(SchemaError);
    expect(define).toThrow(says);
  });
});

describe("lineage", () => {
  const Mode = enumeration("Mode", {
    off: 0,
    on: 1,
    burst: variant(2).since(2).fallback("on", "burst is on"),
    turbo: variant(3).since(2),
    old: variant(4).until(1).fallback("off", "old is off"),
  });
  const Inner = message("Inner", {
    a: s.uint32(1),
    late: s.uint32(2).since(2).loss("late is a hint"),
  });
  const M = message("M", {
    a: s.uint32(1).numbered(2, 7),
    early: s.string(2).until(1),
    late: s.string(3).since(2),
    maybe: s.optional(s.uint32(4)).since(2),
    wide: s.uint32(5).as(2, s.uint64),
    mode: s.field(6, Mode),
    modes: s.map(8, Mode, Mode),
    inner: s.field(9, Inner),
    inners: s.list(10, Inner),
    op: oneof({
      x: s.uint32(11).as(2, s.uint64),
      y: s.field(12, Inner),
      z: s.bool(13).since(2).loss("z may be forgotten"),
    }),
    many: s.list(14, s.uint32).packedSince(2),
  });
  const p = versions(2, M);
  const inner = { a: 0, late: 0 };
  const value: Value<typeof M> = {
    a: 1,
    early: "",
    late: "",
    wide: 5,
    mode: "on",
    modes: new Map(),
    inner,
    inners: [],
    many: [1, 2],
  };
  const failing = (change: Partial<Value<typeof M>>, version: number): unknown => {
    try {
      p.encode(M, version, { ...value, ...change });
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.for([1, 2])("what version %i can hold comes back", (version) => {
    expect(p.decode(M, version, p.encode(M, version, value).bytes)).toEqual(value);
  });

  test.for([
    { change: { late: "x" }, version: 1, path: ["M", "late"], needed: 2 },
    { change: { early: "x" }, version: 2, path: ["M", "early"], needed: 1 },
    { change: { maybe: 0 }, version: 1, path: ["M", "maybe"], needed: 2 },
    { change: { wide: 2 ** 32 }, version: 1, path: ["M", "wide"], needed: 2 },
    { change: { mode: "turbo" }, version: 1, path: ["M", "mode", "turbo"], needed: 2 },
    {
      change: { modes: new Map([["burst", "on"]]) },
      version: 1,
      path: ["M", "modes", "[burst]", "burst"],
      needed: 2,
    },
    {
      change: { op: { case: "x", value: 2 ** 32 } },
      version: 1,
      path: ["M", "op", "x"],
      needed: 2,
    },
  ] as const)(
    "encode() refuses for version $version what it cannot hold: $path",
    ({ change, version, path, needed }) => {
      const error = failing(change as Partial<Value<typeof M>>, version);
      expect(error).toBeInstanceOf(EncodeError);
      expect(error).toMatchObject({
        code: "VersionMismatch",
        path,
        neededVersion: needed,
        actualVersion: version,
      });
    },
  );

  test.for([
    {
      change: { mode: "burst" },
      version: 1,
      losses: [{ path: "mode", reason: "burst is on" }],
      gives: { mode: "on" },
    },
    {
      change: { mode: "old" },
      version: 2,
      losses: [{ path: "mode", reason: "old is off" }],
      gives: { mode: "off" },
    },
    {
      change: { modes: new Map([["on", "burst"]]) },
      version: 1,
      losses: [{ path: "modes[on]", reason: "burst is on" }],
      gives: { modes: new Map([["on", "on"]]) },
    },
    {
      change: { inners: [inner, { a: 1, late: 3 }] },
      version: 1,
      losses: [{ path: "inners[1].late", reason: "late is a hint" }],
      gives: { inners: [inner, { a: 1, late: 0 }] },
    },
    {
      change: { op: { case: "y", value: { a: 1, late: 3 } } },
      version: 1,
      losses: [{ path: "op.y.late", reason: "late is a hint" }],
      gives: { op: { case: "y", value: { a: 1, late: 0 } } },
    },
    {
      change: { op: { case: "z", value: false } },
      version: 1,
      losses: [{ path: "op.z", reason: "z may be forgotten" }],
      gives: { op: undefined },
    },
    {
      change: { inner: { a: 1, late: 0 } },
      version: 1,
      losses: [],
      gives: { inner: { a: 1, late: 0 } },
    },
  ] as const)(
    "encode() for version $version reports $losses",
    ({ change, version, losses, gives }) => {
      const encoded = p.encode(M, version, { ...value, ...change } as Value<typeof M>);
      expect(encoded.losses).toEqual(losses);
      expect(p.decode(M, version, encoded.bytes)).toMatchObject(gives);
    },
  );

  test("encode() leaves the value as it was", () => {
    const given = { ...value, inners: [{ a: 1, late: 3 }] };
    const copy = structuredClone(given);
    p.encode(M, 1, given);
    expect(given).toEqual(copy);
  });

  test("describe() tells numbers, types and variants as each version has them", () => {
    const [one, two] = p.describe();
    const named = (version: typeof one, name: string) =>
      version?.messages[0]?.members.find((member) => member.name === name);
    expect([named(one, "a"), named(two, "a")]).toMatchObject([{ number: 1 }, { number: 7 }]);
    expect([named(one, "wide"), named(two, "wide")]).toMatchObject([
      { type: { bits: 32 } },
      { type: { bits: 64 } },
    ]);
    expect([named(one, "many"), named(two, "many")]).toMatchObject([
      { type: { packed: false } },
      { type: { packed: true } },
    ]);
    expect([named(one, "late"), named(two, "early")]).toEqual([undefined, undefined]);
    expect(two?.enumerations[0]?.variants.map(({ name }) => name)).toEqual([
      "off",
      "on",
      "burst",
      "turbo",
    ]);
    expect(one?.messages.map(({ name, surface }) => [name, surface])).toEqual([
      ["M", "log"],
      ["Inner", "nested"],
    ]);
  });
});

test("describe() lists a message that holds itself, and one that many hold, once", () => {
  const Forest = message("Forest", { trees: s.list(1, Tree), best: s.optional(s.field(2, Tree)) });
  const [version] = versions(1, Forest, Tree).describe();
  expect(version?.messages.map(({ name, surface }) => [name, surface])).toEqual([
    ["Forest", "log"],
    ["Tree", "log"],
  ]);
});

describe("earlier forms", () => {
  const Old = message("Pair", { text: s.string(1), tail: s.string(2) });
  const Pair = message("Pair", { words: s.list(1, s.string) }).before(2, Old, {
    up: ({ text }) => {
      if (text === "bad") throw new RangeError("no such text");
      return { words: text.split(" ") };
    },
    down({ words }) {
      if (words.some((word) => word.includes(" "))) {
        throw new EncodeError("InvalidValue", "Cannot join words that hold blanks");
      }
      return { text: words.join(" "), tail: "" };
    },
  });
  const Holder = message("Holder", { pairs: s.list(1, Pair) });
  const p = versions(2, Holder, Pair);

  test.for([1, 2])("at version %i the value is the same, inside others too", (version) => {
    const value = { pairs: [{ words: ["a", "b"] }, { words: ["c"] }] };
    expect(p.decode(Holder, version, p.encode(Holder, version, value).bytes)).toEqual(value);
  });

  test("what `down` refuses is refused with the way to it", () => {
    expect(() => p.encode(Pair, 1, { words: ["a b"] })).toThrow("Pair: Cannot join words");
  });

  test("what `up` does not foresee blames the bytes", () => {
    const old = versions(1, Old);
    const bytes = old.encode(Old, 1, { text: "bad", tail: "" }).bytes;
    expect(() => p.decode(Pair, 1, bytes)).toThrow(
      expect.objectContaining({ name: DecodeError.name, code: "InvalidValue" }),
    );
  });

  test("unknown fields of the earlier form survive", () => {
    const More = message("Pair", { text: s.string(1), tail: s.string(2), more: s.string(3) });
    const newer = versions(1, More);
    const sent = { text: "a b", tail: "", more: "x" };
    const read = p.decode(Pair, 1, newer.encode(More, 1, sent).bytes);
    expect(countUnknown(read)).toBe(1);
    expect(newer.decode(More, 1, p.encode(Pair, 1, read).bytes)).toEqual(sent);
  });
});
