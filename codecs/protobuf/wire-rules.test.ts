/** The rules of the protobuf encoding, each as bytes. */
import { expect, test } from "vitest";
import { shapeOf } from "../contract/messages.ts";
import { DecodeError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { enumeration } from "../schema/enumeration.ts";
import { SchemaError } from "../schema/errors.ts";
import * as s from "../schema/field.ts";
import { type MessageDefinition, message, oneof } from "../schema/message.ts";
import { fromHex, toHex } from "../value-json.ts";
import { protobuf } from "./format.ts";

const Item = message("Item", { a: s.uint32(1), b: s.uint32(2), c: s.list(3, s.uint32) });
const Rules = message("Rules", {
  number: s.uint64(1),
  small: s.uint8(2),
  list: s.list(3, s.uint32),
  tight: s.packed(4, s.sfixed32),
  item: s.field(5, Item),
  maybe: s.optional(s.field(6, Item)),
  pick: oneof({ item: s.field(7, Item), word: s.string(8) }),
  map: s.map(9, s.string, Item),
  flag: s.bool(10),
  text: s.string(11),
  blobs: s.map(12, s.bytes, s.uint32),
  colour: s.field(13, enumeration("Colour", { none: 0, one: 1 })),
  signed: s.int64(14),
});
const rules = protobuf.compile(shapeOf(Rules), DEFAULT_LIMITS);
const bytesOf = (hex: string): Uint8Array => fromHex(hex.replaceAll(" ", ""));

test.for([
  { hex: "0801 0802", part: { number: 2 }, why: "the last scalar wins" },
  { hex: "0880808000", part: { number: 0 }, why: "a number may have more bytes than it needs" },
  { hex: "888000 05", part: { number: 5 }, why: "so may a key" },
  {
    hex: "1801 1802 1a03030405",
    part: { list: [1, 2, 3, 4, 5] },
    why: "a list comes packed and not",
  },
  {
    hex: "2501000000 220802000000ffffffff",
    part: { tight: [1, 2, -1] },
    why: "so do fixed numbers",
  },
  { hex: "1a00", part: { list: [] }, why: "a packed list may be empty" },
  { hex: "2a020801 2a021002", part: { item: { a: 1, b: 2, c: [] } }, why: "a message is merged" },
  {
    hex: "320408011801 320418020805",
    part: { maybe: { a: 5, b: 0, c: [1, 2] } },
    why: "merging joins lists and replaces scalars",
  },
  {
    hex: "3a020801 3a021002",
    part: { pick: { case: "item", value: { a: 1, b: 2, c: [] } } },
    why: "the same variant twice is merged",
  },
  {
    hex: "3a020801 420178",
    part: { pick: { case: "word", value: "x" } },
    why: "of two variants the last wins",
  },
  {
    hex: "3a020801 420178 3a021002",
    part: { pick: { case: "item", value: { a: 0, b: 2, c: [] } } },
    why: "a variant that was replaced is not merged with",
  },
  {
    hex: "4a07 0a0161 12020801 4a07 0a0161 12021002",
    part: { map: new Map([["a", { a: 0, b: 2, c: [] }]]) },
    why: "the last of equal keys wins, whole",
  },
  {
    hex: "4a00",
    part: { map: new Map([["", { a: 0, b: 0, c: [] }]]) },
    why: "an entry may be empty",
  },
  {
    hex: "4a0b 12020801 12021002 0a0161",
    part: { map: new Map([["a", { a: 1, b: 2, c: [] }]]) },
    why: "the value may come first, and in parts",
  },
  {
    hex: "6205 0a0101 1001 6205 0a0101 1002",
    part: { blobs: new Map([[Uint8Array.of(1), 2]]) },
    why: "equal bytes are one key",
  },
  {
    hex: "68ffffffffffffffffff01",
    part: { colour: "unknown(4294967295)" },
    why: "a variant is an int32",
  },
  { hex: "70ffffffffffffff0f", part: { signed: -(2 ** 52) }, why: "zigzag goes beyond 32 bits" },
  { hex: "2a06 0807 a206 0178", part: { item: { a: 7, b: 0, c: [] } }, why: "unknown inside" },
])("$why", ({ hex, part }) => {
  expect(rules.decode(bytesOf(hex))).toMatchObject(part);
});

test.for([
  { hex: "00", code: "TagOverflowed", offset: 0, why: "field number 0" },
  { hex: "8080808010", code: "TagOverflowed", offset: 0, why: "field number 2^29" },
  { hex: "0d01000000", code: "WrongWireType", offset: 1, why: "fixed where a varint is due" },
  { hex: "120180", code: "WrongWireType", offset: 1, why: "a length where a number is due" },
  { hex: "1d01000000", code: "WrongWireType", offset: 1, why: "fixed items in a list of varints" },
  { hex: "1080808080808080808002", code: "InvalidVarint", offset: 1, why: "more than 64 bits" },
  { hex: "1080808080808080808080", code: "InvalidVarint", offset: 1, why: "more than ten bytes" },
  { hex: "10ac02", code: "OutOfDomainValue", offset: 1, why: "300 in eight bits" },
  { hex: "08ffffffffffffffffff01", code: "OutOfDomainValue", offset: 1, why: "2^64 - 1" },
  { hex: "088080808080808010", code: "OutOfDomainValue", offset: 1, why: "2^53 as a number" },
  { hex: "5002", code: "OutOfDomainValue", offset: 1, why: "a bool of 2" },
  { hex: "688080808010", code: "OutOfDomainValue", offset: 1, why: "a variant of 33 bits" },
  { hex: "5a01ff", code: "InvalidValue", offset: 2, why: "text that is not UTF-8" },
  { hex: "5a03eda080", code: "InvalidValue", offset: 2, why: "a lone surrogate as UTF-8" },
  { hex: "5a0561", code: "Truncated", offset: 1, why: "a length behind the end" },
  { hex: "2a0508", code: "Truncated", offset: 1, why: "a message behind the end" },
  { hex: "2a0108 0801", code: "Truncated", offset: 3, why: "a field that leaves its message" },
  { hex: "2203010000", code: "Truncated", offset: 2, why: "half an item in a packed list" },
  { hex: "5affffffffffffffffff01", code: "Truncated", offset: 1, why: "a length of 2^64 - 1" },
  { hex: "4a021800", code: "UnknownField", offset: 2, why: "a third part of a map entry" },
  { hex: "a306", code: "Truncated", offset: 2, why: "a group without end" },
  { hex: "a306ac06", code: "Malformed", offset: 2, why: "a group closed by another" },
  { hex: "a406", code: "Malformed", offset: 0, why: "a group end without start" },
  { hex: "a606", code: "Malformed", offset: 0, why: "wire type 6" },
  { hex: "a306".repeat(101), code: "RecursionLimitReached", offset: 202, why: "groups in groups" },
])("$why is refused with $code", ({ hex, code, offset }) => {
  expect(() => rules.decode(bytesOf(hex))).toThrow(
    expect.objectContaining({ name: DecodeError.name, code, offset }),
  );
});

test("an error names the way to it", () => {
  const bytes = bytesOf("4a070a016112020801 4a08 0a0162 12031a01ff");
  expect(() => rules.decode(bytes)).toThrow(
    expect.objectContaining({ path: ["Rules", "map", "[1]", "c", "[0]"], offset: 19 }),
  );
});

test("unknown fields of every wire type come back in their order, groups and all", () => {
  const unknown =
    "a006ac02 a206026869 a50601020304 a1060102030405060708 a306 a80601 ab06ac06 a20600 a406";
  const hex = unknown.replaceAll(" ", "");
  const read = rules.decode(bytesOf(`0807${hex}1003`));
  expect(toHex(rules.encode(read))).toBe(`08071003${hex}`);
});

test("groups side by side are no depth", () => {
  const hex = "a306a406".repeat(150);
  expect(toHex(rules.encode(rules.decode(bytesOf(hex))))).toBe(hex);
});

test("a message in two parts keeps the unknown fields of both", () => {
  const read = rules.decode(bytesOf("2a03 a00601 2a03 a00602"));
  expect(toHex(rules.encode(read))).toBe("2a06a00601a00602");
});

test("fields stand in the order of their numbers, variants among them", () => {
  const Later = message("Later", {
    last: s.uint32(9),
    pick: oneof({ middle: s.bool(5), end: s.bool(12) }),
    first: s.uint32(1),
  });
  const codec = protobuf.compile(shapeOf(Later), DEFAULT_LIMITS);
  const hexOf = (name: string) =>
    toHex(codec.encode({ last: 2, first: 1, pick: { case: name, value: true } }));
  expect([hexOf("middle"), hexOf("end")]).toEqual(["080128014802", "080148026001"]);
});

test.for([
  { members: { a: s.uint32(0) }, why: "field number 0" },
  { members: { a: s.uint32(19_500) }, why: "a number that protobuf keeps for itself" },
  { members: { a: s.uint32(2 ** 29) }, why: "a number of 30 bits" },
  { members: { a: s.optional(s.list(1, s.uint32)) }, why: "an optional list" },
  { members: { a: s.optional(s.map(1, s.string, s.uint32)) }, why: "an optional map" },
  {
    members: { a: s.field(1, enumeration("E", { none: 0, far: 2 ** 31 })) },
    why: "a variant above 2^31 - 1",
  },
])("compile() refuses what protobuf cannot say: $why", ({ members }) => {
  const definition = message("M", members) as unknown as MessageDefinition<object>;
  expect(() => protobuf.compile(shapeOf(definition), DEFAULT_LIMITS)).toThrow(SchemaError);
});
