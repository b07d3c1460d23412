/**
 * Generated code and the interpreter are twins: whatever the bytes or the value, both give the same
 * value, bytes or error. The code turns to the interpreter for what it does not accept, so the danger is
 * what it accepts and should not; hence inputs that are nearly right. A failure prints its seed.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { shapes as anyShapes, valuesOf } from "../contract/arbitrary.ts";
import { Everything, shapeOf, Tree } from "../contract/messages.ts";
import { DecodeError, EncodeError } from "../errors.ts";
import { type Codec, type MessageValue, UNKNOWN, type UnknownField } from "../format.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import * as pack from "../messagepack/format.ts";
import * as proto from "../protobuf/format.ts";
import { wireTypeOf } from "../protobuf/generated/field-code.ts";
import * as s from "../schema/field.ts";
import { message, oneof } from "../schema/message.ts";
import type { MessageShape } from "../schema/shape.ts";
import { placesOf } from "./plan.ts";
import { wide } from "./wide-message.ts";

const SEED = Number(globalThis.process?.env.WIRESPAN_SEED ?? Date.now() % 2 ** 31);
/** In both formats together, over all shapes: more than a hundred thousand each. */
const MUTANTS = Number(process.env.WIRESPAN_INPUTS ?? 60_000);

const Entry = message("Entry", {
  term: s.uint64(1),
  index: s.uint64(2),
  kind: s.uint32(3),
  payload: s.bytes(4),
});
const Append = message("Append", {
  term: s.uint64(1),
  commit: s.optional(s.uint64(5)),
  entries: s.list(6, Entry),
  labels: s.map(7, s.string, s.string),
  pick: oneof({ entry: s.field(8, Entry), text: s.string(9) }),
});
const shapes = [shapeOf(Everything), shapeOf(Tree), shapeOf(Append), shapeOf(wide)];
const FORMATS = [
  { name: "msgpack", ...pack },
  { name: "protobuf", ...proto },
];
type Twins = (typeof FORMATS)[number];

/** A small generator of its own: the one of fast-check is too slow for so many choices. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

type Roll = ReturnType<typeof dice>;

/** Bytes that begin something in one of the formats, or end the range of something. */
const TELLING = [
  ...[0, 1, 2, 8, 10, 16, 18, 26, 0x7f, 0x80, 0x81, 0x82, 0x90, 0x91, 0x92, 0xa0, 0xa1, 0xbf],
  ...[0xc0, 0xc2, 0xc3, 0xc4, 0xc5, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3],
  ...[0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff],
];

/** One to three changes of bytes that were right. */
function mutant(original: Uint8Array, other: Uint8Array, roll: Roll): Uint8Array {
  const bytes = [...original];
  for (let changes = 1 + roll(3); changes > 0; changes--) {
    const at = roll(bytes.length + 1);
    if (roll(2) === 0) replaceAt(bytes, at, roll);
    else resize(bytes, at, other, roll);
  }
  return Uint8Array.from(bytes);
}

function replaceAt(bytes: number[], at: number, roll: Roll): void {
  const before = bytes[at];
  if (before === undefined) return;
  const kind = roll(3);
  if (kind === 0) bytes[at] = TELLING[roll(TELLING.length)] as number;
  else if (kind === 1) bytes[at] = before ^ (1 << roll(8));
  else bytes[at] = (before + roll(17) - 8) & 0xff; // A head of another type and the same size is near.
}

function resize(bytes: number[], at: number, other: Uint8Array, roll: Roll): void {
  const kind = roll(5);
  if (kind === 0) bytes.length = at;
  else if (kind === 1) bytes.splice(at, 0, TELLING[roll(TELLING.length)] as number);
  else if (kind === 2) bytes.splice(at, 1 + roll(3));
  else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + 1 + roll(12)));
  else bytes.push(...other);
}

/** Most members left out, so that changes fall close together. */
function sparse(value: MessageValue, roll: Roll): MessageValue {
  const kept = Object.entries(value).filter(() => roll(8) === 0);
  return Object.fromEntries(kept);
}

/** Everything there is to see of a value, as text: order and kind of members included. */
function seen(value: unknown, input: ArrayBufferLike): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : `${value}`;
  if (value instanceof Uint8Array) {
    const isView = value.length > 0 && value.buffer === input;
    return `${value.constructor.name}${isView ? "*" : ""}<${value.join()}>`;
  }
  const inner = (one: unknown): string => seen(one, input);
  if (Array.isArray(value)) return `[${value.map(inner).join()}]`;
  if (value instanceof Map) {
    return `Map{${[...value].map(([key, one]) => `${inner(key)}=>${inner(one)}`).join()}}`;
  }
  const unknown = (value as MessageValue)[UNKNOWN];
  const parts = Object.entries(value).map(([name, one]) => `${name}:${inner(one)}`);
  return `{${parts.join()}${unknown ? `|${inner(unknown)}` : ""}}`;
}

