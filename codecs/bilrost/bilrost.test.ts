/** One row per fact of the specification; the bytes are the real crate's or worked out in its text. */
import { expect, test } from "vitest";
import type { MessageValue } from "../format.ts";
import { UNKNOWN } from "../format.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { MessageShape, Shape } from "../schema/shape.ts";
import { type BilrostCodec, bilrost } from "./index.ts";
import * as s from "./testing.ts";

const compile = (shape: MessageShape, limits: Partial<Limits> = {}): BilrostCodec =>
  bilrost.compile(shape, { ...DEFAULT_LIMITS, ...limits });
const one = (type: Shape, tag = 1): MessageShape => s.shapeOf("M", s.plain(tag, "v", type));
const maybe = (type: Shape, tag = 1): MessageShape => s.shapeOf("M", s.optional(tag, "v", type));
const Colour = { red: 0, green: 5 };
const choice = s.shapeOf(
  "M",
  s.oneof("o", s.plain(1, "text", s.string), s.plain(4, "late", s.list(s.u32))),
  s.plain(2, "mid", s.bool),
);
const leaf = s.shapeOf("Leaf", s.plain(1, "a", s.u32));
const signed = { signed: true } as const;
const big = { as: "bigint" } as const;

type Row = { shape: MessageShape; value: MessageValue; hex: string; why: string };
const EXACT: readonly Row[] = [
  { shape: s.shapeOf("M"), value: {}, hex: "", why: "no bytes are a message" },
  { shape: one(s.u32), value: { v: 0 }, hex: "", why: "an empty plain field is left out" },
  { shape: one(s.u32, 0), value: { v: 5 }, hex: "00 05", why: "tag 0 is legal" },
  {
    shape: maybe(s.bool, 2 ** 32 - 1),
    value: { v: true },
    hex: "fcfefefe3e 01",
    why: "highest tag",
  },
  {
    shape: one(s.bool, 32),
    value: { v: true },
    hex: "8000 01",
    why: "a delta of 32 needs two bytes",
  },
  { shape: one(s.integer(8, signed), 0), value: { v: -1 }, hex: "00 01", why: "zigzag at 8 bits" },
  {
    shape: one(s.integer(64, { ...signed, ...big }), 0),
    value: { v: -(2n ** 63n) },
    hex: "00 fffefefefefefefefe",
    why: "least int64",
  },
  {
    shape: one(s.integer(32, { ...signed, encoding: "fixed" }), 0),
    value: { v: -2 },
    hex: "02 feffffff",
    why: "fixed is two's complement",
  },
  {
    shape: one(s.integer(64, { encoding: "fixed", ...big })),
    value: { v: 1n },
    hex: "07 0100000000000000",
    why: "fixed 64",
  },
  {
    shape: one({ kind: "float", bits: 64 }, 0),
    value: { v: -0 },
    hex: "03 0000000000000080",
    why: "-0 is not empty",
  },
  {
    shape: one({ kind: "float", bits: 32 }, 0),
    value: { v: 1.5 },
    hex: "02 0000c03f",
    why: "32-bit float",
  },
  {
    shape: one(s.string),
    value: { v: "\ufeffé𐀀" },
    hex: "05 09 efbbbf c3a9 f0908080",
    why: "a byte order mark is text",
  },
  { shape: one(s.bytes), value: { v: Uint8Array.of(1, 255) }, hex: "05 02 01ff", why: "bytes" },
  { shape: maybe(s.u32), value: { v: 0 }, hex: "04 00", why: "optional and empty is present" },
  { shape: maybe(s.u32), value: { v: undefined }, hex: "", why: "optional and absent" },
  { shape: one(s.enumeration(Colour)), value: { v: "green" }, hex: "04 05", why: "enumeration" },
  {
    shape: one(s.enumeration(Colour, true)),
    value: { v: "unknown(7)" },
    hex: "04 07",
    why: "open enumeration keeps a number",
  },
  {
    shape: one(s.list(s.u32)),
    value: { v: [0, 1] },
    hex: "04 00 00 01",
    why: "unpacked repeats with delta 0",
  },
  { shape: one(s.list(s.u32, true)), value: { v: [0, 1] }, hex: "05 02 00 01", why: "packed" },
  {
    shape: one(s.list(s.list(s.u32))),
    value: { v: [[1], []] },
    hex: "05 01 01 01 00",
    why: "an inner list is packed",
  },
  {
    shape: maybe(s.list(s.u32)),
    value: { v: [] },
    hex: "05 00",
    why: "an optional list is packed",
  },
  {
    shape: one(s.map(s.string, s.integer(8))),
    value: { v: new Map([["a", 1]]) },
    hex: "05 03 01 61 01",
    why: "map without a length per entry",
  },
  {
    shape: one(s.map(s.integer(32, signed), s.bool)),
    value: {
      v: new Map([
        [-2, true],
        [-1, true],
        [0, true],
      ]),
    },
    hex: "05 06 03 01 01 01 00 01",
    why: "signed keys by value",
  },
  {
    shape: one(s.map(s.string, s.bool)),
    value: {
      v: new Map([
        ["\uffff", true],
        ["𐀀", true],
      ]),
    },
    hex: "05 0b 03 efbfbf 01 04 f0908080 01",
    why: "U+FFFF before U+10000",
  },
  {
    shape: one(s.nested(leaf)),
    value: { v: { a: 0 } },
    hex: "",
    why: "an all-empty message is left out",
  },
  {
    shape: maybe(s.nested(leaf)),
    value: { v: { a: 0 } },
    hex: "05 00",
    why: "an optional one is not",
  },
  {
    shape: one(s.list(s.nested(leaf))),
    value: { v: [{ a: 0 }, { a: 1 }] },
    hex: "05 00 01 02 04 01",
    why: "items are always written",
  },
  {
    shape: choice,
    value: { o: { case: "text", value: "" }, mid: true },
    hex: "05 00 04 01",
    why: "a variant is written when empty",
  },
  {
    shape: choice,
    value: { o: { case: "late", value: [3] }, mid: true },
    hex: "08 01 09 01 03",
    why: "a oneof stands at its variant's tag",
  },
  { shape: choice, value: { o: undefined, mid: false }, hex: "", why: "no variant" },
];

