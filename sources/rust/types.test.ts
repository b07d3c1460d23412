/** Rust types and encodings against what §9, §10, §15, §16 and §22 of the Bilrost specification say of them. */
import { expect, test } from "vitest";
import { bilrost, DEFAULT_LIMITS } from "../../codecs/index.ts";
import type { RustOptions, RustSchemas } from "./read.ts";
import { describeMessage, readText } from "./testing.ts";

const USES = `
use bilrost::{Enumeration, Message, Oneof};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::*;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;
use std::sync::Arc;
#[derive(Message)] struct Inner { x: u32 }
#[derive(Enumeration)] enum Kind { A = 0, B = 5 }
#[derive(Enumeration)] enum NoZero { B = 5 }
const SIXTEEN: usize = 16;
`;

function readField(field: string, options?: RustOptions): Promise<RustSchemas> {
  return readText(`${USES}\n#[derive(Message)] struct M<'a> { ${field} }`, options);
}

test.for([
  ["a: bool", "bool", "the smallest"],
  ["a: u16", "u16", "general from 16 bits on"],
  ["a: u32", "u32", ""],
  ["a: u64", "u64", "as a bigint unless numbers are asked for"],
  ["a: usize", "u64", "64 bits whatever the machine"],
  ["a: i16", "i16", "zigzag"],
  ["a: isize", "i64", ""],
  ["#[bilrost(encoding(varint))] a: u8", "u8", "bytes need varint"],
  ["#[bilrost(encoding(varint))] a: i8", "i8", ""],
  ["#[bilrost(encoding(varint))] a: bool", "bool", "varint covers bool"],
  ["#[bilrost(encoding(fixed))] a: u32", "u32 fixed", ""],
  ["#[bilrost(encoding(fixed))] a: i64", "i64 fixed", ""],
  ["#[bilrost(encoding(fixed))] a: f32", "f32", "the same bytes as general"],
  ["a: f64", "f64", ""],
  ["a: String", "text", ""],
  ["a: &'a str", "text", "borrowed"],
  ["a: Cow<'a, str>", "text", "borrowed or owned"],
  ["a: Box<str>", "text", ""],
  ["a: Arc<str>", "text", ""],
  ["a: bytestring::ByteString", "text", "by its path"],
  ["a: bytes::Bytes", "bytes", ""],
  ["a: bilrost::Blob", "bytes", ""],
  ["#[bilrost(encoding(plainbytes))] a: Vec<u8>", "bytes", ""],
  ["#[bilrost(encoding(plainbytes))] a: &'a [u8]", "bytes", ""],
  ["#[bilrost(encoding(plainbytes))] a: Cow<'a, [u8]>", "bytes", ""],
  ["#[bilrost(encoding(plainbytes))] a: [u8; SIXTEEN]", "bytes16", "the length is a constant"],
  ["#[bilrost(encoding(plainbytes))] a: &'a [u8; 4]", "bytes4", ""],
  ["#[bilrost(encoding(fixed))] a: [u8; 4]", "bytes4 fixed", "a scalar of four bytes"],
  ["#[bilrost(encoding(fixed))] a: [u8; 8]", "bytes8 fixed", ""],
  ["#[bilrost(encoding(packed<varint>))] a: [u8; 3]", "packed [u8; 3]", "numbers, no bytes"],
  ["#[bilrost(encoding(packed<varint>))] a: Vec<u8>", "packed [u8]", "numbers, no bytes"],
  ["a: Vec<u32>", "unpacked [u32]", "general is unpacked"],
  ["a: Cow<'a, [u32]>", "unpacked [u32]", "general is unpacked"],
  ["#[bilrost(encoding(packed))] a: Vec<u32>", "packed [u32]", ""],
  ["#[bilrost(encoding(general_packed))] a: Vec<u32>", "packed [u32]", ""],
  ["#[bilrost(encoding(packed<fixed>))] a: Vec<u32>", "packed [u32 fixed]", ""],
  ["#[bilrost(encoding(unpacked<fixed>))] a: Vec<u32>", "unpacked [u32 fixed]", ""],
  ["a: Vec<Vec<u32>>", "unpacked [packed [u32]]", "inner lists are packed"],
  ["#[bilrost(encoding(plainbytes))] a: Vec<Vec<u8>>", "unpacked [bytes]", "of bytes, unpacked"],
  ["a: Vec<Inner>", "unpacked [Inner]", ""],
  ["a: BTreeSet<u32>", "unpacked set [u32]", ""],
  ["#[bilrost(encoding(packed))] a: HashSet<String>", "packed set [text]", ""],
  ["#[bilrost(encoding(packed))] a: [u32; 3]", "packed [u32; 3]", ""],
  ["#[bilrost(encoding(unpacked))] a: [u32; 2 + 1]", "unpacked [u32; 3]", "a length is a sum"],
  ["a: BTreeMap<String, Vec<u32>>", "{text: packed [u32]}", "packed inside"],
  ["a: HashMap<u32, Inner>", "{u32: Inner}", ""],
  ["#[bilrost(encoding(map<fixed, varint>))] a: BTreeMap<u32, u8>", "{u32 fixed: u8}", ""],
  ["#[bilrost(encoding(map))] a: BTreeMap<u32, u32>", "{u32: u32}", "parameters left out"],
  ["a: (u32, Vec<u32>)", "(0: u32, 1: unpacked [u32])", "members are fields"],
  ["a: Vec<(u32, Vec<u32>)>", "unpacked [(0: u32, 1: unpacked [u32])]", "wherever the tuple is"],
  ["a: (u32, Option<u32>)", "(0: u32, 1: u32?)", "so they may be optional"],
  [
    "#[bilrost(encoding((varint, packed<fixed>)))] a: (u8, Vec<u32>)",
    "(0: u8, 1: packed [u32 fixed])",
    "",
  ],
  ["a: (u32,)", "(0: u32)", "one member"],
  ["a: ()", "()", "none"],
  ["a: Range<u32>", "Range(0 start: u32, 1 end: u32)", ""],
  ["a: RangeInclusive<u64>", "RangeInclusive(0 start: u64, 1 end: u64)", ""],
  [
    "#[bilrost(encoding((fixed, varint)))] a: Range<u32>",
    "Range(0 start: u32 fixed, 1 end: u32)",
    "",
  ],
  ["a: Option<u32>", "u32?", ""],
  [
    "#[bilrost(encoding(fixed))] a: Option<u64>",
    "u64 fixed?",
    "the encoding is that of the inside",
  ],
  ["#[bilrost(encoding(packed))] a: Option<Vec<u32>>", "packed [u32]?", ""],
  ["#[bilrost(encoding(unpacked))] a: Option<[u32; 2]>", "unpacked [u32; 2]?", "only for arrays"],
  ["#[bilrost(encoding(plainbytes))] a: Option<Vec<u8>>", "bytes?", ""],
  ["a: Option<BTreeMap<u32, u32>>", "{u32: u32}?", ""],
  ["a: Inner", "Inner", ""],
  ["a: Box<Inner>", "Inner", "a box is not seen"],
  ["a: Option<Box<Inner>>", "Inner?", ""],
  ["a: Kind", "enum Kind", ""],
  ["a: Option<NoZero>", "enum NoZero?", "without an empty value"],
  ["a: Vec<NoZero>", "unpacked [enum NoZero]", ""],
  ["a: Option<NonZeroU32>", "nonzero u32?", ""],
  ["a: Option<NonZero<u64>>", "nonzero u64?", "the generic form"],
  ["a: Option<NonZeroU8>", "nonzero u8?", "general covers these eight bits"],
  ["#[bilrost(encoding(fixed))] a: Option<NonZeroU64>", "nonzero u64 fixed?", ""],
  ["a: std::time::Duration", "core::time::Duration", ""],
  ["a: std::time::SystemTime", "SystemTime", ""],
  ["a: chrono::DateTime<chrono::Utc>", "chrono::DateTime<Utc>", ""],
  ["a: chrono::DateTime<chrono::FixedOffset>", "chrono::DateTime<FixedOffset>", ""],
  ["a: chrono::naive::NaiveDate", "chrono::NaiveDate", "by another module of chrono's"],
  ["a: chrono::Duration", "chrono::TimeDelta", "an alias of chrono's"],
  ["a: time::Duration", "time::Duration", ""],
  ["a: time::OffsetDateTime", "time::OffsetDateTime", ""],
  ["a: jiff::civil::DateTime", "jiff::DateTime", ""],
  ["a: jiff::Zoned", "jiff::Zoned", ""],
  ["a: bilrost_types::Timestamp", "Timestamp", ""],
  ["a: bilrost_types::Value", "Value", ""],
  ["a: smallvec::SmallVec<[u32; 4]>", "unpacked [u32]", "as long as it grows"],
  ["a: arrayvec::ArrayVec<u32, 4>", "unpacked [u32]", ""],
  ["a: hashbrown::HashMap<u32, u32>", "{u32: u32}", ""],
  ["#[bilrost(enumeration(Kind))] a: u32", "u32", "the helper has no form of its own"],
  ['#[bilrost(encoding = "packed<fixed>")] a: Vec<u64>', "packed [u64 fixed]", "as a string"],
  ["#[bilrost(encoding(bilrost::encoding::Varint))] a: u8", "u8", "by the crate's own type"],
] as const)("%s is %s: %s", async ([field, expected]) => {
  const { messages, unresolved } = await readField(field);
  const shape = messages.get("M");
  expect(unresolved).toEqual([]);
  expect(shape && describeMessage(shape)).toBe(`1 a: ${expected}`);
  if (shape) expect(bilrost.compile(shape, DEFAULT_LIMITS).encode({})).toEqual(new Uint8Array(0));
});

