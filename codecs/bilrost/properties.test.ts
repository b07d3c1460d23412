/**
 * Random values of one shape that holds every kind of field. What is claimed: values survive, our own
 * bytes are canonical, canonical bytes are unique, and no damage ends in anything but a `DecodeError`.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeError } from "../errors.ts";
import type { MessageValue } from "../format.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { MessageShape } from "../schema/shape.ts";
import { bilrost } from "./bilrost.ts";
import * as s from "./testing.ts";

const big = { as: "bigint" } as const;
const signed = { signed: true } as const;
const Colour = { red: 0, green: 1, blue: 70_000 };

const tree: MessageShape = s.shapeOf(
  "Tree",
  s.plain(0, "zero", s.u32),
  s.plain(1, "safe", s.integer(64)),
  s.plain(2, "wide", s.integer(64, big)),
  s.plain(3, "balance", s.integer(64, { ...signed, ...big })),
  s.plain(4, "small", s.integer(8, signed)),
  s.plain(5, "fixed", s.integer(32, { encoding: "fixed" })),
  s.plain(6, "ratio", { kind: "float", bits: 64 }),
  s.optional(7, "name", s.string),
  s.plain(8, "blob", s.bytes),
  s.plain(9, "colour", s.enumeration(Colour, true)),
  s.oneof(
    "choice",
    s.plain(10, "flag", s.bool),
    s.plain(40, "texts", s.list(s.string)),
    s.plain(
      200,
      "branch",
      s.nested(() => tree),
    ),
  ),
  s.plain(20, "loose", s.list(s.integer(32, signed))),
  s.plain(21, "tight", s.list(s.integer(64, { ...big, encoding: "fixed" }), true)),
  s.plain(22, "byText", s.map(s.string, s.u32)),
  s.plain(23, "byNumber", s.map(s.integer(32, signed), s.list(s.bool))),
  s.plain(100, "kids", s.list(s.nested(() => tree))),
);
const codec = bilrost.compile(tree, DEFAULT_LIMITS);
const empty = bilrost.compile(s.shapeOf("Empty"), DEFAULT_LIMITS);

const text = fc.string({ unit: "binary", maxLength: 6 });
const octets = fc.uint8Array({ maxLength: 6 });
const u32 = fc.oneof(fc.nat(300), fc.nat(2 ** 32 - 1));
const { values } = fc.letrec<{ values: MessageValue; kids: MessageValue[] }>((tie) => ({
  kids: fc.array(tie("values"), { maxLength: 2, depthIdentifier: "tree" }),
  values: fc.record({
    zero: u32,
    safe: fc.maxSafeNat(),
    wide: fc.bigInt(0n, 2n ** 64n - 1n),
    balance: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    small: fc.integer({ min: -128, max: 127 }),
    fixed: u32,
    ratio: fc.double(),
    name: fc.option(text, { nil: undefined }),
    blob: octets,
    colour: fc.constantFrom("red", "green", "blue", "unknown(9)"),
    choice: fc.oneof(
      { depthIdentifier: "tree", maxDepth: 2 },
      fc.constant(undefined),
      fc.record({ case: fc.constant("flag"), value: fc.boolean() }),
      fc.record({ case: fc.constant("texts"), value: fc.array(text, { maxLength: 3 }) }),
      fc.record({ case: fc.constant("branch"), value: tie("values") }),
    ),
    loose: fc.array(fc.integer(), { maxLength: 3 }),
    tight: fc.array(fc.bigInt(0n, 2n ** 64n - 1n), { maxLength: 3 }),
    byText: mapOf(text, u32),
    byNumber: mapOf(fc.integer(), fc.array(fc.boolean(), { maxLength: 3 })),
    kids: fc.oneof({ depthIdentifier: "tree", maxDepth: 2 }, fc.constant([]), tie("kids")),
  }),
}));

function mapOf<K, V>(keys: fc.Arbitrary<K>, entries: fc.Arbitrary<V>): fc.Arbitrary<Map<K, V>> {
  return fc.array(fc.tuple(keys, entries), { maxLength: 3 }).map((pairs) => new Map(pairs));
}

/** Reads or refuses; whatever it reads can be written, and reads the same again. */
function survive(bytes: Uint8Array): void {
  const outcome = attempt(bytes);
  if (outcome === undefined) return;
  const written = codec.encode(outcome.value);
  expect(codec.decode(written)).toEqual(outcome.value);
  if (outcome.canonicity !== "NotCanonical") expect(s.toHex(written)).toBe(s.toHex(bytes));
}

function attempt(bytes: Uint8Array): ReturnType<typeof codec.decodeDistinguished> | undefined {
  try {
    return codec.decodeDistinguished(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    const { offset } = error as DecodeError;
    expect(offset >= 0 && offset <= bytes.length).toBe(true);
    return undefined;
  }
}

test("values survive, and our own bytes are canonical", () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = codec.encode(value);
      const read = codec.decodeDistinguished(bytes, { minimum: "Canonical" });
      expect(read.value).toEqual(value);
      expect(s.toHex(codec.encode(read.value))).toBe(s.toHex(bytes));
    }),
  );
});

test("a reader that knows nothing writes everything back", () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = codec.encode(value);
      expect(s.toHex(empty.encode(empty.decode(bytes)))).toBe(s.toHex(bytes));
    }),
  );
});

test("every cut ends in a value or a DecodeError, and what is canonical is written back as it was", () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = codec.encode(value);
      for (let length = 0; length < bytes.length; length++) survive(bytes.subarray(0, length));
    }),
    { numRuns: 30 },
  );
});

test("every flipped bit ends in a value or a DecodeError", () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = codec.encode(value).slice(0, 120);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        survive(flipped);
      }
    }),
    { numRuns: 20 },
  );
});

test("random bytes end in a value or a DecodeError", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), survive), { numRuns: 500 });
});

test("an error kind never depends on the mode, and a minimum only adds refusals", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      const relaxed = attempt(bytes);
      if (relaxed === undefined) return;
      for (const minimum of ["HasExtensions", "Canonical"] as const) {
        const isGood = relaxed.canonicity === "Canonical" || relaxed.canonicity === minimum;
        if (isGood) expect(codec.decodeDistinguished(bytes, { minimum })).toEqual(relaxed);
        else expect(() => codec.decodeDistinguished(bytes, { minimum })).toThrow(DecodeError);
      }
    }),
    { numRuns: 500 },
  );
});