test.for(EXACT)("$hex is the one encoding: $why", ({ shape, value, hex }) => {
  const codec = compile(shape);
  const bytes = s.hex(hex);
  expect(s.toHex(codec.encode(value))).toBe(s.toHex(bytes));
  expect(codec.decode(bytes)).toEqual(value);
  const minimum = "Canonical";
  expect(codec.decodeDistinguished(bytes, { minimum }).canonicity).toBe("Canonical");
});

const LENIENT: readonly (Row & { canonicity: string; restricted: string })[] = [
  {
    shape: one(s.u32),
    value: { v: 0 },
    hex: "04 00",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "a plain field holds its empty value",
  },
  {
    shape: one(s.nested(leaf)),
    value: { v: { a: 0 } },
    hex: "05 00",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "a plain message of no bytes",
  },
  {
    shape: one(s.nested(leaf)),
    value: { v: { a: 0 } },
    hex: "05 02 08 01",
    canonicity: "HasExtensions",
    restricted: "UnknownField",
    why: "a plain message of unknown fields only",
  },
  {
    shape: one(s.list(s.u32, true)),
    value: { v: [0, 1] },
    hex: "04 00 00 01",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "a packed list arrives unpacked",
  },
  {
    shape: one(s.list(s.u32)),
    value: { v: [0, 1] },
    hex: "05 02 00 01",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "an unpacked list arrives packed",
  },
  {
    shape: one(s.list(s.u32)),
    value: { v: [] },
    hex: "05 00",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "an unpacked list arrives packed and empty",
  },
  {
    shape: one(s.map(s.u32, s.bool)),
    value: {
      v: new Map([
        [2, true],
        [1, true],
      ]),
    },
    hex: "05 04 02 01 01 01",
    canonicity: "NotCanonical",
    restricted: "NotCanonical",
    why: "keys descend",
  },
  {
    shape: one(s.u32),
    value: { v: 1 },
    hex: "04 01 04 09 01 01 ff",
    canonicity: "HasExtensions",
    restricted: "UnknownField",
    why: "unknown fields may repeat and mix wire types",
  },
];

