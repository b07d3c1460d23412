/** What every format owes a value: it comes back as it was, from bytes that depend on nothing else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageValue } from "../format.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { shapes, valuesOf } from "./arbitrary.ts";
import { FORMATS } from "./formats.ts";
import { Colour, codecOf, Everything, Leaf, shapeOf, Tree } from "./messages.ts";

const everything = valuesOf(shapeOf(Everything));

describe.for(FORMATS)("$name", (format) => {
  const codec = codecOf(format, Everything);

  test("every value comes back as it was", () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
    );
  });

  test("every value of every schema comes back as it was", () => {
    const cases = shapes.chain((shape) => valuesOf(shape).map((value) => ({ shape, value })));
    fc.assert(
      fc.property(cases, ({ shape, value }) => {
        const made = format.compile(shape, DEFAULT_LIMITS);
        expect(made.decode(made.encode(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  test("equal values have equal bytes, whatever the order of their parts", () => {
    fc.assert(
      fc.property(everything, (value) => {
        const bytes = codec.encode(value);
        expect(codec.encode(backwards(value))).toEqual(bytes);
        expect(codec.encode(codec.decode(bytes))).toEqual(bytes);
      }),
    );
  });

  test("an implicit field left out counts as empty, and an empty one is not written", () => {
    const empty = codec.decode(codec.encode({}));
    expect(codec.encode(empty)).toEqual(codec.encode({}));
    expect(codec.encode(empty).length).toBeLessThanOrEqual(1);
    const { text, u64, bigU, blob, colour, leaf, leaves, byText, op, maybe } = empty;
    expect({ text, u64, bigU, blob, colour, leaf, leaves, byText, op, maybe }).toEqual({
      text: "",
      u64: 0,
      bigU: 0n,
      blob: new Uint8Array(0),
      colour: "red",
      leaf: { key: new Uint8Array(0), rank: 0 },
      leaves: [],
      byText: new Map(),
      op: undefined,
      maybe: undefined,
    });
  });

  test.for([
    { maybe: 0 },
    { maybeText: "" },
    { maybeBlob: new Uint8Array(0) },
    { maybeFlag: false },
    { maybeColour: "red" },
    { maybeBig: 0n },
    { maybeLeaf: { key: new Uint8Array(0), rank: 0 } },
    { op: { case: "number", value: 0 } },
    { op: { case: "word", value: "" } },
    { op: { case: "leaf", value: { key: new Uint8Array(0), rank: 0 } } },
    { op: { case: "hue", value: "red" } },
  ])("an optional or chosen value that is empty is there: %o", (value) => {
    const decoded = codec.decode(codec.encode(value));
    expect(decoded).toMatchObject(value);
    expect(codec.encode(value)).not.toEqual(codec.encode({}));
  });

  test.for([
    { name: "u64", edge: Number.MAX_SAFE_INTEGER },
    { name: "i64", edge: Number.MIN_SAFE_INTEGER },
    { name: "bigU", edge: 2n ** 64n - 1n },
    { name: "bigI", edge: -(2n ** 63n) },
    { name: "sf64", edge: Number.MIN_SAFE_INTEGER },
    { name: "double", edge: -0 },
    { name: "double", edge: Number.NaN },
    { name: "double", edge: 2 ** 60 },
    { name: "single", edge: -Infinity },
    { name: "single", edge: -0 },
    { name: "text", edge: "\u0000\uFEFF\u{10FFFF}" },
    { name: "colour", edge: "unknown(4294967295)" },
    { name: "colour", edge: "unknown(2147483648)" },
  ])("the edge $edge of $name survives", ({ name, edge }) => {
    const decoded = codec.decode(codec.encode({ [name]: edge }));
    expect(Object.is(decoded[name], edge)).toBe(true);
  });

  test("a message may contain itself, in every way that has an end", () => {
    const trees = codecOf(format, Tree);
    fc.assert(
      fc.property(valuesOf(shapeOf(Tree), 3), (tree) => {
        expect(trees.decode(trees.encode(tree))).toEqual(tree);
      }),
      { numRuns: 50 },
    );
  });

  test("map keys stand in canonical order: U+FFFF before U+10000, enumerations by number", () => {
    const byText = new Map([
      ["\u{10000}", 1],
      ["\uFFFF", 2],
      ["a", 3],
    ]);
    const byColour = new Map([
      ["blue", "red"],
      ["unknown(5)", "red"],
      ["red", "red"],
    ]);
    const decoded = codec.decode(codec.encode({ byText, byColour }));
    expect([...(decoded.byText as typeof byText).keys()]).toEqual(["a", "\uFFFF", "\u{10000}"]);
    expect([...(decoded.byColour as typeof byColour).keys()]).toEqual([
      "red",
      "unknown(5)",
      "blue",
    ]);
  });

  test("bytes are views into the input, and copies when asked for", () => {
    const bytes = codec.encode({
      blob: Uint8Array.of(7, 7),
      byBlob: new Map([[Uint8Array.of(8), 1]]),
    });
    const view = codec.decode(bytes);
    const copy = codec.decode(bytes, { copy: true });
    const ofBuffer = codec.decode(Buffer.from(bytes), { copy: true });
    expect((view.blob as Uint8Array).buffer).toBe(bytes.buffer);
    bytes.fill(0);
    expect(view.blob).toEqual(Uint8Array.of(0, 0));
    for (const kept of [copy, ofBuffer]) {
      expect(kept.blob).toEqual(Uint8Array.of(7, 7));
      expect([...(kept.byBlob as Map<Uint8Array, number>).keys()]).toEqual([Uint8Array.of(8)]);
    }
  });

  test("a Buffer as input gives plain arrays", () => {
    const bytes = Buffer.from(codec.encode({ blob: Uint8Array.of(7) }));
    expect((codec.decode(bytes).blob as object).constructor).toBe(Uint8Array);
  });

  test("input that lies inside a larger buffer is read where it lies", () => {
    const bytes = codec.encode({ u64: 2 ** 40, text: "x", f64: 3, double: 0.5, bigI: -5n });
    const around = new Uint8Array(bytes.length + 20).fill(0xff);
    around.set(bytes, 7);
    expect(codec.decode(around.subarray(7, 7 + bytes.length))).toEqual(codec.decode(bytes));
  });
});

test("the suite looks at every format, and at more than one", () => {
  expect(FORMATS.map(({ name }) => name)).toEqual(["msgpack", "protobuf", "bilrost"]);
  expect(
    new Set(FORMATS.map((format) => codecOf(format, Leaf).encode({ rank: 300 }).join())).size,
  ).toBe(3);
  expect(Colour.variants.size).toBe(3);
});

/** The same value with the members of messages and the entries of maps put in the other way round. */
function backwards(value: MessageValue): MessageValue {
  return turn(value) as MessageValue;
}

function turn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turn);
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (value instanceof Map) {
    return new Map([...value].reverse().map(([key, one]) => [key, turn(one)]));
  }
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, turn(one)]),
  );
}
