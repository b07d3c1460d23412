/**
 * Random values of random schemas of every kind. What is claimed, of both engines: values survive; our
 * own bytes are canonical; canonical bytes are exactly those that are written back as they were; unknown
 * fields are written back; every way to write gives the same bytes, every way to read the same value.
 * `WIRESPAN_SEED=<n>` replays a run.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { valuesOf } from "../contract/arbitrary.ts";
import { differenceOf } from "../contract/difference.ts";
import { everyShape, isDistinguished } from "../contract/every-shape.ts";
import { DecodeError } from "../errors.ts";
import type { MessageValue } from "../format.ts";
import type { MessageShape } from "../schema/shape.ts";
import { compile } from "./bilrost.ts";
import type { BilrostCodec } from "./codec.ts";
import { decodeOpaque, encodeOpaque, type OpaqueField } from "./opaque.ts";
import * as s from "./testing.ts";
import { varintLength } from "./varint.ts";

const SEED = Number(process.env.WIRESPAN_SEED ?? Math.floor(Math.random() * 2 ** 31));

interface Case {
  readonly shape: MessageShape;
  readonly value: MessageValue;
}

const cases: fc.Arbitrary<Case> = everyShape.chain((shape) =>
  valuesOf(shape).map((value) => ({ shape, value })),
);
const empty = enginesOf(s.shapeOf("Empty"));

function enginesOf(shape: MessageShape): BilrostCodec[] {
  return (["compiled", "interpreted"] as const).map((engine) => compile(shape, { engine }));
}

function check<T>(arbitrary: fc.Arbitrary<T>, numRuns: number, claim: (one: T) => void): void {
  fc.assert(fc.property(arbitrary, claim), { numRuns, seed: SEED });
}

function hexOf(codec: BilrostCodec, value: MessageValue): string {
  return s.toHex(codec.encode(value));
}

afterAll(() => process.stderr.write(`\neverything of every kind: WIRESPAN_SEED=${SEED}\n`));

test("values survive, both engines write the same, and what they write is canonical", () => {
  let compiled = 0;
  check(cases, 500, ({ shape, value }) => {
    const codecs = enginesOf(shape);
    if (codecs[0]?.engine === "compiled") compiled += 1;
    const written = codecs.map((codec) => hexOf(codec, value));
    expect(written[0]).toBe(written[1]);
    const bytes = s.hex(written[0] as string);
    const read = codecs.map((codec) => codec.decodeDistinguished(bytes));
    expect(differenceOf(read[0], read[1])).toBe(undefined);
    expect(read[0]?.value).toEqual(value);
    if (isDistinguished(shape)) expect(read[0]?.canonicity).toBe("Canonical");
  });
  expect(compiled).toBeGreaterThan(250); // Else one engine was compared with itself.
});

test("every way to write gives the same bytes, and every way to read the same value", () => {
  const around = fc.tuple(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }));
  check(fc.tuple(cases, around), 250, ([{ shape, value }, [before, after]]) => {
    const codecs = enginesOf(shape);
    for (const codec of codecs) {
      const bytes = codec.encode(value);
      const hex = s.toHex(bytes);
      const target = new Uint8Array(before.length + bytes.length + after.length).fill(0xee);
      const end = codec.encodeInto(value, target, before.length);
      expect(s.toHex(target.subarray(before.length, end))).toBe(hex);
      expect(s.toHex(target.subarray(0, before.length))).toBe("ee".repeat(before.length));
      expect(s.toHex(Buffer.concat(codec.encodeSegments(value)))).toBe(hex);
      const framed = codec.encodeDelimited(value);
      expect(s.toHex(framed.subarray(varintLength(bytes.length)))).toBe(hex);

      const expected = codec.decode(bytes);
      const chunk = Uint8Array.from([...before, ...bytes, ...after]);
      const inside = codec.decodeRange(chunk, before.length, before.length + bytes.length);
      expect(differenceOf(inside, expected)).toBe(undefined);
      const frame = codec.decodeDelimited(Uint8Array.from([...framed, ...after]));
      expect(differenceOf(frame.value, expected)).toBe(undefined);
      expect(frame.consumed).toBe(framed.length);
      expect(differenceOf(codec.decode(Buffer.from(bytes)), expected)).toBe(undefined);

      const own = bytes.slice();
      const copied = codec.decode(own, { copy: true });
      own.fill(0xff);
      expect(differenceOf(copied, expected)).toBe(undefined);
    }
  });
});

const parcel: MessageShape = s.shapeOf(
  "Parcel",
  s.plain(1, "body", s.bytes),
  s.plain(2, "note", s.string),
  s.plain(3, "inner", s.list(s.nested(() => parcel))),
  s.plain(4, "named", s.map(s.string, s.bytes)),
  s.plain(5, "tight", s.list(s.bytes, true)),
  s.oneof(
    "pick",
    s.plain(6, "raw", s.bytes),
    s.plain(
      7,
      "boxed",
      s.nested(() => parcel),
    ),
  ),
);
const sizes = fc.oneof(fc.nat(4), fc.integer({ min: 120, max: 130 }), fc.nat(5000), fc.nat(20_000));
const payloads = sizes.map((size) => new Uint8Array(size).fill(size));
const { parcels } = fc.letrec<{ parcels: MessageValue }>((tie) => ({
  parcels: fc.record(
    {
      body: payloads,
      note: fc.tuple(fc.constantFrom("a", "é", "😀"), sizes).map(([one, size]) => one.repeat(size)),
      inner: fc.array(tie("parcels"), { maxLength: 2, depthIdentifier: "parcel" }),
      named: fc
        .array(fc.tuple(fc.string({ maxLength: 3 }), payloads), { maxLength: 3 })
        .map((entries) => new Map(entries)),
      tight: fc.array(payloads, { maxLength: 3 }),
      pick: fc.oneof(
        { depthIdentifier: "parcel", maxDepth: 2 },
        fc.record({ case: fc.constant("raw"), value: payloads }),
        fc.record({ case: fc.constant("boxed"), value: tie("parcels") }),
      ),
    },
    { requiredKeys: [] },
  ),
}));

test("payloads of all sizes: segments are the same bytes, and the long ones are no copies", () => {
  const codecs = enginesOf(parcel);
  check(parcels, 50, (value) => {
    const hashes = codecs.map((codec) => {
      const bytes = codec.encode(value);
      const segments = codec.encodeSegments(value);
      expect(Buffer.concat(segments).equals(bytes)).toBe(true);
      const framed = codec.encodeDelimited(value);
      expect(Buffer.from(framed.subarray(varintLength(bytes.length))).equals(bytes)).toBe(true);
      expect(differenceOf(codec.decode(bytes), codecs[0]?.decode(bytes))).toBe(undefined);
      return s.toHex(bytes);
    });
    expect(hashes[0] === hashes[1]).toBe(true);
  });
  const body = new Uint8Array(5000);
  expect(codecs[0]?.encodeSegments({ body }).includes(body)).toBe(true);
});

test("there is no room: encodeInto refuses, and touches nothing before its place or behind the target", () => {
  check(fc.tuple(cases, fc.nat(), fc.nat(3)), 300, ([{ shape, value }, cut, offset]) => {
    for (const codec of enginesOf(shape)) {
      const { length } = codec.encode(value);
      if (length === 0) continue;
      const whole = new Uint8Array(offset + length + 4).fill(0xee);
      const target = whole.subarray(0, offset + (cut % length));
      expect(() => codec.encodeInto(value, target, offset)).toThrow(/the target has/);
      const rest = s.toHex(whole.subarray(target.length));
      expect([s.toHex(whole.subarray(0, offset)), rest]).toEqual([
        "ee".repeat(offset),
        "ee".repeat(whole.length - target.length),
      ]);
    }
  });
});

test("a reader that knows fewer members writes everything back", () => {
  const narrowed = fc.tuple(cases, fc.infiniteStream(fc.boolean()));
  check(narrowed, 500, ([{ shape, value }, drawn]) => {
    const bytes = compile(shape).encode(value);
    for (const codec of [...enginesOf(narrowerThan(shape, () => drawn.next().value)), ...empty]) {
      const read = codec.decodeDistinguished(bytes);
      expect(hexOf(codec, read.value)).toBe(s.toHex(bytes));
      const copied = codec.decode(bytes.slice(), { copy: true });
      expect(differenceOf(copied, read.value)).toBe(undefined);
    }
  });
});

/** Without some members, and without some variants, at the top. Tuples keep theirs. */
function narrowerThan(shape: MessageShape, isKept: () => boolean): MessageShape {
  const members = shape.members.filter(isKept).map((member) => {
    if (member.kind === "field") return member;
    return { ...member, variants: member.variants.filter(isKept) };
  });
  return { ...shape, members };
}