test.for([
  ["a: u8", '"general" does not cover u8, "varint" does', "general starts at 16 bits"],
  ["a: u128", "u128 has no encoding", ""],
  ["a: char", "char has no encoding", ""],
  ["a: Vec<u8>", "does not cover Vec<u8>", "bytes or numbers?"],
  ["a: [u32; 3]", 'name "packed" or "unpacked"', "no general for arrays"],
  ["#[bilrost(encoding(fixed))] a: [u8; 5]", "only 4 and 8 bytes", ""],
  ["#[bilrost(encoding(fixed))] a: Vec<u32>", "since bilrost 0.1013", "does not compile any more"],
  ["#[bilrost(encoding(fixed))] a: u16", '"fixed" does not cover u16', ""],
  ["#[bilrost(encoding(fixed))] a: usize", '"fixed" does not cover usize', "no width of its own"],
  ["#[bilrost(encoding(varint))] a: f32", '"varint" does not cover f32', ""],
  ["#[bilrost(encoding(varint))] a: String", '"varint" does not cover a string', ""],
  [
    "#[bilrost(encoding(plainbytes))] a: bytes::Bytes",
    '"plainbytes" does not cover',
    "general does",
  ],
  ["#[bilrost(encoding(fixed))] a: Kind", "what the user made it", "a delegation nobody sees"],
  ["#[bilrost(encoding(Mine))] a: u64", 'the encoding "Mine" is not Bilrost\'s own', ""],
  [
    "#[bilrost(encoding(packed<Mine>))] a: Vec<u64>",
    'the encoding "Mine" is not',
    "inside as well",
  ],
  ["a: Option<Vec<u32>>", 'name "packed"', "general is no value"],
  ["a: Option<Option<u32>>", "an Option can only be a field", ""],
  ["a: Vec<Option<u32>>", "an Option can only be a field", ""],
  ["a: NonZeroU32", "no empty value", "plain"],
  ["a: NoZero", "no empty value", "plain"],
  ["a: (u32, NonZeroU32)", "no empty value", "members are fields"],
  ["a: Arc<Inner>", "boxes hold messages and str", "only Box holds a message"],
  ["a: Box<u32>", "boxes hold messages and str", ""],
  ["a: Duration", '"Duration" is not in the sources read', "which one?"],
  ["a: Unknown", '"Unknown" is not in the sources read', ""],
  ["a: uuid::Uuid", 'the type "uuid::Uuid" is of a crate that was not read', ""],
  ["a: chrono::DateTime<chrono::Local>", "neither Utc nor FixedOffset", ""],
  ["a: Box<dyn Fn()>", "no type that a message can hold", ""],
  ["a: fn(u32) -> u32", "no type that a message can hold", ""],
  ["a: BTreeMap<f32, u32>", "floating-point numbers have no order", ""],
  ["a: BTreeSet<Vec<f64>>", "floating-point numbers have no order", ""],
  [
    "#[bilrost(encoding((varint, varint)))] a: (u32,)",
    "does not cover a tuple of 1",
    "as many as members",
  ],
  [
    "#[bilrost(encoding(plainbytes))] a: [u8; OTHER]",
    '"OTHER" is not in the sources read',
    "length unknown",
  ],
  ["#[bilrost(encoding(plainbytes))] a: [u8; size_of::<u64>()]", "no constant", "length unknown"],
  ["a: Self", '"Self" is not followed', ""],
  ["a: Inner<u32>", "generic and not instantiated plainly", ""],
  ["a: <u32 as Into>::X", "no type that a message can hold", ""],
] as const)("%s is unresolved, %s: %s", async ([field, reason]) => {
  const { messages, incomplete, unresolved } = await readField(field);
  expect(messages.has("M")).toBe(false);
  expect(incomplete.get("M")).toEqual(["M.a"]);
  expect(unresolved.map(({ path }) => path)).toEqual(["M.a"]);
  expect(unresolved[0]?.reason).toContain(reason);
});

