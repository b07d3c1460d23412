/**
 * Oracles from outside are two libraries that share nothing with our reader: @msgpack/msgpack (which
 * also writes for us) and msgpackr. What only this format has stands in rows of bytes.
 */
import { decode as decodeLibrary, encode as encodeLibrary } from "@msgpack/msgpack";
import fc from "fast-check";
import { unpack } from "msgpackr";
import { expect, test } from "vitest";
import { valuesOf } from "../contract/arbitrary.ts";
import { codecOf, Everything, shapeOf } from "../contract/messages.ts";
import { DecodeError } from "../errors.ts";
import * as s from "../schema/field.ts";
import { message, oneof } from "../schema/message.ts";
import { countUnknown } from "../unknown.ts";
import { fromHex, messageToJson, toHex } from "../value-json.ts";
import { messagepack } from "./format.ts";

const Item = message("Item", { name: s.string(1), rank: s.uint64(2) });
const Box = message("Box", {
  n: s.uint64(1),
  i: s.int8(2),
  big: s.bigUint64(3),
  x: s.float64(4),
  f: s.float32(5),
  t: s.string(6),
  b: s.bytes(7),
  flag: s.bool(8),
  item: s.field(9, Item),
  items: s.list(10, Item),
  map: s.map(11, s.string, s.uint32),
  pick: oneof({ a: s.uint32(12), b: s.string(13) }),
  lease: s.optional(s.uint32(14)),
});
const box = codecOf(messagepack, Box);

/** A map with one text key of one letter, then the value. */
function pair(key: string, value: string): Uint8Array {
  const letters = toHex(new TextEncoder().encode(key));
  const head = (0xa0 + letters.length / 2).toString(16);
  return fromHex(`81${head}${letters}${value.replaceAll(" ", "")}`);
}

test("what we write is string-keyed maps without empty values, as both libraries see it", () => {
  const bytes = box.encode({
    n: 2 ** 40,
    x: 1.5,
    t: "é",
    b: Uint8Array.of(1),
    item: { name: "i", rank: 0 },
    items: [{ name: "", rank: 3 }],
    map: new Map([["k", 1]]),
    pick: { case: "b", value: "" },
    lease: 0,
    flag: false,
  });
  const seen = {
    x: 1.5,
    t: "é",
    item: { name: "i" },
    items: [{ rank: 3 }],
    map: [["k", 1]],
    pick: { b: "" },
    lease: 0,
  };
  expect(decodeLibrary(bytes)).toEqual({ ...seen, n: 2 ** 40, b: Uint8Array.of(1) });
  expect(unpack(bytes)).toMatchObject(seen);
});

test("every value we write is the same value for both libraries", () => {
  const shape = shapeOf(Everything);
  const codec = codecOf(messagepack, Everything);
  // The one thing their writer loses is the sign of minus zero.
  const textOf = (bytes: Uint8Array) =>
    JSON.stringify(messageToJson(shape, codec.decode(bytes))).replaceAll('"-0"', "0");
  fc.assert(
    fc.property(valuesOf(shape), (value) => {
      const bytes = codec.encode(value);
      const theirs = decodeLibrary(bytes, { useBigInt64: true });
      expect(textOf(encodeLibrary(theirs, { useBigInt64: true }))).toBe(textOf(bytes));
      expect(Object.keys(unpack(bytes))).toEqual(Object.keys(theirs as object));
    }),
  );
});

test.for([
  { key: "n", value: "cc05", part: { n: 5 }, why: "a number may have more bytes than it needs" },
  { key: "n", value: "d3 0000000000000005", part: { n: 5 }, why: "and may be written as signed" },
  { key: "n", value: "cf 001fffffffffffff", part: { n: 2 ** 53 - 1 }, why: "the largest safe one" },
  { key: "i", value: "e0", part: { i: -32 }, why: "the lowest negative in one byte" },
  { key: "i", value: "d1 ff80", part: { i: -128 }, why: "the lowest of eight bits" },
  { key: "big", value: "cf ffffffffffffffff", part: { big: 2n ** 64n - 1n }, why: "64 bits" },
  { key: "x", value: "07", part: { x: 7 }, why: "a whole float may come as an integer" },
  { key: "x", value: "cb 8000000000000000", part: { x: -0 }, why: "minus zero" },
  { key: "x", value: "ca 3fc00000", part: { x: 1.5 }, why: "a float of four bytes" },
  { key: "t", value: "da 0001 61", part: { t: "a" }, why: "a length may have more bytes" },
  { key: "b", value: "c6 00000001 09", part: { b: Uint8Array.of(9) }, why: "so may one of bytes" },
  {
    key: "items",
    value: "dd 00000001 80",
    part: { items: [{ name: "", rank: 0 }] },
    why: "arrays",
  },
  { key: "item", value: "df 00000000", part: { item: { name: "", rank: 0 } }, why: "maps" },
])("decode(): $why ($key)", ({ key, value, part }) => {
  const decoded = box.decode(pair(key, value));
  expect(decoded).toMatchObject(part);
  expect(Object.is((decoded as { x: number }).x, (part as { x?: number }).x ?? 0)).toBe(true);
});

