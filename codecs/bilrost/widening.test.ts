/**
 * What becomes of data when its schema changes (§20 of the specification), row by row: bytes written
 * under the old schema and read under the new one, and the other way round. Each row holds for both
 * engines. `reads` is the value seen, or the kind of refusal; canonicity and losses follow in words.
 */
import { describe, expect, test } from "vitest";
import { DecodeError } from "../errors.ts";
import type { MessageValue } from "../format.ts";
import {
  type FieldShape,
  type IntegerShape,
  type MessageShape,
  rangeShape,
  type Shape,
  tupleShape,
} from "../schema/shape.ts";
import type { TimeType } from "../schema/time.ts";
import { compile } from "./bilrost.ts";
import type { Canonicity } from "./interpreter/decoding.ts";
import * as s from "./testing.ts";

type Engine = "compiled" | "interpreted";

interface Side {
  /** Under the schema that writes. */
  readonly value: unknown;
  /** Under the schema that reads; the kind of the error where it refuses. */
  readonly reads: unknown;
  /** Default: Canonical. */
  readonly canonicity?: Canonicity;
}

interface Row {
  readonly why: string;
  readonly old: MessageShape;
  readonly now: MessageShape;
  readonly forward?: readonly Side[];
  readonly back?: readonly Side[];
}

const u = (bits: IntegerShape["bits"], more: Partial<IntegerShape> = {}): Shape =>
  s.integer(bits, more);
const i = (bits: IntegerShape["bits"], more: Partial<IntegerShape> = {}): Shape =>
  s.integer(bits, { signed: true, ...more });
const fixed = { encoding: "fixed" } as const;
const array = (item: Shape, length: number, packed = false): Shape =>
  ({ ...s.list(item, packed), length }) as Shape;
const set = (item: Shape, packed = false): Shape =>
  ({ ...s.list(item, packed), set: true }) as Shape;
const octets = (length: number, isFixed = false): Shape => ({
  kind: "bytes",
  length,
  ...(isFixed && { fixed: true }),
});
const pattern = (bits: 32 | 64): Shape => ({ kind: "float", bits, as: "pattern" });
const time = (type: TimeType): Shape => ({ kind: "time", type });
const message = (
  ...members: Parameters<typeof s.shapeOf> extends [string, ...infer M] ? M : never
) => s.shapeOf("M", ...members);
/** A plain field, which most rows change. */
const one = (type: Shape): MessageShape => message(s.plain(1, "v", type));
const maybe = (type: Shape): MessageShape => message(s.optional(1, "v", type));
const chosen = (...variants: readonly FieldShape[]): MessageShape =>
  message(s.oneof("v", ...variants));
const { string: text, bytes, bool } = s;
const zero = new Uint8Array(0);
const raw = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Both directions of one plain field. */
function both(why: string, old: Shape, now: Shape, forward: Pairs, back: Pairs = []): Row {
  return { why, old: one(old), now: one(now), forward: sides(forward), back: sides(back) };
}
type Pairs = readonly (readonly [value: unknown, reads: unknown, canonicity?: Canonicity])[];
const REFUSALS = new Set([
  "ConflictingFields",
  "InvalidValue",
  "OutOfDomainValue",
  "Truncated",
  "UnexpectedlyRepeated",
  "WrongWireType",
]);
function sides(pairs: Pairs): Side[] {
  return pairs.map(([value, reads, canonicity]) => ({
    value: { v: value },
    reads: typeof reads === "string" && REFUSALS.has(reads) ? reads : { v: reads },
    ...(canonicity && { canonicity }),
  }));
}

const inner = s.shapeOf("Inner", s.plain(1, "a", s.u32));
const wider = s.shapeOf("Inner", s.plain(1, "a", s.u32), s.plain(2, "b", text));
const nested = s.nested(inner);
const Colour = { none: 0, red: 1, blue: 9 };
const colour = s.enumeration(Colour);
const NOT = "NotCanonical";
const EXT = "HasExtensions";