const damage = fc.array(
  fc.record({
    what: fc.constantFrom("flip", "cut", "put", "insert", "repeat", "end"),
    at: fc.nat(),
    by: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 4, 5, 127, 128)),
  }),
  { minLength: 1, maxLength: 3 },
);

test("whatever is read is canonical exactly when it is written back as it was", () => {
  const counts = { same: 0, other: 0 };
  const distinguished = cases.filter(({ shape }) => isDistinguished(shape));
  const damages = fc.array(fc.tuple(damage, fc.nat()), { minLength: 10, maxLength: 10 });
  check(fc.tuple(distinguished, damages), 600, ([{ shape, value }, drawn]) => {
    const codecs = enginesOf(shape);
    const whole = compile(shape).encode(value);
    for (const [steps, place] of drawn) {
      for (const bytes of [steps.reduce(damaged, [...whole]), blemished(whole, shape, place)]) {
        for (const codec of codecs) judge(codec, Uint8Array.from(bytes), counts);
      }
    }
  });
  expect(counts.same).toBeGreaterThan(100);
  expect(counts.other).toBeGreaterThan(100);
});

function judge(
  codec: BilrostCodec,
  bytes: Uint8Array,
  counts: { same: number; other: number },
): void {
  const read = attempt(codec, bytes);
  if (read === undefined) return;
  const isSame = hexOf(codec, read.value) === s.toHex(bytes);
  const claim = { isSame, canonicity: read.canonicity, bytes: s.toHex(bytes) };
  expect(claim).toMatchObject({ isSame: read.canonicity !== "NotCanonical" });
  counts[isSame ? "same" : "other"] += 1;
}

