/** What a name means: imports, modules, aliases, constants, generics, and what the reader does not look at. */
import { expect, test } from "vitest";
import { readRustSources } from "./read.ts";
import { describeMessage, readText } from "./testing.ts";

const M = "#[derive(bilrost::Message)] struct M";

test.for([
  ["#[derive(bilrost::Message)] struct M { a: u32 }", "by path"],
  ["#[derive(::bilrost::Message)] struct M { a: u32 }", "by an absolute path"],
  ["use bilrost::Message; #[derive(Message)] struct M { a: u32 }", "imported"],
  ["use bilrost::{Message}; #[derive(Debug, Message, Clone)] struct M { a: u32 }", "among others"],
  ["use bilrost::Message as Wire; #[derive(Wire)] struct M { a: u32 }", "renamed"],
  ["use bilrost as b; #[derive(b::Message)] struct M { a: u32 }", "the crate renamed"],
  ["use bilrost::*; #[derive(Message)] struct M { a: u32 }", "by a glob"],
  ["use crate::bilrost::Message; #[derive(Message)] struct M { a: u32 }", "re-exported"],
  ["#[derive(encoding::bilrost::Message)] struct M { a: u32 }", "re-exported"],
  ["#[derive(Clone)] #[derive(bilrost::Message)] struct M { a: u32 }", "in a second list"],
  [
    "#[derive(Message)] struct M { #[bilrost(1)] a: u32 }",
    "by our attributes, when no import says otherwise",
  ],
  [
    "mod m { use super::*; #[derive(Message)] struct M { a: u32 } } use bilrost::Message;",
    "through super",
  ],
  [
    "use bilrost::{Message, DistinguishedMessage}; #[derive(Message, DistinguishedMessage)] struct M { a: u32 }",
    "before 0.1012",
  ],
  [
    "#[cfg_attr(not(test), derive(bilrost::Message))] struct M { a: u32 }",
    "under a condition that holds",
  ],
  [
    "use bilrost::Message; use bilrost::encoding::Message; #[derive(Message)] struct M { a: u32 }",
    "a derive and a trait of one name",
  ],
] as const)("%s is a message: %s", async ([text]) => {
  const { messages, unresolved } = await readText(text);
  expect(unresolved).toEqual([]);
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe("1 a: u32");
});

test.for([
  ["use prost::Message; #[derive(Message)] struct M { a: u32 }", undefined, "another crate's"],
  ["#[derive(prost::Message)] struct M { a: u32 }", undefined, "another crate's"],
  ["struct M { a: u32 }", undefined, "no derive"],
  [
    "#[cfg(test)] mod tests { #[derive(bilrost::Message)] struct M { a: u32 } }",
    undefined,
    "tests are no protocol",
  ],
  [
    "mod tests { #![cfg(test)] #[derive(bilrost::Message)] struct M { a: u32 } }",
    undefined,
    "tests are no protocol",
  ],
  ["#[cfg(any())] #[derive(bilrost::Message)] struct M { a: u32 }", undefined, "never compiled"],
  ["#[derive(Message)] struct M { a: u32 }", "no import says so", "whose?"],
  ["struct M { #[bilrost(1)] a: u32 }", "without a derive of bilrost", "attributes alone"],
  [
    "use prost::Message; #[derive(Message)] struct M { #[bilrost(1)] a: u32 }",
    "without a derive of bilrost",
    "a contradiction",
  ],
  [
    "generate! { #[derive(bilrost::Message)] struct M { a: u32 } }",
    "macros are not expanded",
    "a macro",
  ],
  ["generate!(struct M { #[bilrost(1)] a: u32 });", "macros are not expanded", "a macro"],
  [
    "macro_rules! m { () => { #[derive(bilrost::Message)] struct M { a: u32 } } }",
    "macros are not expanded",
    "a macro",
  ],
  ["fn f() { #[derive(bilrost::Message)] struct M { a: u32 } }", "in a function's body", "hidden"],
  [
    "#[test] fn f() { #[derive(bilrost::Message)] struct M { a: u32 } }",
    undefined,
    "a test is no protocol",
  ],
  [
    "impl X { fn f() { #[derive(bilrost::Message)] struct M { a: u32 } } }",
    "in a function's body",
    "hidden",
  ],
  [
    "use bilrost::Message; generate! { #[derive(Message)] struct M { a: u32 } }",
    "macros are not expanded",
    "a macro",
  ],
  [
    "use prost::Message; generate! { #[derive(Message)] struct M { a: u32 } }",
    undefined,
    "a macro of others",
  ],
  ["bitflags! { struct M: u32 { const A = 1; } }", undefined, "a macro that has nothing of ours"],
  [
    "#[derive(bilrost::Message)] struct M<T> { a: T }",
    "generic over T, and not instantiated",
    "generic",
  ],
  [
    "#[cfg(a)] use bilrost::Message; #[cfg(b)] use prost::Message; #[derive(Message)] struct M { a: u32 }",
    "no import says so",
    "either crate's",
  ],
] as const)("%s is no message, %s: %s", async ([text, reason]) => {
  const { messages, unresolved } = await readText(text);
  expect([...messages.keys()]).toEqual([]);
  expect(unresolved.map((one) => one.reason)).toEqual(
    reason ? [expect.stringContaining(reason)] : [],
  );
});