const SCALARS: readonly Row[] = [
  ...([8, 16, 32, 64] as const).map((bits) =>
    both(
      `bool to u${bits}`,
      bool,
      u(bits),
      [
        [true, 1],
        [false, 0],
      ],
      [
        [1, true],
        [2, "OutOfDomainValue"],
      ],
    ),
  ),
  ...([8, 16, 32, 64] as const).map((bits) =>
    both(
      `bool to i${bits}: true becomes -1`,
      bool,
      i(bits),
      [[true, -1]],
      [
        [-1, true],
        [1, "OutOfDomainValue"],
        [2, "OutOfDomainValue"],
      ],
    ),
  ),
  both(
    "u8 to u16",
    u(8),
    u(16),
    [[255, 255]],
    [
      [255, 255],
      [256, "OutOfDomainValue"],
    ],
  ),
  both("u16 to u32", u(16), u(32), [[65_535, 65_535]], [[65_536, "OutOfDomainValue"]]),
  both("u32 to u64", u(32), u(64), [[2 ** 32 - 1, 2 ** 32 - 1]], [[2 ** 32, "OutOfDomainValue"]]),
  both(
    "u64 to u64 of 64 bits",
    u(64),
    u(64, { as: "bigint" }),
    [[2 ** 53 - 1, 2n ** 53n - 1n]],
    [[2n ** 53n, "OutOfDomainValue"]],
  ),
  both(
    "i8 to i16",
    i(8),
    i(16),
    [
      [-128, -128],
      [127, 127],
    ],
    [
      [-129, "OutOfDomainValue"],
      [128, "OutOfDomainValue"],
    ],
  ),
  both("i16 to i32", i(16), i(32), [[-32_768, -32_768]], [[32_768, "OutOfDomainValue"]]),
  both("i32 to i64", i(32), i(64), [[-(2 ** 31), -(2 ** 31)]], [[2 ** 31, "OutOfDomainValue"]]),
  both(
    "unsigned to signed reads another number",
    u(32),
    i(32),
    [
      [3, -2],
      [4, 2],
    ],
    [
      [-1, 1],
      [1, 2],
    ],
  ),
  both("u8 to i8 by its width", u(8), i(8), [[255, -128]], [[-128, 255]]),
  both("u16 to i8 when it fits", u(16), i(8), [
    [255, -128],
    [256, "OutOfDomainValue"],
  ]),
  both(
    "enumeration to u32",
    colour,
    u(32),
    [["blue", 9]],
    [
      [9, "blue"],
      [2, "OutOfDomainValue"],
    ],
  ),
  both("enumeration to u8 when it fits", s.enumeration({ none: 0, far: 300, near: 3 }), u(8), [
    ["near", 3],
    ["far", "OutOfDomainValue"],
  ]),
  both("enumeration to signed reads another number", colour, i(32), [["blue", -5]], [[-5, "blue"]]),
  both(
    "bool to an enumeration of 0 and 1",
    bool,
    s.enumeration({ off: 0, on: 1 }),
    [[true, "on"]],
    [["on", true]],
  ),
  both("an enumeration of more than 0 and 1 to bool", colour, bool, [
    ["red", true],
    ["blue", "OutOfDomainValue"],
  ]),
  both(
    "enumeration and a variant more",
    s.enumeration({ none: 0, red: 1 }),
    colour,
    [["red", "red"]],
    [["blue", "OutOfDomainValue"]],
  ),
  both(
    "an open enumeration reads a number to come",
    s.enumeration({ none: 0, red: 1 }, true),
    colour,
    [["red", "red"]],
    [["blue", "unknown(9)"]],
  ),
  both("enumeration renumbered: another variant", colour, s.enumeration({ none: 0, green: 1 }), [
    ["red", "green"],
    ["blue", "OutOfDomainValue"],
  ]),
  {
    why: "non-zero to plain, inside Option",
    old: maybe(u(32, { nonZero: true })),
    now: maybe(u(32)),
    forward: sides([[7, 7]]),
    back: sides([
      [7, 7],
      [0, "InvalidValue"],
    ]),
  },
  both(
    "varint to fixed",
    u(32),
    u(32, fixed),
    [
      [1, "WrongWireType"],
      [0, 0],
    ],
    [[1, "WrongWireType"]],
  ),
  both(
    "fixed 32 to fixed 64",
    u(32, fixed),
    u(64, fixed),
    [[1, "WrongWireType"]],
    [[1, "WrongWireType"]],
  ),
  both("f32 to f64", pattern(32), pattern(64), [[1, "WrongWireType"]], [[1n, "WrongWireType"]]),
  both(
    "fixed u32 to i32",
    u(32, fixed),
    i(32, fixed),
    [
      [7, 7],
      [2 ** 32 - 1, -1],
    ],
    [[-1, 2 ** 32 - 1]],
  ),
  both(
    "fixed u32 to f32: its bits",
    u(32, fixed),
    pattern(32),
    [[0x3fc00000, 0x3fc00000]],
    [[1, 1]],
  ),
  both(
    "fixed u32 to [u8; 4]",
    u(32, fixed),
    octets(4, true),
    [[0x04030201, raw(1, 2, 3, 4)]],
    [[raw(1, 0, 0, 0), 1]],
  ),
  both(
    "fixed i64 to f64: its bits",
    i(64, { ...fixed, as: "bigint" }),
    pattern(64),
    [[-1n, 2n ** 64n - 1n]],
    [[1n, 1n]],
  ),
  both("fixed u64 to [u8; 8]", u(64, { ...fixed, as: "bigint" }), octets(8, true), [
    [1n, raw(1, 0, 0, 0, 0, 0, 0, 0)],
  ]),
  both("integer to String", u(32), text, [[1, "WrongWireType"]], [["a", "WrongWireType"]]),
  both("integer to bytes", u(32), bytes, [[1, "WrongWireType"]], [[raw(1), "WrongWireType"]]),
  both("integer to message", u(32), nested, [[1, "WrongWireType"]], [[{ a: 1 }, "WrongWireType"]]),
];