/** With a field of the schema that is there and empty, or with two fields of one tag. */
function blemished(bytes: Uint8Array, { members }: MessageShape, place: number): Uint8Array {
  const fields = decodeOpaque(bytes);
  const known = members.flatMap((one) => (one.kind === "field" ? [one] : one.variants));
  const tag = known[place % (known.length + 1)]?.number ?? place % 100;
  const added = [
    { tag, wireType: 0, value: 0 },
    { tag, wireType: 1, body: new Uint8Array(0) },
    { tag, wireType: 2, body: new Uint8Array(4) },
    { tag, wireType: 3, body: new Uint8Array(8) },
  ][(place >>> 8) & 3] as OpaqueField;
  return encodeOpaque([...fields, added].sort((left, right) => left.tag - right.tag));
}

function damaged(
  bytes: readonly number[],
  { what, at, by }: { readonly what: string; readonly at: number; readonly by: number },
): number[] {
  const place = at % (bytes.length + 1);
  const [before, rest] = [bytes.slice(0, place), bytes.slice(place)];
  if (what === "cut") return [...before, ...rest.slice(1 + (by & 3))];
  if (what === "insert") return [...before, by, ...rest];
  if (what === "repeat") return [...before, ...rest.slice(0, by & 7), ...rest];
  if (what === "end") return before;
  const [first = 0, ...after] = rest;
  return [...before, what === "put" ? by : first ^ (1 << (by & 7)), ...after];
}

function attempt(
  codec: BilrostCodec,
  bytes: Uint8Array,
): ReturnType<BilrostCodec["decodeDistinguished"]> | undefined {
  try {
    return codec.decodeDistinguished(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}