test.for([
  { bytes: pair("n", "ff"), code: "OutOfDomainValue", offset: 3, why: "a negative number" },
  { bytes: pair("n", "cf0020000000000000"), code: "OutOfDomainValue", offset: 3, why: "2^53" },
  {
    bytes: pair("n", "cb3ff0000000000000"),
    code: "WrongWireType",
    offset: 3,
    why: "a float as number",
  },
  {
    bytes: pair("i", "cc80"),
    code: "OutOfDomainValue",
    offset: 3,
    why: "128 in signed eight bits",
  },
  {
    bytes: pair("x", "cf0020000000000001"),
    code: "OutOfDomainValue",
    offset: 3,
    why: "a float rounded",
  },
  {
    bytes: pair("f", "cb3fb999999999999a"),
    code: "OutOfDomainValue",
    offset: 3,
    why: "0.1 in 32 bits",
  },
  { bytes: pair("n", "c0"), code: "WrongWireType", offset: 3, why: "nil" },
  { bytes: pair("t", "c40161"), code: "WrongWireType", offset: 3, why: "bytes as text" },
  { bytes: pair("b", "a161"), code: "WrongWireType", offset: 3, why: "text as bytes" },
  { bytes: pair("flag", "01"), code: "WrongWireType", offset: 6, why: "1 as true" },
  { bytes: pair("t", "a1ff"), code: "InvalidValue", offset: 4, why: "text that is not UTF-8" },
  { bytes: pair("map", "9193a16b0102"), code: "InvalidValue", offset: 6, why: "a pair of three" },
  {
    bytes: pair("map", "9292a16b0192a16b02"),
    code: "UnexpectedlyRepeated",
    offset: 10,
    why: "a map key twice",
  },
  {
    bytes: pair("pick", "82a16101a162a0"),
    code: "ConflictingFields",
    offset: 6,
    why: "two variants",
  },
  { bytes: pair("pick", "80"), code: "ConflictingFields", offset: 6, why: "no variant" },
  { bytes: pair("zz", "c1"), code: "Malformed", offset: 4, why: "a byte that begins nothing" },
  { bytes: pair("zz", "c7ff00"), code: "Truncated", offset: 4, why: "half an extension" },
  {
    bytes: pair("items", "ddffffffff80"),
    code: "Truncated",
    offset: 7,
    why: "more items than bytes",
  },
  { bytes: fromHex("8001"), code: "Malformed", offset: 1, why: "bytes behind the end" },
  { bytes: fromHex("810105"), code: "WrongWireType", offset: 1, why: "a key that is a number" },
  {
    bytes: fromHex("82a16e01a16e02"),
    code: "UnexpectedlyRepeated",
    offset: 4,
    why: "a field twice",
  },
  {
    bytes: fromHex("82a17a01a17a02"),
    code: "UnexpectedlyRepeated",
    offset: 4,
    why: "an unknown twice",
  },
  { bytes: fromHex("93"), code: "WrongWireType", offset: 0, why: "no map" },
  { bytes: fromHex(""), code: "Truncated", offset: 0, why: "nothing" },
])("decode() refuses $why with $code", ({ bytes, code, offset }) => {
  expect(() => box.decode(bytes)).toThrow(
    expect.objectContaining({ name: DecodeError.name, code, offset }),
  );
});

test("members come in any order, and with heads longer than they need", () => {
  const bytes = fromHex("83 a174a161 d9016e07 a4666c6167c3".replaceAll(" ", ""));
  expect(box.decode(bytes)).toMatchObject({ t: "a", n: 7, flag: true });
  expect(() => box.decode(fromHex("82d9016e07a16e07"))).toThrow("a second time");
});

test("an error names the way to it", () => {
  const bytes = pair("items", "92 80 81a472616e6b a0");
  expect(() => box.decode(bytes)).toThrow(
    expect.objectContaining({ path: ["Box", "items", "[1]", "rank"] }),
  );
});

test.for([
  { value: "cb3ff0000000000000", why: "a whole float" },
  { value: "cd0005", why: "a number with more bytes than it needs" },
  { value: "d60500000001", why: "an extension" },
  { value: "d6ff00000001", why: "the timestamp, which is one" },
  { value: "c70005", why: "an empty extension" },
  { value: "c0", why: "nil" },
  { value: "82a9" + "5f5f70726f746f5f5f" + "01a161c0", why: "a map with the key __proto__" },
  { value: "93a0c400dc0001d9026869", why: "things in things" },
])("an unknown value comes back byte by byte: $why", ({ value }) => {
  const bytes = pair("zz", value);
  const read = box.decode(bytes);
  expect(countUnknown(read)).toBe(1);
  expect(toHex(box.encode(read))).toBe(toHex(bytes));
});

test("__proto__ and constructor are keys like any other, and change nothing", () => {
  const proto = pair("__proto__", "81a66861636b6564c3");
  const read = box.decode(proto);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(({} as { hacked?: unknown }).hacked).toBeUndefined();
  expect(toHex(box.encode(read))).toBe(toHex(proto));
  const built = pair("constructor", "01");
  expect(toHex(box.encode(box.decode(built)))).toBe(toHex(built));
});

test("a oneof that is set replaces the variant that was not understood", () => {
  const read = box.decode(pair("pick", "81a17a05"));
  expect(read.pick).toBeUndefined();
  const set = Object.defineProperty({ ...read, pick: { case: "a", value: 1 } }, ...unknownOf(read));
  expect(toHex(box.encode(set))).toBe(toHex(pair("pick", "81a16101")));
});

function unknownOf(value: object): [symbol, PropertyDescriptor] {
  const [key] = Object.getOwnPropertySymbols(value) as [symbol];
  return [key, Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor];
}