test.for(LENIENT)(
  "$hex reads, $canonicity: $why",
  ({ shape, value, hex, canonicity, restricted }) => {
    const codec = compile(shape);
    const bytes = s.hex(hex);
    expect(codec.decode(bytes)).toEqual(value);
    expect(codec.decodeDistinguished(bytes)).toEqual({ value, canonicity });
    expect(() => codec.decodeDistinguished(bytes, { minimum: "Canonical" })).toThrow(
      expect.objectContaining({ name: "DecodeError", code: restricted }),
    );
  },
);

test.for([
  { shape: one(s.u32), hex: "04", code: "Truncated", offset: 1, why: "no body" },
  {
    shape: one(s.u32),
    hex: "04 01 00 02",
    code: "UnexpectedlyRepeated",
    offset: 2,
    why: "a plain field twice",
  },
  {
    shape: one(s.u32),
    hex: "04 01 01 00",
    code: "UnexpectedlyRepeated",
    offset: 2,
    why: "comes before the wire type",
  },
  {
    shape: one(s.u32),
    hex: "05 00",
    code: "WrongWireType",
    offset: 1,
    why: "length-delimited for an integer",
  },
  {
    shape: one(s.integer(16)),
    hex: "04 80 ff 02",
    code: "OutOfDomainValue",
    offset: 1,
    why: "65536 in 16 bits",
  },
  {
    shape: one(s.integer(64)),
    hex: `04 ${"ff"}${"fe".repeat(8)}`,
    code: "OutOfDomainValue",
    offset: 1,
    why: "2^64 - 1 as a number",
  },
  { shape: one(s.bool), hex: "04 02", code: "OutOfDomainValue", offset: 1, why: "bool of 2" },
  {
    shape: one(s.enumeration(Colour)),
    hex: "04 04",
    code: "OutOfDomainValue",
    offset: 1,
    why: "undeclared number, closed",
  },
  {
    shape: one(s.string),
    hex: "05 02 c0 80",
    code: "InvalidValue",
    offset: 2,
    why: "overlong UTF-8",
  },
  {
    shape: one(s.string),
    hex: "05 03 ed a0 80",
    code: "InvalidValue",
    offset: 2,
    why: "an encoded surrogate",
  },
  {
    shape: one(s.string),
    hex: "05 03 61 62",
    code: "Truncated",
    offset: 1,
    why: "length beyond the input",
  },
  {
    shape: one(s.nested(leaf)),
    hex: "05 01 04 04 01",
    code: "Truncated",
    offset: 3,
    why: "a read stops at its region",
  },
  {
    shape: one(s.list(s.integer(32, { encoding: "fixed" }), true)),
    hex: "05 03 000000",
    code: "Truncated",
    offset: 1,
    why: "cut item of known size",
  },
  {
    shape: one(s.list(s.u32)),
    hex: "04 01 01 01 01",
    code: "WrongWireType",
    offset: 3,
    why: "unpacked, then packed",
  },
  {
    shape: one(s.list(s.u32, true)),
    hex: "05 01 01 00 01",
    code: "UnexpectedlyRepeated",
    offset: 3,
    why: "packed, then unpacked",
  },
  {
    shape: maybe(s.list(s.u32, true)),
    hex: "04 01",
    code: "WrongWireType",
    offset: 1,
    why: "no leniency in an optional list",
  },
  {
    shape: one(s.map(s.u32, s.bool)),
    hex: "05 04 01 01 01 00",
    code: "UnexpectedlyRepeated",
    offset: 4,
    why: "a key twice",
  },
  {
    shape: one(s.map(s.bytes, s.bool)),
    hex: "05 06 01 61 01 01 61 00",
    code: "UnexpectedlyRepeated",
    offset: 5,
    why: "equal bytes are one key",
  },
  {
    shape: one(s.map(s.u32, s.bool)),
    hex: "05 01 01",
    code: "Truncated",
    offset: 3,
    why: "a key without a value",
  },
  {
    shape: choice,
    hex: "05 00 01 00",
    code: "UnexpectedlyRepeated",
    offset: 2,
    why: "a variant twice",
  },
  {
    shape: choice,
    hex: "05 00 0c 00",
    code: "ConflictingFields",
    offset: 2,
    why: "two variants, before the wire type",
  },
  {
    shape: one(s.u32),
    hex: "fcfefefe3e 01 04 01",
    code: "TagOverflowed",
    offset: 6,
    why: "tags add up beyond 32 bits",
  },
  {
    shape: one(s.u32),
    hex: "ff".repeat(9),
    code: "InvalidVarint",
    offset: 0,
    why: "a key above 64 bits",
  },
  {
    shape: s.shapeOf("M"),
    hex: "05 05 00",
    code: "Truncated",
    offset: 1,
    why: "an unknown body is cut",
  },
])("$hex is refused with $code: $why", ({ shape, hex, code, offset }) => {
  expect(() => compile(shape).decode(s.hex(hex))).toThrow(
    expect.objectContaining({ name: "DecodeError", code, offset }),
  );
});

