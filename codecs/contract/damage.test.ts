/**
 * Law 2, decode never kills: whatever the bytes, there is a value or a `DecodeError` that says where.
 * A value that was read can be written, and reads the same again, so that damage is never passed on
 * as something else.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../errors.ts";
import type { Codec, MessageValue } from "../format.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { shapes, valuesOf } from "./arbitrary.ts";
import { FORMATS } from "./formats.ts";
import { codecOf, Everything, shapeOf } from "./messages.ts";

const everything = valuesOf(shapeOf(Everything), 1);
const INHERITED = Object.getOwnPropertyNames(Object.prototype).join();

/** Reads or refuses; throws if neither was done properly. Gives what was read. */
function survive(codec: Codec, bytes: Uint8Array, name: string): MessageValue | undefined {
  const value = attempt(codec, bytes, name);
  if (value === undefined) return undefined;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(codec.decode(codec.encode(value))).toEqual(value);
  return value;
}

function attempt(codec: Codec, bytes: Uint8Array, name: string): MessageValue | undefined {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.path[0]).toBe(name);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    return undefined;
  }
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

describe.for(FORMATS)("$name", (format) => {
  const codec = codecOf(format, Everything);

  test("cut at every length", () => {
    fc.assert(
      fc.property(everything, (value) => {
        const bytes = codec.encode(value);
        for (let length = 0; length < bytes.length; length++) {
          survive(codec, bytes.slice(0, length), "Everything");
        }
      }),
      { numRuns: 10 },
    );
  });

  test("every bit flipped", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(everything, (value) => {
        const bytes = codec.encode(value);
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          survive(codec, flipped(bytes, bit), "Everything");
        }
      }),
      { numRuns: 5 },
    );
  });

  test("a bit flipped in any value of any schema", () => {
    const cases = shapes.chain((shape) =>
      fc.record({ shape: fc.constant(shape), value: valuesOf(shape), bit: fc.nat() }),
    );
    fc.assert(
      fc.property(cases, ({ shape, value, bit }) => {
        const made = format.compile(shape, DEFAULT_LIMITS);
        const bytes = made.encode(value);
        if (bytes.length > 0) survive(made, flipped(bytes, bit % (bytes.length * 8)), "Made");
      }),
      { numRuns: 300 },
    );
  });

  test("bytes of one schema read with another", () => {
    const cases = fc.tuple(shapes, shapes).chain(([writer, reader]) =>
      fc.record({
        reader: fc.constant(reader),
        writer: fc.constant(writer),
        value: valuesOf(writer),
      }),
    );
    fc.assert(
      fc.property(cases, ({ writer, reader, value }) => {
        const bytes = format.compile(writer, DEFAULT_LIMITS).encode(value);
        survive(format.compile(reader, DEFAULT_LIMITS), bytes, "Made");
      }),
      { numRuns: 300 },
    );
  });

  test("any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        survive(codec, bytes, "Everything");
      }),
      { numRuns: 500 },
    );
  });

  test("any value at all is written or refused with an EncodeError", () => {
    const wild = fc.record(
      Object.fromEntries(
        shapeOf(Everything).members.map(({ name }) => [
          name,
          fc.oneof(
            fc.anything({ withMap: true, withBigInt: true, withTypedArray: true }),
            fc.constant(undefined),
          ),
        ]),
      ),
      { requiredKeys: [] },
    );
    const root = fc.oneof({ weight: 9, arbitrary: wild }, fc.anything() as fc.Arbitrary<object>);
    fc.assert(
      fc.property(root, (value) => {
        try {
          codec.encode(value as MessageValue);
        } catch (error) {
          if (!(error instanceof EncodeError)) throw error;
          expect(error.path[0]).toBe("Everything");
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.for([
    { value: { u8: 256 }, path: "u8", code: "OutOfDomainValue" },
    { value: { u8: -1 }, path: "u8", code: "OutOfDomainValue" },
    { value: { u8: 1.5 }, path: "u8", code: "OutOfDomainValue" },
    { value: { i8: -129 }, path: "i8", code: "OutOfDomainValue" },
    { value: { u64: 2 ** 53 }, path: "u64", code: "OutOfDomainValue" },
    { value: { bigU: 2n ** 64n }, path: "bigU", code: "OutOfDomainValue" },
    { value: { single: 0.1 }, path: "single", code: "OutOfDomainValue" },
    { value: { text: "\uD800" }, path: "text", code: "InvalidValue" },
    { value: { texts: ["a", "\uDC00"] }, path: "texts.[1]", code: "InvalidValue" },
    { value: { text: 5 }, path: "text", code: "InvalidValue" },
    { value: { flag: 1 }, path: "flag", code: "InvalidValue" },
    { value: { blob: [1, 2] }, path: "blob", code: "InvalidValue" },
    { value: { leaf: null }, path: "leaf", code: "InvalidValue" },
    { value: { leaves: [{}, { rank: -1 }] }, path: "leaves.[1].rank", code: "OutOfDomainValue" },
    { value: { leaves: { length: 1 } }, path: "leaves", code: "InvalidValue" },
    { value: { byText: { a: 1 } }, path: "byText", code: "InvalidValue" },
    { value: { byText: new Map([["\uD800", 1]]) }, path: "byText.[0]", code: "InvalidValue" },
    { value: { colour: "pink" }, path: "colour", code: "OutOfDomainValue" },
    { value: { colour: "unknown(4294967296)" }, path: "colour", code: "OutOfDomainValue" },
    { value: { strict: "unknown(2)" }, path: "strict", code: "OutOfDomainValue" },
    { value: { op: { case: "nothing", value: 1 } }, path: "op", code: "OutOfDomainValue" },
    { value: { op: { case: "number", value: -1 } }, path: "op.number", code: "OutOfDomainValue" },
    { value: { op: null }, path: "op", code: "OutOfDomainValue" },
    {
      value: {
        byBlob: new Map([
          [Uint8Array.of(1), 1],
          [Uint8Array.of(1), 2],
        ]),
      },
      path: "byBlob.[1]",
      code: "UnexpectedlyRepeated",
    },
  ])("encode() refuses $path with $code", ({ value, path, code }) => {
    const error = thrownBy(() => codec.encode(value as unknown as MessageValue));
    expect(error).toBeInstanceOf(EncodeError);
    expect(error).toMatchObject({ code, path: ["Everything", ...path.split(".")] });
  });

  test("a refused value leaves nothing behind: the next one is written as ever", () => {
    const good = { texts: ["a"], leaf: { key: new Uint8Array(0), rank: 1 } };
    const before = codec.encode(good);
    expect(() => codec.encode({ ...good, leaves: [{ rank: -1 }] })).toThrow(EncodeError);
    expect(codec.encode(good)).toEqual(before);
  });
});

test("nothing of all this reached the prototype of objects", () => {
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(INHERITED);
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
