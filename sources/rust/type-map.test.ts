/** What the user says of types that the sources do not explain. */
import { expect, test } from "vitest";
import { describeMessage, readText } from "./testing.ts";

const ITEMS = `
use std::ops::RangeInclusive; use std::sync::Arc;
pub mod ids { pub struct Id(u64); pub struct Named { inner: u32 } pub struct Wrapper<T>(pub T); }
use ids::*;
#[derive(Transparent)] struct Lsn(u64);
#[derive(other::Transparent)] struct Term(u16);
struct Stamp(u64);
#[derive(bilrost::Message)] struct Record { x: u32 }
#[derive(bilrost::Enumeration)] enum Kind { A = 0 }
struct X;
`;

const MAP = {
  "#[derive(Transparent)]": "transparent:0",
  Id: "transparent:0",
  "ids::Named": "transparent:inner",
  Wrapper: "transparent:0",
  Stamp: { general: "u64", fixed: "u64 fixed", RestateEncoding: "u64 with varint" },
  Kind: { fixed: "u32 with fixed" },
  PartitionId: { general: "u16", fixed: "u32 fixed" },
  U128: { general: "(u64, u64)", fixed: "[u8; 16] with plainbytes" },
  NodeSet: "BTreeSet<u32> with packed",
  Names: "Vec<String>",
  "RangeInclusive<u64>": { RestateEncoding: "(u64, u64)" },
  "Option<u8>": { Tiny: "u8 with varint" },
  "Arc<[T]>": { "ArcedSlice<E>": "Vec<T> with E" },
  "Arc<Record>": { Arced: "Record" },
  Record: { Custom: "(u32, u32)" },
  X: { Own: "bool", _: "u32" },
  "Cell<X>": { Own: "text::Text" },
  "text::Text": "String",
  "uuid::Uuid": "[u8; 16] plainbytes",
  "&str": { Quoted: "String" },
};

test.for([
  ["a: Stamp", "u64", "general"],
  ["#[bilrost(encoding(fixed))] a: Stamp", "u64 fixed", "another encoding, another form"],
  ["#[bilrost(encoding(RestateEncoding))] a: Stamp", "u64", "an encoding of the user's own"],
  ["#[bilrost(encoding(crate::enc::RestateEncoding))] a: Stamp", "u64", "by its last segment"],
  ["#[bilrost(encoding(fixed))] a: Option<Stamp>", "u64 fixed?", "in an Option"],
  ["#[bilrost(encoding(packed<fixed>))] a: Vec<Stamp>", "packed [u64 fixed]", "in a list"],
  ["a: Vec<Stamp>", "unpacked [u64]", "general_packed falls back to general"],
  ["a: Id", "u64", "a newtype, looked through"],
  ["#[bilrost(encoding(fixed))] a: Id", "u64 fixed", "under any encoding"],
  ["a: ids::Named", "u32", "by the name of its member"],
  ["a: Wrapper<Option<u32>>", undefined, "what is inside must be a value"],
  ["a: Wrapper<Vec<u32>>", "unpacked [u32]", "generic"],
  ["a: Lsn", "u64", "by a derive of the user's own"],
  ["a: Term", "u16", "by its last segment"],
  ["a: Kind", "enum Kind", "what the sources explain needs no word"],
  ["#[bilrost(encoding(fixed))] a: Kind", "u32 fixed", "beside it"],
  ["#[bilrost(encoding(fixed))] a: elsewhere::PartitionId", "u32 fixed", "of another crate"],
  ["a: elsewhere::PartitionId", "u16", "of another crate"],
  ["a: elsewhere::U128", "(0: u64, 1: u64)", "a tuple"],
  ["#[bilrost(encoding(fixed))] a: elsewhere::U128", "bytes16", "bytes"],
  ["a: elsewhere::NodeSet", "packed set [u32]", "with its own encoding"],
  ["a: elsewhere::Names", "unpacked [text]", "a list as a field"],
  ["a: Vec<elsewhere::Names>", "unpacked [packed [text]]", "a list in a list"],
  [
    "#[bilrost(encoding(RestateEncoding))] a: RangeInclusive<u64>",
    "(0: u64, 1: u64)",
    "a type of std",
  ],
  ["a: RangeInclusive<u64>", "RangeInclusive(0 start: u64, 1 end: u64)", "which else is as ever"],
  [
    "#[bilrost(encoding(RestateEncoding))] a: RangeInclusive<u32>",
    undefined,
    "with other arguments it is another",
  ],
  [
    "#[bilrost(encoding(ArcedSlice<packed>))] a: Arc<[Record]>",
    "packed [Record]",
    "letters stand for anything",
  ],
  [
    "#[bilrost(encoding(ArcedSlice<unpacked>))] a: Arc<[u64]>",
    "unpacked [u64]",
    "letters stand for anything",
  ],
  [
    "#[bilrost(encoding(ArcedSlice<packed<Custom>>))] a: Arc<[Record]>",
    "packed [(0: u32, 1: u32)]",
    "of any depth",
  ],
  ["#[bilrost(encoding(Arced))] a: Arc<Record>", "Record", "a shared message"],
  ["a: elsewhere::X", "u32", "a letter alone is a name, and _ any encoding"],
  ["#[bilrost(encoding(Own))] a: elsewhere::X", "bool", "the encoding's own entry goes first"],
  [
    "#[bilrost(encoding(Own))] a: elsewhere::Cell<X>",
    "text",
    "a letter that is an item is that item",
  ],
  ["#[bilrost(encoding(Own))] a: elsewhere::Cell<Y>", undefined, "and no other"],
  ["a: uuid::Uuid", "bytes16", "without the word with"],
  ["#[bilrost(encoding(Quoted))] a: &'static str", "text", "a reference"],
  ["#[bilrost(encoding(Unknown))] a: Stamp", undefined, "not under this encoding"],
  ["#[bilrost(encoding(varint))] a: elsewhere::U128", undefined, "not under this encoding"],
] as const)("%s is %s: %s", async ([field, expected]) => {
  const text = `${ITEMS} #[derive(bilrost::Message)] struct M { ${field} }`;
  const { messages, unresolved } = await readText(text, { typeMap: MAP });
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe(expected && `1 a: ${expected}`);
  expect(unresolved).toHaveLength(expected === undefined ? 1 : 0);
});