test("an error names the place: message, field, item, and the byte", () => {
  const shape = s.shapeOf("Root", s.plain(1, "leaves", s.list(s.nested(leaf))));
  expect(() => compile(shape).decode(s.hex("05 02 04 01 01 02 04 80"))).toThrow(
    "Root.leaves.[1].a: Cannot read 1 byte: only 0 remain (byte 8)",
  );
});

test.for([
  { value: { v: 2 ** 32 }, shape: one(s.u32), code: "OutOfDomainValue", why: "too large" },
  { value: { v: 1.5 }, shape: one(s.u32), code: "OutOfDomainValue", why: "not whole" },
  { value: { v: "1" }, shape: one(s.u32), code: "InvalidValue", why: "another type" },
  { value: { v: "\ud800" }, shape: one(s.string), code: "InvalidValue", why: "a lone surrogate" },
  {
    value: { v: 0.1 },
    shape: one({ kind: "float", bits: 32 }),
    code: "OutOfDomainValue",
    why: "would be rounded",
  },
  {
    value: { v: "blue" },
    shape: one(s.enumeration(Colour)),
    code: "OutOfDomainValue",
    why: "no such variant",
  },
  {
    value: { v: "unknown(7)" },
    shape: one(s.enumeration(Colour)),
    code: "OutOfDomainValue",
    why: "closed",
  },
  {
    value: { v: "unknown(4294967296)" },
    shape: one(s.enumeration(Colour, true)),
    code: "OutOfDomainValue",
    why: "33 bits",
  },
  { value: { v: [1, -1] }, shape: one(s.list(s.u32)), code: "OutOfDomainValue", why: "an item" },
  {
    value: {
      v: new Map([
        [Uint8Array.of(1), true],
        [Uint8Array.of(1), false],
      ]),
    },
    shape: one(s.map(s.bytes, s.bool)),
    code: "UnexpectedlyRepeated",
    why: "two keys of the same bytes",
  },
  {
    value: { o: { case: "none", value: 1 } },
    shape: choice,
    code: "OutOfDomainValue",
    why: "no such variant of the oneof",
  },
])("encode() refuses with $code: $why", ({ value, shape, code }) => {
  expect(() => compile(shape).encode(value)).toThrow(
    expect.objectContaining({ name: "EncodeError", code, path: expect.arrayContaining(["M"]) }),
  );
});

test("unknown fields are kept, merged by tag, and hidden from spreading", () => {
  const wide = compile(
    s.shapeOf("M", s.plain(1, "a", s.u32), s.plain(2, "b", s.string), s.plain(9, "c", s.u32)),
  );
  const narrow = compile(s.shapeOf("M", s.plain(2, "b", s.string)));
  const bytes = wide.encode({ a: 300, b: "x", c: 1 });
  const read = narrow.decode(bytes);
  expect(read[UNKNOWN]?.fields.map(({ key }) => key)).toEqual([1, 9]);
  expect(narrow.encode(read)).toEqual(bytes);
  expect(wide.decode(narrow.encode({ ...read, b: "y" }))).toEqual({ a: 0, b: "y", c: 0 });
  expect(() => wide.encode(read)).toThrow(
    expect.objectContaining({ code: "UnexpectedlyRepeated" }),
  );
});

test("a nested message with nothing but unknown fields is not left out", () => {
  const outer = compile(one(s.nested(leaf)));
  const bytes = s.hex("05 02 08 01");
  expect(outer.encode(outer.decode(bytes))).toEqual(bytes);
});

const chain: MessageShape = s.shapeOf(
  "Chain",
  s.optional(
    1,
    "next",
    s.nested(() => chain),
  ),
);
const chainOf = (depth: number): MessageValue => (depth === 0 ? {} : { next: chainOf(depth - 1) });

