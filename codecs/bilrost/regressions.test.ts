/** What damaged bytes and odd values have brought to light: the smallest that shows it, on both engines. */
import { describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../errors.ts";
import { type MessageShape, type Shape, tupleShape } from "../schema/shape.ts";
import { compile } from "./bilrost.ts";
import * as s from "./testing.ts";

const array = (item: Shape, length: number, packed = false): Shape =>
  ({ ...s.list(item, packed), length }) as Shape;

const set = (item: Shape): Shape => ({ ...s.list(item), set: true }) as Shape;
const pairs = set(tupleShape([s.u32]));
const selfWithPairs: MessageShape = s.shapeOf(
  "M",
  s.optional(
    1,
    "self",
    s.nested(() => selfWithPairs),
  ),
  s.plain(2, "items", pairs),
);
const noon = { year: 1, ordinal0: 0, hour: 12, minute: 0, second: 0, nanos: 0 };
const choice = s.shapeOf("M", s.oneof("pick", s.plain(1, "one", s.u32)));

describe.for(["compiled", "interpreted"] as const)("%s", (engine) => {
  test.for([
    {
      shape: s.shapeOf("M", s.plain(35, "v", array(s.u32, 3))),
      hex: "8c 00 01 00 02 00 03 01 00",
      error: ["InvalidValue", 2, "M.v.[3]"],
      why: "an array counts its items before it looks at the wire type of one too many",
    },
    {
      shape: s.shapeOf("M", s.plain(35, "v", array(s.u32, 3))),
      hex: "8c 00 01 00 02 01 00",
      error: ["WrongWireType", 6, "M.v"],
      why: "an array that is not full looks at the wire type",
    },
  ])("refuses $hex: $why", ({ shape, hex, error }) => {
    expect(refusal(() => compile(shape, { engine }).decode(s.hex(hex)))).toEqual(error);
  });

  test.for([
    {
      shape: choice,
      value: { pick: { case: { toString: refuse }, value: 1 } },
      error: ["OutOfDomainValue", "M.pick"],
      why: "a case that throws when it is shown",
    },
    {
      shape: choice,
      value: { pick: { case: new Array(2 ** 32 - 1), value: 1 } },
      error: ["OutOfDomainValue", "M.pick"],
      why: "a case that is too long when it is shown",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", s.enumeration({ none: 0 }, true))),
      value: { v: "unknown(07)" },
      error: ["OutOfDomainValue", "M.v"],
      why: "a number has one name",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", { kind: "time", type: "chrono::TimeDelta" })),
      value: { v: { seconds: undefined, nanos: -1 } },
      hex: "05 05 0a ff ff ff ff",
      why: "a part that is undefined counts as empty",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", s.bytes)),
      value: { v: detached() },
      hex: "",
      why: "bytes whose buffer went elsewhere are no bytes",
    },
    {
      shape: s.shapeOf("M", s.optional(1, "v", s.bytes)),
      value: { v: detached() },
      error: ["InvalidValue", "M"],
      why: "they cannot be written where presence counts",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", s.u32)),
      value: {
        get v() {
          return refuse();
        },
      },
      error: ["InvalidValue", "M"],
      why: "a getter that throws",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", pairs)),
      value: { v: new Set([[7], [undefined]]) },
      hex: "05 00 01 02 00 07",
      why: "a member left out of an item is ordered as the empty value that it is",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", pairs)),
      value: { v: new Set([[0], [undefined]]) },
      error: ["UnexpectedlyRepeated", "M.v.[1]"],
      why: "and is the same as that",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", set({ kind: "time", type: "chrono::DateTime<Utc>" }))),
      value: { v: new Set([{}, { dateTime: undefined }]) },
      error: ["UnexpectedlyRepeated", "M.v.[1]"],
      why: "a time without its parts is ordered as the empty one",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", s.list(s.u32))),
      value: new Proxy({}, { get: refuse }),
      error: ["InvalidValue", "M"],
      why: "a proxy that throws",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", s.list(s.string))),
      value: { v: growing() },
      error: ["InvalidValue", "M"],
      why: "a list that is longer each time it is read",
      engines: "interpreted",
    },
  ])("writes or refuses: $why", ({ shape, value, hex, error, engines }) => {
    if (engines !== undefined && engines !== engine) return; // The other reads it once.
    const codec = compile(shape, { engine });
    const written = refusal(() => s.toHex(codec.encode(value)));
    expect(written).toEqual(error ?? hex?.replaceAll(" ", ""));
  });

  test.for([
    {
      shape: selfWithPairs,
      value: { self: { items: new Set([[1]]) } },
      depthMax: 1,
      why: "a tuple in a set, in a message that holds itself",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", { kind: "time", type: "chrono::TimeDelta" })),
      value: { v: { seconds: 1n, nanos: 0 } },
      depthMax: 0,
      why: "a time that is a message",
    },
    {
      shape: s.shapeOf("M", s.plain(1, "v", { kind: "time", type: "chrono::DateTime<Utc>" })),
      value: { v: { offset: { hours: 0, minutes: 0, seconds: 0 }, dateTime: noon } },
      depthMax: 0,
      why: "a time that is a message of times",
    },
  ])("counts its depth among the others: $why", ({ shape, value, depthMax }) => {
    const bytes = compile(shape, { engine }).encode(value);
    const limited = compile(shape, { engine, limits: { depthMax } });
    const code = "RecursionLimitReached";
    expect(() => limited.decode(bytes)).toThrow(expect.objectContaining({ code }));
    expect(() => limited.encode(value)).toThrow(expect.objectContaining({ code }));
    const deeper = compile(shape, { engine, limits: { depthMax: depthMax + 1 } });
    expect(deeper.encode(deeper.decode(bytes))).toEqual(bytes);
  });

  test.for([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "encodeInto() refuses the offset %d, which is a mistake of the caller",
    (offset) => {
      const codec = compile(s.shapeOf("M", s.plain(1, "v", s.u32)), { engine });
      expect(() => codec.encodeInto({ v: 1 }, new Uint8Array(100), offset)).toThrow(RangeError);
    },
  );
});

function refuse(): never {
  throw new TypeError("not to be read");
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(4);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function growing(): unknown[] {
  const items: string[] = [];
  return new Proxy(items, {
    get(target, name) {
      if (name === "length") target.push("more");
      return Reflect.get(target, name);
    },
  });
}

function refusal(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof EncodeError) return [error.code, error.path.join(".")];
    if (!(error instanceof DecodeError)) throw error;
    return [error.code, error.offset, error.path.join(".")];
  }
}

test("segments of a map that is sorted twice name each payload once", () => {
  // In UTF-16 the second key comes first, in UTF-8 the first.
  const shape = s.shapeOf("M", s.plain(1, "m", s.map(s.string, s.bytes)));
  const codec = compile(shape, { engine: "compiled" });
  const body = (byte: number) => new Uint8Array(2000).fill(byte);
  const value = {
    m: new Map([
      ["\u{10000}", body(2)],
      ["\uffff", body(1)],
    ]),
  };
  for (let round = 0; round < 3; round++) {
    const parts = codec.encodeSegments(value);
    expect(Buffer.concat(parts).equals(codec.encode(value))).toBe(true);
    expect(parts.filter(({ length }) => length === 2000)).toHaveLength(2);
  }
});

test.for([
  { bits: 32 as const, hex: "06 00 00 ff ff", written: "060000c07f" },
  { bits: 64 as const, hex: "07 01 00 00 00 00 00 f0 ff", written: "07000000000000f87f" },
])("every NaN of $bits bits is written alike by both engines", ({ bits, hex, written }) => {
  const shape = s.shapeOf("M", s.plain(1, "v", { kind: "float", bits }));
  for (const engine of ["compiled", "interpreted"] as const) {
    const codec = compile(shape, { engine });
    expect(s.toHex(codec.encode(codec.decode(s.hex(hex))))).toBe(written);
  }
});