test("what is wanted of the map stands beside the reason", async () => {
  const text =
    "#[derive(bilrost::Message)] struct M { #[bilrost(encoding(packed<Mine<u8>>))] a: Vec<x::Y> }";
  const { unresolved } = await readText(text);
  expect(unresolved).toMatchObject([
    { path: "M.a", wanted: { type: "x::Y", encoding: "Mine<u8>" } },
  ]);
});

test.for([
  [[], "is no object"],
  [{ A: 5 }, "is no object"],
  [{ A: {} }, "has no encoding"],
  [{ A: { general: 5 } }, "described by no string"],
  [{ A: "" }, "is no Rust type"],
  [{ A: "u32 u32 u32" }, "is no Rust type"],
  [{ A: "dyn Fn()" }, "is no Rust type"],
  [{ "fn()": "u32" }, "is no Rust type"],
  [{ A: { "!": "u32" } }, "is no encoding"],
] as const)("the map %j is refused: %s", async ([typeMap, problem]) => {
  const read = readText("", { typeMap: typeMap as never });
  await expect(read).rejects.toMatchObject({
    code: "InvalidTypeMap",
    message: expect.stringContaining(problem),
  });
});

test.for([
  [{ A: "transparent:1" }, 'no member "1"'],
  [{ A: "B" }, "not in the sources read"],
  [{ A: "A" }, "nested too deeply"],
  [{ A: "Vec<A>" }, "nested too deeply"],
  [{ Kind: { general: "transparent:0" } }, "no struct of the sources"],
  [{ A: "u8" }, '"general" does not cover u8'],
] as const)("the map %j leads nowhere: %s", async ([typeMap, problem]) => {
  const text = `struct A(u64); #[derive(bilrost::Enumeration)] enum Kind { A = 0 }
    #[derive(bilrost::Message)] struct M { a: ${"Kind" in typeMap ? "Kind" : "A"} }`;
  const { messages, unresolved } = await readText(text, { typeMap });
  expect(messages.has("M")).toBe(false);
  expect(unresolved[0]?.reason).toContain(problem);
});