test("100 messages may be nested, one more is refused in both directions", () => {
  const codec = compile(chain);
  const deepest = codec.encode(chainOf(100));
  expect(codec.decode(deepest)).toEqual(chainOf(100));
  expect(() => codec.encode(chainOf(101))).toThrow(
    expect.objectContaining({ name: "EncodeError", code: "RecursionLimitReached" }),
  );
  const deeper = compile(chain, { depthMax: 101 }).encode(chainOf(101));
  expect(() => codec.decode(deeper)).toThrow(
    expect.objectContaining({ name: "DecodeError", code: "RecursionLimitReached" }),
  );
});

test("a variant that is a message in place is no level of nesting", () => {
  const inPlace: Shape = { kind: "message", message: () => tree, uncounted: true };
  const tree: MessageShape = s.shapeOf("Tree", s.oneof("o", s.plain(1, "deeper", inPlace)));
  let bytes = new Uint8Array(0);
  for (let depth = 0; depth < 60; depth++) bytes = Uint8Array.of(5, bytes.length, ...bytes);
  expect(() => compile(tree, { depthMax: 1 }).decode(bytes)).not.toThrow();
});

test.for([
  { shape: one(s.list(s.u32, true)), hex: "05 03 010203", limits: { countMax: 2 }, why: "items" },
  {
    shape: one(s.map(s.u32, s.bool)),
    hex: "05 04 01010201",
    limits: { countMax: 1 },
    why: "entries",
  },
  { shape: one(s.bytes), hex: "05 03 010203", limits: { lengthMax: 4 }, why: "the whole message" },
  { shape: s.shapeOf("M"), hex: "04 01 04 01", limits: { countMax: 1 }, why: "unknown fields" },
])("limits hold when reading: $why", ({ shape, hex, limits }) => {
  expect(() => compile(shape, limits).decode(s.hex(hex))).toThrow(
    expect.objectContaining({ code: "LimitExceeded" }),
  );
});

test("payload bytes are views into the input unless a copy is asked for", () => {
  const input = s.hex("05 02 0102");
  const codec = compile(one(s.bytes));
  const [view, copy] = [codec.decode(input), codec.decode(input, { copy: true })];
  input[2] = 9;
  expect(view).toEqual({ v: Uint8Array.of(9, 2) });
  expect(copy).toEqual({ v: Uint8Array.of(1, 2) });
});

test("a copy of a Node buffer is a copy, though its own slice is a view", () => {
  const input = Buffer.from("05020102040701", "hex");
  const copy = compile(one(s.bytes)).decode(input.subarray(0, 4), { copy: true });
  const unknown = compile(s.shapeOf("M")).decode(input.subarray(0, 4), { copy: true });
  input.fill(9);
  expect(copy.v).toEqual(Uint8Array.of(1, 2));
  expect(unknown[UNKNOWN]?.fields[0]?.body).toEqual(Uint8Array.of(1, 2));
});

test("a frame is a length and a body, and what follows belongs to someone else", () => {
  const codec = compile(one(s.u32, 0));
  expect(s.toHex(codec.encodeDelimited({ v: 5 }))).toBe("020005");
  expect(codec.decodeDelimited(s.hex("02 00 05 ff ff"))).toMatchObject({
    value: { v: 5 },
    consumed: 3,
  });
  expect(() => codec.decodeDelimited(s.hex("05 00 05"))).toThrow(
    expect.objectContaining({ code: "Truncated" }),
  );
});

test.for([
  { shape: s.shapeOf("M", s.plain(1, "a", s.u32), s.plain(1, "b", s.u32)), why: "one tag twice" },
  { shape: one(s.u32, 2 ** 32), why: "a tag of 33 bits" },
  {
    shape: one(s.enumeration({ one: 1 })),
    why: "closed enumeration without a zero in a plain field",
  },
  { shape: one(s.integer(16, { encoding: "fixed" })), why: "fixed 16 bits" },
  { shape: one(s.map({ kind: "float", bits: 32 }, s.bool)), why: "a float as map key" },
])("compile() asserts a sound shape: $why", ({ shape }) => {
  expect(() => compile(shape)).toThrow(
    expect.objectContaining({ name: expect.stringMatching(/^(Assertion|Schema)Error$/) }),
  );
});