test.for([
  [
    "#[bilrost(encoding(fixed))] a: Vec<u32>",
    "0.1012",
    "1 a: unpacked [u32 fixed]",
    "fixed stood for lists",
  ],
  [
    "#[bilrost(encoding(fixed))] a: [u32; 2]",
    "0.1012",
    "1 a: unpacked [u32 fixed; 2]",
    "and arrays",
  ],
  ["#[bilrost(encoding(fixed))] a: Vec<u32>", "0.1013", undefined, "it does not any more"],
  ["a: Vec<Vec<u32>>", "0.1012", undefined, "general is no value"],
  ["a: Vec<Vec<u32>>", "0.1013", "1 a: unpacked [packed [u32]]", "general_packed is"],
  ["#[bilrost(encoding(general_packed))] a: Vec<u32>", "0.1012", undefined, "not there yet"],
  ["#[bilrost(encoding(packed))] a: Vec<u32>", "0.1012", "1 a: packed [u32]", "the same bytes"],
  ["a: Range<u32>", "0.1013", undefined, "since 0.1014"],
  ["a: Option<NonZeroU32>", "0.1013", undefined, "since 0.1014"],
  ["a: (u32, u32)", "0.1005", undefined, "since 0.1006"],
  ["a: usize", "0.1006", undefined, "since 0.1007"],
  ["a: std::time::Duration", "0.1010", undefined, "since 0.1011"],
  ["a: jiff::Timestamp", "0.1015.2", undefined, "since 0.1016"],
  ["a: Arc<str>", "0.1015", undefined, "since 0.1016"],
] as const)("%s in %s is %s: %s", async ([field, bilrostVersion, expected]) => {
  const { messages } = await readField(field, { bilrostVersion });
  const shape = messages.get("M");
  const text = shape && describeMessage(shape);
  expect(text).toBe(expected);
});

test("64 bits are held as numbers when that is asked for", async () => {
  const { messages } = await readField("a: u64, b: i32, c: bilrost_types::Timestamp", {
    integers64: "number",
  });
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe("1 a: u64 as number, 2 b: i32, 3 c: Timestamp");
});