test.for([
  [`type Id = u64; ${M} { a: Id }`, "u64", "an alias"],
  [`type Pair<T> = (T, T); ${M} { a: Pair<u32> }`, "(0: u32, 1: u32)", "with a parameter"],
  [`type A = B; type B = Vec<C>; type C = u32; ${M} { a: A }`, "unpacked [u32]", "of an alias"],
  [`type Maybe = Option<u32>; ${M} { a: Maybe }`, "u32?", "of an Option"],
  [
    `use std::collections as c; ${M} { a: c::BTreeMap<u32, u32> }`,
    "{u32: u32}",
    "a module renamed",
  ],
  [
    `use std::time; ${M} { a: time::Duration }`,
    "core::time::Duration",
    "std's time, not the crate",
  ],
  [`use std::time::Duration as Span; ${M} { a: Span }`, "core::time::Duration", "a type renamed"],
  [`use chrono::prelude::*; ${M} { a: DateTime<Utc> }`, "chrono::DateTime<Utc>", "by a known glob"],
  [
    `use std::{time::{Duration, SystemTime}, sync::Arc}; ${M} { a: Duration }`,
    "core::time::Duration",
    "from a tree",
  ],
  [`use std::time::{self as t}; ${M} { a: t::Duration }`, "core::time::Duration", "self renamed"],
  [
    `mod inner { pub struct No; #[derive(bilrost::Message)] pub struct In(u32); } ${M} { a: inner::In }`,
    "In",
    "in a module",
  ],
  [`mod inner { ${M} { a: super::Id } } type Id = u32;`, "u32", "super"],
  [`mod inner { use super::*; ${M} { a: Id } } type Id = u32;`, "u32", "a glob of super"],
  [`struct Option2; ${M} { a: core::option::Option<u32> }`, "u32?", "by its full path"],
  [
    `const N: usize = 2; ${M} { #[bilrost(encoding(packed))] a: [u32; N] }`,
    "packed [u32; 2]",
    "a constant",
  ],
  [
    `impl Id { const LEN: usize = 3; } ${M} { #[bilrost(encoding(plainbytes))] a: [u8; Id::LEN] }`,
    "bytes3",
    "an associated constant",
  ],
  [
    `const A: usize = B * 4; const B: usize = (1 << 2) as usize; ${M} { #[bilrost(encoding(plainbytes))] a: [u8; A] }`,
    "bytes16",
    "of constants",
  ],
  [
    `#[derive(bilrost::Message)] struct Page<T> { items: Vec<T> } ${M} { a: Page<u32> }`,
    "Page<u32>",
    "a generic, instantiated",
  ],
  [
    `#[derive(bilrost::Message)] struct Buffer<const N: usize>(#[bilrost(encoding(plainbytes))] [u8; N]); ${M} { a: Buffer<7> }`,
    "Buffer<7>",
    "by a constant",
  ],
  [
    `type Enc = bilrost::encoding::Packed<fixed>; ${M} { #[bilrost(encoding(Enc))] a: Vec<u32> }`,
    "packed [u32 fixed]",
    "an alias of an encoding",
  ],
] as const)("%s: a is %s: %s", async ([text, expected]) => {
  const { messages, unresolved } = await readText(text);
  expect(unresolved).toEqual([]);
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe(`1 a: ${expected}`);
});

test.for([
  [
    `use crate::prelude::*; ${M} { a: BTreeMap<u32, u32> }`,
    "may come from",
    "an unknown glob may hide it",
  ],
  [
    `use foreign::Duration; ${M} { a: Duration }`,
    '"foreign::Duration" is of a crate',
    "re-exported elsewhere",
  ],
  [
    `use tokio::time; ${M} { a: time::Duration }`,
    '"tokio::time::Duration" is of a crate',
    "another crate's time",
  ],
  [`type A = B; type B = A; ${M} { a: A }`, "nested too deeply", "in a circle"],
  [`use a::X as Y; use b::Y as X; ${M} { a: X }`, "", "in a circle"],
  [`type A<T> = Vec<A<T>>; ${M} { a: A<u32> }`, "nested too deeply", "without an end"],
  [
    `#[derive(bilrost::Message)] struct G<T> { t: Option<Box<G<Vec<T>>>> } ${M} { a: G<u32> }`,
    "nested too deeply",
    "ever growing",
  ],
  [
    `const A: usize = B; const B: usize = A; ${M} { #[bilrost(encoding(plainbytes))] a: [u8; A] }`,
    "too many others",
    "in a circle",
  ],
  [
    `#[cfg(unix)] const N: usize = 1; ${M} { #[bilrost(encoding(plainbytes))] a: [u8; N] }`,
    "depends on cfg(unix)",
    "maybe",
  ],
  [
    `#[cfg(unix)] type Id = u32; #[cfg(windows)] type Id = u64; ${M} { a: Id }`,
    '"Id" is ambiguous: src/lib.rs:1, src/lib.rs:1',
    "either",
  ],
  [`struct Hidden; ${M} { a: Hidden }`, "no derive of bilrost's", "a plain struct"],
] as const)("%s is unresolved, %s: %s", async ([text, reason]) => {
  const { messages, unresolved } = await readText(text);
  expect(messages.has("M")).toBe(false);
  expect(unresolved.map((one) => one.reason).join()).toContain(reason);
});