function outcome(act: () => unknown, input: ArrayBufferLike = new ArrayBuffer(0)): string {
  try {
    return seen(act(), input);
  } catch (error) {
    if (error instanceof DecodeError) {
      return `${error.code} ${error.offset} ${error.path.join(".")}: ${error.problem}`;
    }
    if (error instanceof EncodeError)
      return `${error.code} ${error.path.join(".")}: ${error.problem}`;
    throw error;
  }
}

interface Pair {
  readonly slow: Codec;
  readonly fast: Codec;
}

function pairOf(format: Twins, shape: MessageShape, limits: Partial<Limits> = {}): Pair {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const slow = format.interpreterOf(shape, all);
  return { slow, fast: format.generatedOver(slow, shape, all) };
}

function samples(shape: MessageShape, count: number): MessageValue[] {
  return fc.sample(valuesOf(shape), { numRuns: count, seed: SEED });
}

let decoded = 0;
let mutants = 0;
let accepted = 0;

afterAll(() => {
  expect(mutants).toBeGreaterThanOrEqual(MUTANTS * 0.95);
  expect(decoded).toBeGreaterThanOrEqual(MUTANTS * 0.45);
  expect(accepted).toBeGreaterThan(mutants / 10); // Else the mutants are too far from right to tell anything.
});