const TEXTS: readonly Row[] = [
  both(
    "String to bytes",
    text,
    bytes,
    [["é", raw(0xc3, 0xa9)]],
    [
      [raw(0x61), "a"],
      [raw(0xff), "InvalidValue"],
    ],
  ),
  both(
    "bytes to [u8; N]",
    bytes,
    octets(2),
    [
      [raw(1, 2), raw(1, 2)],
      [raw(1), "InvalidValue"],
      [raw(0, 0), raw(0, 0), NOT],
    ],
    [
      [raw(1, 2), raw(1, 2)],
      [raw(0, 0), zero],
    ],
  ),
  {
    why: "an optional array of zeros is lossless",
    old: maybe(octets(2)),
    now: maybe(bytes),
    forward: sides([[raw(0, 0), raw(0, 0)]]),
  },
  both("[u8; N] to [u8; M]", octets(2), octets(3), [
    [raw(1, 2), "InvalidValue"],
    [raw(0, 0), raw(0, 0, 0)],
  ]),
  both(
    "message to bytes",
    nested,
    bytes,
    [
      [{ a: 5 }, raw(4, 5)],
      [{ a: 0 }, zero],
    ],
    [
      [raw(4, 5), { a: 5 }],
      [raw(5), "WrongWireType"],
    ],
  ),
  both("message to String, by chance", nested, text, [
    [{ a: 65 }, "\u0004A"],
    [{ a: 200 }, "InvalidValue"],
  ]),
  both(
    "bytes to a packed list: reparsed",
    bytes,
    s.list(u(8), true),
    [[raw(1, 2), [1, 2]]],
    [[[1, 2], raw(1, 2)]],
  ),
  both("bytes to a map: reparsed", bytes, s.map(u(8), u(8)), [
    [raw(1, 2), new Map([[1, 2]])],
    [raw(1), "Truncated"],
  ]),
  both(
    "message: a field added",
    s.nested(inner),
    s.nested(wider),
    [[{ a: 1 }, { a: 1, b: "" }]],
    [[{ a: 1, b: "x" }, { a: 1 }, EXT]],
  ),
  {
    why: "message: a field removed",
    old: wider,
    now: inner,
    forward: [{ value: { a: 1, b: "x" }, reads: { a: 1 }, canonicity: EXT }],
    back: [{ value: { a: 1 }, reads: { a: 1, b: "" } }],
  },
  {
    why: "message: another tag",
    old: message(s.plain(1, "v", s.u32)),
    now: message(s.plain(2, "v", s.u32)),
    forward: sides([
      [5, 0, EXT],
      [0, 0],
    ]),
    back: sides([[5, 0, EXT]]),
  },
  {
    why: "message: renamed and reordered with explicit tags",
    old: message(s.plain(1, "a", s.u32), s.plain(2, "b", text)),
    now: message(s.plain(2, "text", text), s.plain(1, "number", s.u32)),
    forward: [{ value: { a: 1, b: "x" }, reads: { number: 1, text: "x" } }],
    back: [{ value: { number: 1, text: "x" }, reads: { a: 1, b: "x" } }],
  },
  {
    why: "implicit tags shift when something is put in the middle: silent swaps",
    old: message(s.plain(1, "a", s.u32), s.plain(2, "b", s.u32)),
    now: message(s.plain(1, "a", s.u32), s.plain(2, "new", s.u32), s.plain(3, "b", s.u32)),
    forward: [{ value: { a: 1, b: 2 }, reads: { a: 1, new: 2, b: 0 } }],
    back: [{ value: { a: 1, new: 0, b: 2 }, reads: { a: 1, b: 0 }, canonicity: EXT }],
  },
  {
    why: "plain message to Option",
    old: one(nested),
    now: maybe(nested),
    forward: sides([
      [{ a: 1 }, { a: 1 }],
      [{ a: 0 }, undefined],
    ]),
    back: sides([[{ a: 0 }, { a: 0 }, NOT]]),
  },
  {
    why: "struct to tuple with the same tags",
    old: one(s.nested(s.shapeOf("S", s.plain(0, "x", s.u32), s.plain(1, "y", text)))),
    now: one(tupleShape([s.u32, text])),
    forward: sides([[{ x: 1, y: "a" }, [1, "a"]]]),
    back: sides([[[1, "a"], { x: 1, y: "a" }]]),
  },
  both(
    "range to tuple",
    rangeShape(s.u32, false),
    tupleShape([s.u32, s.u32]),
    [[{ start: 1, end: 2 }, [1, 2]]],
    [[[3, 1], { start: 3, end: 1 }]],
  ),
  both("range to inclusive range", rangeShape(s.u32, false), rangeShape(s.u32, true), [
    [
      { start: 1, end: 2 },
      { start: 1, end: 2 },
    ],
  ]),
  both(
    "tuple and a member at the end",
    tupleShape([s.u32]),
    tupleShape([s.u32, s.u32]),
    [[[1], [1, 0]]],
    [[[1, 2], [1], EXT]],
  ),
  {
    why: "tuple struct across 0.1006: tags off by one",
    old: message(s.plain(1, "0", s.u32), s.plain(2, "1", s.u32)),
    now: message(s.plain(0, "0", s.u32), s.plain(1, "1", s.u32)),
    forward: [{ value: { 0: 5, 1: 6 }, reads: { 0: 0, 1: 5 }, canonicity: EXT }],
  },
  {
    why: "value variant to message variant",
    old: chosen(s.plain(1, "m", nested)),
    now: chosen(s.plain(1, "m", { ...nested, uncounted: true } as Shape)),
    forward: sides([
      [
        { case: "m", value: { a: 3 } },
        { case: "m", value: { a: 3 } },
      ],
      [
        { case: "m", value: { a: 0 } },
        { case: "m", value: { a: 0 } },
      ],
    ]),
  },
];