test("an item under a condition that nobody decided is noted, and decided it is there or not", async () => {
  const text =
    '#[cfg(feature = "extra")] #[derive(bilrost::Message)] struct M { a: u32, #[cfg(unix)] b: u32 }';
  const open = await readText(text, { cfg: { unix: true } });
  expect([...open.messages.keys()]).toEqual(["M"]);
  expect(open.notes).toMatchObject([
    { path: "M", text: 'exists only under cfg(feature = "extra")' },
  ]);
  const on = await readText(text, { cfg: { 'feature = "extra"': true, unix: false } });
  const shape = on.messages.get("M");
  expect(shape && describeMessage(shape)).toBe("1 a: u32");
  expect(on.notes).toEqual([]);
  const off = await readText(text, { cfg: { 'feature = "extra"': false } });
  expect(off.messages.size).toBe(0);
});

test("two imports of one name, each under a condition, are not decided between", async () => {
  const text = `#[cfg(unix)] use a::Id; #[cfg(windows)] use b::Id; ${M} { a: Id }`;
  const { unresolved } = await readText(text);
  expect(unresolved[0]?.reason).toBe('"a::Id or b::Id" is not in the sources read');
  const on = await readText(text, { cfg: { unix: true, windows: false } });
  expect(on.unresolved[0]?.reason).toBe('the type "a::Id" is of a crate that was not read');
});

test("an order that is written by hand is noted", async () => {
  const { messages, notes } =
    await readText(`#[derive(bilrost::Enumeration, PartialEq, Eq)] enum E { A = 0 }
    impl Ord for E { fn cmp(&self, other: &Self) -> std::cmp::Ordering { todo!() } }
    ${M} { a: std::collections::BTreeSet<E> }`);
  expect(messages.has("M")).toBe(true);
  expect(notes).toMatchObject([{ path: "E", text: expect.stringContaining("impl Ord") }]);
});

test("every element has its place, by line and by bytes of the file", async () => {
  const text = `// Ünïcödé before\n#[derive(bilrost::Message)]\nstruct Mé {\n    /* ü */ a: u32,\n    ünused: Vec<u8>,\n}\n`;
  const { locations, unresolved } = await readRustSources([{ path: "x.rs", text }]);
  const bytes = Buffer.from(text);
  const excerpt = (path: string): string => {
    const at = locations.get(path);
    return bytes.subarray(at?.byteStart, at?.byteEnd).toString();
  };
  expect(locations.get("Mé")).toMatchObject({ file: "x.rs", line: 3, column: 1 });
  expect(locations.get("Mé.a")).toMatchObject({ line: 4, column: 13 });
  expect(excerpt("Mé.a")).toBe("a: u32");
  const { attributesStart = 0, byteEnd } = locations.get("Mé") ?? {};
  expect(bytes.subarray(attributesStart, byteEnd).toString()).toMatch(/^#\[derive[\s\S]*\}$/);
  expect(excerpt("Mé.ünused")).toBe("ünused: Vec<u8>");
  expect(unresolved[0]?.location).toEqual(locations.get("Mé.ünused"));
});

test.for([
  ["struct A { __proto__: u32, b: u32 }", "A.__proto__"],
  ["struct A { r#__proto__: u32 }", "A.__proto__"],
  ["struct __proto__ { a: u32 }", "__proto__"],
  ["struct A { #[bilrost(oneof(1))] __proto__: Option<O> }", "A.__proto__"],
] as const)("%j is reported: JavaScript has no property of this name", async ([text, path]) => {
  const { incomplete, unresolved } = await readText(
    `#[derive(bilrost::Message)] ${text} #[derive(bilrost::Oneof)] enum O { #[bilrost(1)] X(u32) }`,
  );
  expect(unresolved).toMatchObject([
    { path, reason: expect.stringContaining('"__proto__" is no name') },
  ]);
  expect([...incomplete].length).toBe(1);
});

test("a variant of a oneof and an enumeration of this name are reported, too", async () => {
  const { unresolved } = await readText(`
    #[derive(bilrost::Oneof)] enum O { #[bilrost(1)] __proto__(u32), #[bilrost(2)] B(u32) }
    mod e { #[derive(bilrost::Enumeration)] enum __proto__ { A = 0 } }
    #[derive(bilrost::Message)] struct constructor { to_string: u32, constructor: u32 }`);
  expect(unresolved.map(({ path }) => path)).toEqual(["O.__proto__", "__proto__"]);
});