describe.for(FORMATS)("$name", (format) => {
  test.for(shapes.map((shape) => ({ name: shape.name, shape })))(
    `mutated bytes of $name are read alike, and written alike when they can be read (seed ${SEED})`,
    { timeout: 60_000 },
    ({ shape }) => {
      const roll = dice(SEED);
      const { slow, fast } = pairOf(format, shape, { countMax: 6, depthMax: 4 });
      const values = samples(shape, 300).map((value, at) => (at % 8 ? sparse(value, roll) : value));
      const good = values.map((value) => format.interpreterOf(shape, DEFAULT_LIMITS).encode(value));
      const runs = MUTANTS / FORMATS.length / shapes.length;
      for (let run = 0; run < runs; run++) {
        const [left, right] = [good[roll(good.length)], good[roll(good.length)]];
        const bytes = mutant(left as Uint8Array, right as Uint8Array, roll);
        const options = { copy: roll(4) === 0 };
        const expected = outcome(() => slow.decode(bytes, options), bytes.buffer);
        mutants++;
        const found = outcome(() => fast.decode(bytes, options), bytes.buffer);
        if (found !== expected)
          expect(`${bytes.join()}: ${found}`).toBe(`${bytes.join()}: ${expected}`);
        if (!expected.startsWith("{")) continue;
        accepted++;
        const value = slow.decode(bytes);
        expect(outcome(() => fast.encode(value))).toBe(outcome(() => slow.encode(value)));
      }
    },
  );

  test("any first byte of any member is read alike, whatever follows", { timeout: 60_000 }, () => {
    const shape = shapeOf(Everything);
    const { slow, fast } = pairOf(format, shape);
    for (const bytes of firstBytes(starts(format.name, shape), format.name === "msgpack" ? 1 : 3)) {
      decoded++;
      const expected = outcome(() => slow.decode(bytes), bytes.buffer);
      const found = outcome(() => fast.decode(bytes), bytes.buffer);
      if (found !== expected) expect(`${bytes.join()}: ${found}`).toBe(expected);
    }
  });

  test(`odd values are written or refused alike (seed ${SEED})`, () => {
    const roll = dice(SEED);
    for (const shape of shapes) {
      const { slow, fast } = pairOf(format, shape, { countMax: 4, lengthMax: 400 });
      const values = samples(shape, 200);
      for (let run = 0; run < 4000; run++) {
        const value = spoilt(values[roll(values.length)] as MessageValue, roll);
        const expected = outcome(() => slow.encode(value));
        expect(outcome(() => fast.encode(value))).toBe(expected);
      }
    }
  });

  test("what is usual never reaches the interpreter", () => {
    for (const shape of shapes) {
      const refuse = (): never => {
        throw new Error("Broken: the interpreter was asked");
      };
      const { slow, fast } = pairOf(format, shape);
      const alone = format.generatedOver({ encode: refuse, decode: refuse }, shape, DEFAULT_LIMITS);
      for (const value of samples(shape, 300).filter(isUsual)) {
        const bytes = alone.encode(value);
        expect(bytes).toEqual(slow.encode(value));
        expect(outcome(() => alone.decode(bytes))).toBe(outcome(() => fast.decode(bytes)));
      }
    }
  });

  test.for([0, 100, 4000, 4096, 5000, 20_000, 70_000, 300_000, 3_000_000])(
    "payloads and texts of %i units are written alike, twice",
    (length) => {
      const { slow, fast } = pairOf(format, shapeOf(Everything));
      const blob = new Uint8Array(length).fill(7);
      for (const text of ["a", "é", "\u{10000}"].map((letter) => letter.repeat(length / 2))) {
        const value = {
          u64: 2 ** 40,
          text,
          blob,
          blobs: [blob, blob],
          leaf: { key: blob, rank: 1 },
        };
        const nested = { ...value, byNumber: new Map([[1, { key: blob, rank: 300 }]]) };
        for (const one of [value, nested, value, { text }]) {
          const expected = Buffer.from(slow.encode(one));
          for (let time = 0; time < 2; time++) expect(expected.equals(fast.encode(one))).toBe(true);
        }
        const bytes = slow.encode(nested);
        expect(Buffer.from(fast.encode(fast.decode(bytes))).equals(bytes)).toBe(true);
      }
    },
  );

  test("a getter of the value may encode as well, large or small", () => {
    const shape = shapeOf(Append);
    const { slow, fast } = pairOf(format, shape);
    for (const [outer, inner] of [0, 3000, 30_000].flatMap((a) =>
      [10, 3000, 30_000].map((b) => [a, b]),
    )) {
      const payload = new Uint8Array(inner as number).fill(5);
      const entryOf = (codec: Codec) => codec.encode({ term: 7, entries: [{ term: 1, payload }] });
      const kept: Uint8Array[] = [];
      const outerOf = (codec: Codec): MessageValue => ({
        term: 300,
        entries: [
          { index: 4, payload: new Uint8Array(outer as number).fill(9) },
          {
            index: 5,
            get payload() {
              const bytes = entryOf(codec);
              kept.push(bytes);
              return bytes;
            },
          },
        ],
      });
      for (let time = 0; time < 3; time++) {
        expect(fast.encode(outerOf(fast))).toEqual(slow.encode(outerOf(slow)));
      }
      const expected = Buffer.from(entryOf(slow));
      expect(kept.every((bytes) => expected.equals(bytes))).toBe(true);
    }
  });

  test("a Buffer inside a larger one is read where it lies", () => {
    const shape = shapeOf(Everything);
    const { slow, fast } = pairOf(format, shape);
    for (const value of samples(shape, 50)) {
      const bytes = slow.encode(value);
      const around = Buffer.alloc(bytes.length + 9, 0xff);
      around.set(bytes, 4);
      const part = around.subarray(4, 4 + bytes.length);
      for (const copy of [false, true]) {
        const expected = outcome(() => slow.decode(part, { copy }), part.buffer);
        expect(outcome(() => fast.decode(part, { copy }), part.buffer)).toBe(expected);
      }
    }
  });

  test("unknown fields of another program are kept alike, and refused alike when there are too many", () => {
    const Few = message("Everything", {
      u64: s.uint64(5),
      text: s.string(18),
      leaf: s.field(22, Entry),
    });
    for (const countMax of [DEFAULT_LIMITS.countMax, 12]) {
      const { slow, fast } = pairOf(format, shapeOf(Few), { countMax });
      for (const value of samples(shapeOf(Everything), 100)) {
        const bytes = format.interpreterOf(shapeOf(Everything), DEFAULT_LIMITS).encode(value);
        const expected = outcome(() => slow.decode(bytes), bytes.buffer);
        expect(outcome(() => fast.decode(bytes), bytes.buffer)).toBe(expected);
      }
    }
  });

  test("values read before stay as they are when more is written", () => {
    const { fast } = pairOf(format, shapeOf(Append));
    const values = samples(shapeOf(Append), 300);
    const all = values.map((value) => fast.encode(value));
    expect(all.map((bytes) => seen(fast.decode(bytes, { copy: true }), bytes.buffer))).toEqual(
      values.map((value) =>
        seen(fast.decode(fast.encode(value), { copy: true }), new ArrayBuffer(0)),
      ),
    );
  });
});

/** What stands before each member's value, in the wire type it has. */
function starts(format: string, { members }: MessageShape): number[][] {
  if (format === "msgpack") {
    return members.map(({ name }) => [0x81, 0xa0 | name.length, ...Buffer.from(name)]);
  }
  return placesOf({ name: "", members }, []).map(({ number, field }) => {
    const key = number * 8 + wireTypeOf(field.type);
    return key < 128 ? [key] : [(key & 127) | 128, key >>> 7];
  });
}