const LISTS: readonly Row[] = [
  {
    why: "T to Option<T>",
    old: one(s.u32),
    now: maybe(s.u32),
    forward: sides([
      [5, 5],
      [0, undefined],
    ]),
    back: sides([
      [5, 5],
      [0, 0, NOT],
    ]),
  },
  {
    why: "Option<T> to an unpacked list",
    old: maybe(s.u32),
    now: one(s.list(s.u32)),
    forward: sides([
      [undefined, []],
      [0, [0]],
    ]),
    back: sides([
      [[5], 5],
      [[1, 2], "UnexpectedlyRepeated"],
    ]),
  },
  both(
    "T to an unpacked list",
    s.u32,
    s.list(s.u32),
    [
      [5, [5]],
      [0, []],
    ],
    [
      [[5], 5],
      [[0], 0, NOT],
      [[1, 2], "UnexpectedlyRepeated"],
    ],
  ),
  both(
    "T to a packed list, T not length-delimited",
    s.u32,
    s.list(s.u32, true),
    [[5, [5], NOT]],
    [[[5], "WrongWireType"]],
  ),
  both(
    "T to a packed list, T length-delimited: misread",
    text,
    s.list(text, true),
    [
      ["\u0001a", ["a"]],
      ["a", "Truncated"],
    ],
    [[["a"], "\u0001a"]],
  ),
  both(
    "unpacked to packed, items not length-delimited",
    s.list(s.u32),
    s.list(s.u32, true),
    [
      [[1, 2], [1, 2], NOT],
      [[], []],
    ],
    [[[1, 2], [1, 2], NOT]],
  ),
  both(
    "unpacked to packed, items length-delimited: misread",
    s.list(text),
    s.list(text, true),
    [
      [["\u0001a"], ["a"]],
      [["abc", "abc"], "Truncated"],
      [["", ""], "UnexpectedlyRepeated"],
    ],
    [[["a", "b"], ["\u0001a\u0001b"]]],
  ),
  {
    why: "packed list to Option of it",
    old: one(s.list(s.u32, true)),
    now: maybe(s.list(s.u32, true)),
    forward: sides([
      [[1], [1]],
      [[], undefined],
    ]),
    back: sides([[[], [], NOT]]),
  },
  {
    why: "unpacked list to Option of a packed one",
    old: one(s.list(s.u32)),
    now: maybe(s.list(s.u32, true)),
    forward: sides([[[1], "WrongWireType"]]),
    back: sides([[[1, 2], [1, 2], NOT]]),
  },
  {
    why: "unpacked list to a packed variant",
    old: one(s.list(s.u32)),
    now: chosen(s.plain(1, "l", s.list(s.u32, true))),
    forward: sides([[[1], "WrongWireType"]]),
  },
  both(
    "list to set",
    s.list(s.u32),
    set(s.u32),
    [
      [[1, 2], new Set([1, 2])],
      [[2, 1], new Set([2, 1]), NOT],
      [[1, 1], "UnexpectedlyRepeated"],
    ],
    [[new Set([2, 1]), [1, 2]]],
  ),
  both(
    "array to list",
    array(s.u32, 2),
    s.list(s.u32),
    [
      [
        [1, 0],
        [1, 0],
      ],
      [[0, 0], []],
    ],
    [
      [
        [1, 2],
        [1, 2],
      ],
      [[1], "InvalidValue"],
      [[], [0, 0]],
      [[0, 0], [0, 0], NOT],
    ],
  ),
  both(
    "packed array to packed list",
    array(s.u32, 2, true),
    s.list(s.u32, true),
    [
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [[[1, 2, 3], "InvalidValue"]],
  ),
  {
    why: "Option of an array to list",
    old: maybe(array(s.u32, 2)),
    now: one(s.list(s.u32)),
    forward: sides([
      [undefined, []],
      [
        [0, 0],
        [0, 0],
      ],
    ]),
    back: sides([
      [[], undefined],
      [
        [1, 2],
        [1, 2],
      ],
      [[1], "InvalidValue"],
    ]),
  },
  both(
    "[T; N] to [T; M]",
    array(s.u32, 2),
    array(s.u32, 3),
    [
      [[1, 2], "InvalidValue"],
      [
        [0, 0],
        [0, 0, 0],
      ],
    ],
    [[[1, 2, 3], "InvalidValue"]],
  ),
  both(
    "the type of items: as the scalar row",
    s.list(u(8), true),
    s.list(u(32), true),
    [[[255], [255]]],
    [[[256], "OutOfDomainValue"]],
  ),
  both(
    "map to a list of messages: misread",
    s.map(s.u32, s.u32),
    s.list(nested, true),
    [
      [new Map([[1, 4]]), "Truncated"],
      [
        new Map([
          [2, 4],
          [5, 0],
        ]),
        [{ a: 5 }, { a: 0 }],
      ],
    ],
    [],
  ),
  both(
    "map to a packed list of keys and values",
    s.map(s.u32, s.u32),
    s.list(s.u32, true),
    [[new Map([[1, 2]]), [1, 2]]],
    [
      [
        [1, 2, 3, 4],
        new Map([
          [1, 2],
          [3, 4],
        ]),
      ],
      [
        [3, 4, 1, 2],
        new Map([
          [3, 4],
          [1, 2],
        ]),
        NOT,
      ],
      [[1, 2, 1, 2], "UnexpectedlyRepeated"],
      [[1, 2, 3], "Truncated"],
    ],
  ),
  both("the type of keys: the order changes", s.map(u(32), bool), s.map(i(32), bool), [
    [new Map([[2, true]]), new Map([[1, true]])],
    [
      new Map([
        [1, true],
        [2, true],
      ]),
      new Map([
        [-1, true],
        [1, true],
      ]),
    ],
    [
      new Map([
        [2, true],
        [3, true],
      ]),
      new Map([
        [1, true],
        [-2, true],
      ]),
      NOT,
    ],
  ]),
];

const OTHERS: readonly Row[] = [
  {
    why: "Options to variants",
    old: message(s.optional(1, "a", s.u32), s.optional(2, "b", text)),
    now: chosen(s.plain(1, "a", s.u32), s.plain(2, "b", text)),
    forward: [
      { value: { a: 0 }, reads: { v: { case: "a", value: 0 } } },
      { value: { a: 1, b: "x" }, reads: "ConflictingFields" },
    ],
    back: [{ value: { v: { case: "b", value: "" } }, reads: { a: undefined, b: "" } }],
  },
  {
    why: "plain field to variant",
    old: one(s.u32),
    now: chosen(s.plain(1, "a", s.u32)),
    forward: sides([
      [5, { case: "a", value: 5 }],
      [0, undefined],
    ]),
    back: sides([[{ case: "a", value: 0 }, 0, NOT]]),
  },
  {
    why: "unpacked list to variant: one item only",
    old: one(s.list(s.u32)),
    now: chosen(s.plain(1, "a", s.u32)),
    forward: sides([
      [[5], { case: "a", value: 5 }],
      [[1, 2], "UnexpectedlyRepeated"],
    ]),
  },
  {
    why: "a variant more",
    old: chosen(s.plain(1, "a", s.u32)),
    now: chosen(s.plain(1, "a", s.u32), s.plain(2, "b", text)),
    forward: sides([
      [
        { case: "a", value: 1 },
        { case: "a", value: 1 },
      ],
    ]),
    back: sides([[{ case: "b", value: "x" }, undefined, EXT]]),
  },
  both(
    "date to datetime",
    time("chrono::NaiveDate"),
    time("chrono::NaiveDateTime"),
    [
      [
        { year: 2024, ordinal0: 9 },
        { year: 2024, ordinal0: 9, hour: 0, minute: 0, second: 0, nanos: 0 },
      ],
    ],
    [
      [
        { year: 2024, ordinal0: 9, hour: 0, minute: 0, second: 0, nanos: 0 },
        { year: 2024, ordinal0: 9 },
      ],
      [{ year: 2024, ordinal0: 9, hour: 1, minute: 0, second: 0, nanos: 0 }, "InvalidValue"],
    ],
  ),
  both(
    "Utc to FixedOffset",
    time("chrono::Utc"),
    time("chrono::FixedOffset"),
    [
      [
        { hours: 0, minutes: 0, seconds: 0 },
        { hours: 0, minutes: 0, seconds: 0 },
      ],
    ],
    [[{ hours: 1, minutes: 0, seconds: 0 }, "OutOfDomainValue"]],
  ),
  both(
    "core Duration to TimeDelta: misread or refused",
    time("core::time::Duration"),
    time("chrono::TimeDelta"),
    [[{ seconds: 5n, nanos: 0 }, "WrongWireType"]],
    [
      [
        { seconds: 1n, nanos: 0 },
        { seconds: 4n, nanos: 2 },
      ],
    ],
  ),
  both(
    "TimeDelta to SignedDuration and time::Duration",
    time("chrono::TimeDelta"),
    time("jiff::SignedDuration"),
    [
      [
        { seconds: -5n, nanos: -7 },
        { seconds: -5n, nanos: -7 },
      ],
    ],
    [[{ seconds: 2n ** 62n, nanos: 0 }, "OutOfDomainValue"]],
  ),
  both("leap seconds are chrono's alone", time("chrono::NaiveTime"), time("time::Time"), [
    [{ hour: 1, minute: 2, second: 59, nanos: 1_000_000_000 }, "OutOfDomainValue"],
    [
      { hour: 1, minute: 2, second: 3, nanos: 4 },
      { hour: 1, minute: 2, second: 3, nanos: 4 },
    ],
  ]),
  both("far years are chrono's alone", time("chrono::NaiveDate"), time("jiff::Date"), [
    [{ year: 20_000, ordinal0: 0 }, "OutOfDomainValue"],
    [
      { year: -9999, ordinal0: 364 },
      { year: -9999, ordinal0: 364 },
    ],
  ]),
  both(
    "time's OffsetDateTime to chrono's: the clock is shifted",
    time("time::OffsetDateTime"),
    time("chrono::DateTime<FixedOffset>"),
    [[at(3, 2), at(3, 2)]],
    [[at(3, 0), at(3, 0)]],
  ),
  both(
    "DateTime<Utc> to DateTime<FixedOffset>",
    time("chrono::DateTime<Utc>"),
    time("chrono::DateTime<FixedOffset>"),
    [[at(3, 0), at(3, 0)]],
    [[at(3, 1), "OutOfDomainValue"]],
  ),
  both(
    "DateTime<FixedOffset> to Zoned",
    time("chrono::DateTime<FixedOffset>"),
    time("jiff::Zoned"),
    [[at(3, 1), zoned(3, undefined)]],
    [[zoned(3, "Europe/Paris"), at(3, 1), EXT]],
  ),
];

function at(hour: number, hours: number): object {
  return {
    dateTime: { year: 2024, ordinal0: 9, hour, minute: 0, second: 0, nanos: 0 },
    offset: { hours, minutes: 0, seconds: 0 },
  };
}

function zoned(hour: number, zone: string | undefined): object {
  const { dateTime, offset } = at(hour, 1) as { dateTime: object; offset: object };
  return { dateTime, offset: { ...offset, zone } };
}

function seen(reader: MessageShape, bytes: Uint8Array, engine: Engine): Omit<Side, "value"> {
  try {
    const { value, canonicity } = compile(reader, { engine }).decodeDistinguished(bytes);
    return { reads: value, canonicity };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { reads: error.code };
  }
}

describe.for([
  ["§20.1 scalars", SCALARS],
  ["§20.2 strings, bytes, messages", TEXTS],
  ["§20.3 cardinality", LISTS],
  ["§20.4 oneofs, times", OTHERS],
] as const)("%s", ([, rows]) => {
  test.for(rows)("$why", ({ old, now, forward = [], back = [] }) => {
    expect(forward.length + back.length).toBeGreaterThan(0);
    for (const engine of ["compiled", "interpreted"] as const) {
      for (const side of forward) check(old, now, side, engine);
      for (const side of back) check(now, old, side, engine);
    }
  });
});

function check(writer: MessageShape, reader: MessageShape, side: Side, engine: Engine): void {
  const bytes = compile(writer, { engine }).encode(side.value as MessageValue);
  const expected =
    typeof side.reads === "string"
      ? { reads: side.reads }
      : { reads: side.reads, canonicity: side.canonicity ?? "Canonical" };
  expect({ bytes: s.toHex(bytes), ...seen(reader, bytes, engine) }).toEqual({
    bytes: s.toHex(bytes),
    ...expected,
  });
  const relaxed = compile(reader, { engine });
  if (typeof side.reads === "string") expect(() => relaxed.decode(bytes)).toThrow(DecodeError);
  else expect(relaxed.decode(bytes)).toEqual(side.reads);
}
