import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { readVarint, type Unsigned, varintLength, writeVarint } from "./varint.ts";

const read = (...bytes: number[]): Unsigned => readVarint(new ByteReader(Uint8Array.from(bytes)));
const high = (count: number, last: number): number[] => [...Array<number>(count).fill(0x80), last];

function write(value: Unsigned): number[] {
  const writer = new ByteWriter();
  writeVarint(writer, value);
  return [...writer.finish()];
}

const ROWS: readonly { bytes: number[]; value: Unsigned; why: string }[] = [
  { bytes: [0x7f], value: 127, why: "largest one-byte number" },
  { bytes: [0x80, 0x00], value: 128, why: "protobuf would read 0 here" },
  { bytes: [0xac, 0x01], value: 300, why: "protobuf writes ac 02" },
  { bytes: [0xff, 0x7f], value: 0x407f, why: "largest of two bytes" },
  { bytes: [0xd2, 0x84, 0xd7, 0xcb, 0x03], value: 1_234_567_890, why: "above 2^30" },
  {
    bytes: [...Array<number>(6).fill(0xff), 0x7f],
    value: 0x204081020407f,
    why: "most of seven bytes",
  },
  { bytes: high(7, 0), value: 0x2040810204080, why: "least of eight bytes, still a number" },
  { bytes: high(8, 0), value: 0x102040810204080n, why: "least of nine bytes" },
  { bytes: high(8, 0x80), value: 0x8102040810204080n, why: "the ninth byte never continues" },
  {
    bytes: [0xff, ...Array<number>(8).fill(0xfe)],
    value: 2n ** 64n - 1n,
    why: "the largest number",
  },
];

test.for(ROWS)("a varint holds $value: $why", ({ bytes, value }) => {
  expect(read(...bytes)).toBe(value);
  expect(write(value)).toEqual(bytes);
  expect(write(BigInt(value))).toEqual(bytes);
  expect(varintLength(value)).toBe(bytes.length);
  expect(varintLength(BigInt(value))).toBe(bytes.length);
});

test.for([
  {
    bytes: Array<number>(9).fill(0xff),
    code: "InvalidVarint",
    offset: 0,
    why: "far above 64 bits",
  },
  {
    bytes: [0x80, 0xff, ...Array<number>(7).fill(0xfe)],
    code: "InvalidVarint",
    offset: 0,
    why: "2^64",
  },
  {
    bytes: Array<number>(8).fill(0x80),
    code: "Truncated",
    offset: 8,
    why: "the ninth byte is missing",
  },
  { bytes: [], code: "Truncated", offset: 0, why: "nothing there" },
])("readVarint() refuses with $code: $why", ({ bytes, code, offset }) => {
  expect(() => read(...bytes)).toThrow(expect.objectContaining({ code, offset }));
});

/** Any bytes that end as a varint must: high digits, then one below 128. */
const varints = fc
  .tuple(fc.array(fc.integer({ min: 128, max: 255 }), { maxLength: 7 }), fc.nat(127))
  .map(([digits, last]) => [...digits, last]);

test("every number has one encoding: bytes that were read are written back unchanged", () => {
  fc.assert(
    fc.property(varints, (bytes) => {
      expect(write(read(...bytes))).toEqual(bytes);
    }),
  );
});

test("every 64-bit number survives, as the smallest type that is exact, in the length foretold", () => {
  const edges = fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n);
  fc.assert(
    fc.property(fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 54n), edges), (n) => {
      const found = read(...write(n));
      expect(BigInt(found)).toBe(n);
      expect(typeof found).toBe(n < 2n ** 53n ? "number" : "bigint");
      expect(varintLength(found)).toBe(write(n).length);
    }),
  );
});