/** Each start with each first byte, or each third one, and the same byte behind it some times. */
function* firstBytes(all: readonly number[][], step: number): Generator<Uint8Array> {
  for (const start of all) {
    for (let first = 0; first < 256; first += step) {
      for (const fill of [1, 0xff]) {
        for (const length of [0, 1, 2, 4, 8]) {
          yield Uint8Array.of(...start, first, ...Array<number>(length).fill(fill));
        }
      }
    }
  }
}

const ODD: readonly unknown[] = [
  ...[
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    -1,
    1.5,
    Number.NaN,
    Infinity,
    255,
    256,
    -129,
    "",
    "x",
  ],
  ...[2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 31) - 1, -(2 ** 53), 2 ** 64, 0.1, 16_777_217],
  ...[0n, 1n, -1n, 2n ** 63n, 2n ** 64n, "\uD800", "\uDC00x", "é".repeat(90), "a".repeat(130), "5"],
  ...["red", "unknown(0)", "unknown(00)", "unknown(4294967295)", "unknown(7)", "__proto__"],
  ...[
    [],
    {},
    new Map(),
    new Uint8Array(0),
    new Uint8Array(300),
    [1],
    [null],
    { case: "x" },
    Symbol("s"),
  ],
  ...[
    new Map([["k", null]]),
    new Map([[1, 1]]),
    new Map<unknown, unknown>([[null, {}]]),
    () => 1,
    new Date(0),
  ],
  new Map([
    ["\u{10000}", 1],
    ["\uFFFF", 2],
    ["a", 3],
  ]),
  new Map([
    ["unknown(0)", "red"],
    ["red", "red"],
  ]),
];

/** The value with one of its parts, at any depth, put out of order. */
function spoilt(value: MessageValue, roll: Roll): MessageValue {
  return change(value, roll) as MessageValue;
}

function change(value: unknown, roll: Roll): unknown {
  const odd = ODD[roll(ODD.length)];
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return odd;
  if (roll(12) === 0) return odd;
  if (value instanceof Map) {
    const entries = [...value];
    const at = roll(entries.length + 1);
    const entry = entries[at];
    if (entry === undefined) entries.push([odd, odd]);
    else entry[roll(2)] = change(entry[1], roll);
    return new Map(entries);
  }
  if (Array.isArray(value)) {
    const items = [...value];
    const at = roll(items.length + 1);
    items[at] = change(items[at], roll);
    return items;
  }
  const names = Object.keys(value);
  const name = names[roll(names.length)];
  if (name === undefined) return odd;
  return { ...value, [name]: change((value as MessageValue)[name], roll) };
}

/** Without variants of more than 31 bits, which take ten bytes in protobuf, and signed numbers of more than 52. */
function isUsual(value: MessageValue): boolean {
  return !/unknown\(\d{10}\)|\d{16}/.test(seen(value, new ArrayBuffer(0)));
}

test.for(FORMATS)(
  `$name: schemas of every kind, right bytes and damaged ones (seed ${SEED})`,
  { timeout: 60_000 },
  (format) => {
    const roll = dice(SEED);
    const made = fc.sample(
      anyShapes.chain((shape) =>
        fc.tuple(fc.constant(shape), fc.array(valuesOf(shape), { minLength: 3, maxLength: 3 })),
      ),
      { numRuns: 300, seed: SEED },
    );
    for (const [shape, values] of made) {
      const { slow, fast } = pairOf(format, shape, { countMax: 3 });
      for (const value of values) {
        const bytes = slow.encode(value);
        expect(outcome(() => fast.encode(value))).toBe(outcome(() => bytes));
        for (let time = 0; time < 12; time++) {
          const damaged = time === 0 ? bytes : mutant(bytes, bytes, roll);
          const expected = outcome(() => slow.decode(damaged), damaged.buffer);
          expect(outcome(() => fast.decode(damaged), damaged.buffer)).toBe(expected);
        }
      }
    }
  },
);

test("an unknown field built by hand is judged by the interpreter", () => {
  const field: UnknownField = { key: 900, wireType: 9, body: Uint8Array.of(1) };
  for (const format of FORMATS) {
    const { slow, fast } = pairOf(format, shapeOf(Append));
    const value = { [UNKNOWN]: { format: "protobuf", version: 1, fields: [field] } };
    const act = (codec: Codec) => outcome(() => codec.encode(value as unknown as MessageValue));
    expect(act(fast)).toBe(act(slow));
  }
});
