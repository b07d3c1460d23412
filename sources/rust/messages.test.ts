/** Attributes, tags and variants against the grammar of §21 of the Bilrost specification. */
import { expect, test } from "vitest";
import { describeMessage, describeOneof, readText } from "./testing.ts";

const USES = "use bilrost::{Enumeration, Message, Oneof};\n";

test.for([
  ["struct M { a: u32, b: u32 }", "1 a: u32, 2 b: u32", "named fields count from 1"],
  ["struct M(u32, u32);", "0 0: u32, 1 1: u32", "places count from 0"],
  ["struct M;", "", "a unit struct is the empty message"],
  ["struct M {}", "", "without fields"],
  ["struct M { #[bilrost(5)] a: u32, b: u32 }", "5 a: u32, 6 b: u32", "the next one goes on"],
  ["struct M { #[bilrost(tag(5))] a: u32 }", "5 a: u32", "tag(N)"],
  ["struct M { #[bilrost(tag = 5)] a: u32 }", "5 a: u32", "tag = N"],
  ['struct M { #[bilrost(tag = "5")] a: u32 }', "5 a: u32", 'tag = "N"'],
  ["struct M { #[bilrost = 5] a: u32 }", "5 a: u32", "= N"],
  ["struct M { #[bilrost(0x1F)] a: u32 }", "31 a: u32", "any literal"],
  ["struct M { #[bilrost(1_000)] a: u32 }", "1000 a: u32", "any literal"],
  ["struct M { #[bilrost(0)] a: u32 }", "0 a: u32", "0 is a tag"],
  ["struct M { #[bilrost(4294967295)] a: u32 }", "4294967295 a: u32", "the largest"],
  [
    "struct M { #[bilrost(2)] a: u32, #[bilrost(1)] b: u32 }",
    "2 a: u32, 1 b: u32",
    "in source order",
  ],
  [
    "struct M { #[bilrost(1)] #[bilrost(encoding(fixed))] a: u32 }",
    "1 a: u32 fixed",
    "lists add up",
  ],
  ["struct M { #[bilrost(tag(2), encoding(fixed))] a: u32 }", "2 a: u32 fixed", "one list"],
  [
    "struct M { #[bilrost(encoding(fixed))] a: u32 }",
    "1 a: u32 fixed",
    "an attribute without a tag",
  ],
  ["struct M { #[bilrost(ignore)] a: Unknown, b: u32 }", "1 b: u32", "an ignored one takes no tag"],
  ["struct M { #[bilrost(ignore(3))] a: u32, b: u32 }", "1 b: u32", "with a value"],
  ['struct M { #[bilrost(ignore = "3")] a: u32, b: u32 }', "1 b: u32", "with a value"],
  ["struct M(#[bilrost(ignore)] u32, u32);", "0 1: u32", "in places as well"],
  [
    "struct M { #[bilrost(recurses)] a: Option<Box<M>> }",
    "1 a: M?",
    "recurses is nothing on the wire",
  ],
  ['struct M { #[bilrost(name = "x")] a: u32 }', "1 a: u32", "the name is that in Rust"],
  ["struct M { r#type: u32 }", "1 type: u32", "a raw name"],
  ["struct M { /* , */ a: u32, // b: u32\n /// doc\n c: u32 }", "1 a: u32, 2 c: u32", "comments"],
  [
    "#[bilrost(distinguished, reserved_tags(8, 10-12))] struct M { a: u32 }",
    "1 a: u32",
    "on the struct",
  ],
  [
    "#[bilrost(default_per_field)] #[bilrost(borrowed_only)] struct M { a: u32 }",
    "1 a: u32",
    "on the struct",
  ],
  [
    '#[bilrost(default = "x()", crate = "b")] #[serde(rename = "q")] struct M { a: u32 }',
    "1 a: u32",
    "on the struct",
  ],
  [
    "struct M { #[bilrost(oneof(2, 3))] a: O, b: u32 }",
    "oneof a (2 X: u32, 3 Y: text), 4 b: u32",
    "a oneof, and behind it",
  ],
  [
    "struct M { #[bilrost(oneof(2-3))] a: O, b: u32 }",
    "oneof a (2 X: u32, 3 Y: text), 4 b: u32",
    "ranges are inclusive",
  ],
  [
    'struct M { #[bilrost(oneof = "3, 2")] a: O, b: u32 }',
    "oneof a (2 X: u32, 3 Y: text), 4 b: u32",
    "in any order",
  ],
  ["struct M { #[bilrost(oneof(2, 3))] a: Box<O> }", "oneof a (2 X: u32, 3 Y: text)", "in a box"],
  [
    "struct M { #[bilrost(oneof(1))] a: Option<Bare> }",
    "oneof a (1 X: u32)",
    "without an empty variant in an Option",
  ],
  ["struct M { #[bilrost(oneof(1))] a: Option<Box<Bare>> }", "oneof a (1 X: u32)", "both"],
] as const)("%s is %j: %s", async ([item, expected]) => {
  const others = `#[derive(Oneof)] enum O { E, #[bilrost(2)] X(u32), #[bilrost(3)] Y(String) }
    #[derive(Oneof)] enum Bare { #[bilrost(1)] X(u32) }`;
  const { messages, unresolved } = await readText(`${USES} ${others} #[derive(Message)] ${item}`);
  expect(unresolved).toEqual([]);
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe(expected);
});

test.for([
  [
    "struct M { #[bilrost(1)] a: u32, #[bilrost(1)] b: u32 }",
    "M.b",
    '"a" has the tag 1 already',
    "",
  ],
  ["struct M { #[bilrost(tag(1), tag(2))] a: u32 }", "M.a", 'attribute "tag" stands twice', ""],
  ["struct M { #[bilrost(4294967296)] a: u32 }", "M.a", "no number of 32 bits", ""],
  ["struct M { #[bilrost(-1)] a: u32 }", "M.a", "no number of 32 bits", ""],
  ["struct M { #[bilrost(tag(N))] a: u32 }", "M.a", "no number of 32 bits", "a tag is a literal"],
  ["struct M { #[bilrost(4294967295)] a: u32, b: u32 }", "M.b", "no tag is left", ""],
  [
    "struct M { #[bilrost(future_word)] a: u32 }",
    "M.a",
    '"future_word" is not known',
    "never passed over",
  ],
  ["struct M { #[bilrost(tag(1), ignore)] a: u32 }", "M.a", "beside others", ""],
  ["struct M { #[bilrost(oneof(2, 3), tag(1))] a: O }", "M.a", "beside others", ""],
  ["struct M { #[bilrost(oneof(2))] a: O }", "M.a", 'has the tags 2, and "O" has 2, 3', ""],
  ["struct M { #[bilrost(oneof(2, 2, 3))] a: O }", "M.a", "stands twice", ""],
  [
    "struct M { #[bilrost(oneof(2..3))] a: O }",
    "M.a",
    "none that bilrost takes",
    "only N.. and ..=M",
  ],
  [
    "struct M { #[bilrost(oneof(2..=3))] a: O }",
    "M.a",
    "none that bilrost takes",
    "only N.. and ..=M",
  ],
  ["struct M { #[bilrost(oneof(2-200))] a: O }", "M.a", "longer than 99", ""],
  ["struct M { #[bilrost(oneof(2..))] a: O }", "M.a", "longer than 99", ""],
  ["struct M { #[bilrost(oneof(2, 3))] a: Option<O> }", "M.a", "so it is not in an Option", ""],
  ["struct M { #[bilrost(oneof(1))] a: Bare }", "M.a", "it must be in an Option", ""],
  ["struct M { #[bilrost(oneof(1))] a: u32 }", "M.a", "no enum with the derive Oneof", ""],
  [
    "struct M { a: O }",
    "M.a",
    "no derive of bilrost's that makes it a value",
    "the attribute decides",
  ],
  ["#[bilrost(reserved_tags(1-3))] struct M { a: u32 }", "M.a", "the tag 1 is reserved", ""],
  [
    "#[bilrost(future_word)] struct M { a: u32 }",
    "M",
    '"future_word" is not known',
    "never passed over",
  ],
  ["#[bilrost(5)] struct M { a: u32 }", "M", '"5" is no attribute', ""],
  ["enum M { #[bilrost(1)] X(u32) }", "M", "needs an empty variant", "as a message"],
  ['struct M { #[cfg(feature = "x")] a: u32 }', "M.a", 'depends on cfg(feature = "x")', ""],
  ["struct M { #[cfg_attr(unix, bilrost(2))] a: u32 }", "M.a", "depends on cfg(unix)", ""],
] as const)("%s: %s is unresolved, %s: %s", async ([item, path, reason]) => {
  const others = `#[derive(Oneof)] enum O { E, #[bilrost(2)] X(u32), #[bilrost(3)] Y(String) }
    #[derive(Oneof)] enum Bare { #[bilrost(1)] X(u32) }`;
  const { messages, unresolved } = await readText(`${USES} ${others} #[derive(Message)] ${item}`);
  expect(messages.has("M")).toBe(false);
  expect(unresolved.map((one) => one.path)).toEqual([path]);
  expect(unresolved[0]?.reason).toContain(reason);
});

test.for([
  ["E, #[bilrost(1)] A(u32)", "1 A: u32", "the variant without anything is the empty one"],
  ["#[bilrost(empty)] E, #[bilrost(1)] A(u32)", "1 A: u32", "or says so"],
  ["E {}, #[bilrost(1)] A { of: u32 }", "1 A: u32", "a value variant may name its field"],
  ["#[bilrost(1)] A(Vec<u32>)", "1 A: packed [u32]", "general_packed is the default"],
  ["#[bilrost(tag(1), encoding(fixed))] A(u32)", "1 A: u32 fixed", ""],
  ["#[bilrost = 7] A(u8x)", undefined, "an unknown type"],
  ["#[bilrost(tag(2), message)] A(u32, u32)", "2 A: O::A(0: u32, 1: u32)", "places from 0"],
  [
    "#[bilrost(tag(2), message)] A { a: u32, b: u32 }",
    "2 A: O::A(1 a: u32, 2 b: u32)",
    "names from 1",
  ],
  ["#[bilrost(tag(2), message)] A { #[bilrost(9)] a: u32 }", "2 A: O::A(9 a: u32)", "with a tag"],
  ["#[bilrost(tag(2), message)] A", "2 A: O::A()", "a unit variant is an empty message"],
  [
    "#[bilrost(tag(2), message, reserved_tags(1))] A { #[bilrost(2)] a: u32 }",
    "2 A: O::A(2 a: u32)",
    "",
  ],
  ["#[bilrost(2)] A(u32), #[bilrost(1)] B(u32)", "2 A: u32, 1 B: u32", "in source order"],
  ["", "", "no variant at all"],
] as const)("a oneof of %s is %j: %s", async ([variants, expected]) => {
  const { oneofs } = await readText(`${USES} #[derive(Oneof)] enum O { ${variants} }`);
  const shape = oneofs.get("O");
  expect(shape && describeOneof(shape)).toBe(expected);
});

test.for([
  ["#[bilrost(1)] A", "O.A", 'must be a "message"', "a tag and nothing to write"],
  ["A(u32)", "O.A", "needs a tag", "variants have none of themselves"],
  ["#[bilrost(1)] A(u32, u32)", "O.A", 'must be a "message"', ""],
  ["#[bilrost(1)] A(#[bilrost(encoding(fixed))] u32)", "O.A", "stand on the variant", ""],
  ["#[bilrost(1)] A(u32), #[bilrost(1)] B(u32)", "O.B", "the tag 1 already", ""],
  ["A, B", "O.B", '"A" is the empty variant already', ""],
  ["#[bilrost(empty)] A(u32)", "O.A", "has no fields", ""],
  ["#[bilrost(empty, tag(1))] A", "O.A", "beside others", ""],
  [
    "#[bilrost(tag(1), message)] A { #[bilrost(1)] a: u32, #[bilrost(1)] b: u32 }",
    "O.A.b",
    "the tag 1 already",
    "",
  ],
  ["#[bilrost(1)] A(Option<u32>)", "O.A", "an Option can only be a field", ""],
  ["#[bilrost(tag(1), encoding(unpacked))] A(Vec<u32>)", "O.A", "except as a field of its own", ""],
  ["#[cfg(unix)] #[bilrost(1)] A(u32)", "O.A", "depends on cfg(unix)", ""],
] as const)("a oneof of %s: %s is unresolved, %s: %s", async ([variants, path, reason]) => {
  const source = `${USES} #[derive(Oneof)] enum O { ${variants} }
    #[derive(Message)] struct User { #[bilrost(oneof(1))] of: Option<O> }`;
  const { oneofs, incomplete, unresolved } = await readText(source);
  expect(oneofs.has("O")).toBe(false);
  expect(unresolved[0]?.path).toBe(path);
  expect(unresolved[0]?.reason).toContain(reason);
  expect(incomplete.get("User")).toContain(path);
});

test.for([
  ["A = 0, B = 5", { A: 0, B: 5 }, undefined, "discriminants"],
  ["A = 5, B = 0", { A: 5, B: 0 }, undefined, "in any order"],
  ["#[bilrost(0)] A, #[bilrost(9)] B", { A: 0, B: 9 }, "declaration", "attributes"],
  [
    "#[bilrost = 9] A, #[bilrost(val = 3)] B, #[bilrost(val(1))] C",
    { A: 9, B: 3, C: 1 },
    "declaration",
    "every form",
  ],
  [
    "#[bilrost(TWO)] A, #[bilrost(crate::TWO)] B = 7",
    undefined,
    undefined,
    "the same number twice",
  ],
  ["#[bilrost(TWO)] A, B = 7", { A: 2, B: 7 }, "declaration", "a constant"],
  ["A = TWO, B = TWO + 1, C = 0x10 | 1", { A: 2, B: 3, C: 17 }, undefined, "expressions"],
  [
    "#[bilrost(5)] A = 1, B = 0",
    { B: 0, A: 5 },
    "declaration",
    "the attribute numbers, the discriminant orders",
  ],
  [
    "#[bilrost(5)] A = 9, #[bilrost(6)] B, #[bilrost(7)] C = 3",
    { C: 7, A: 5, B: 6 },
    "declaration",
    "counted on from 9",
  ],
  ['#[bilrost(name = "x")] A = 0', { A: 0 }, undefined, "a name in schemas only"],
  ["A {} = 0, B() = 1", { A: 0, B: 1 }, undefined, "empty bodies"],
  ["A = 0, B", undefined, undefined, "every variant needs a number"],
  ["A = -1", undefined, undefined, "below 0"],
  ["A = 4294967295", { A: 4294967295 }, undefined, "the largest"],
  ["A = 4294967296", undefined, undefined, "above it"],
  ["A = 1 / 0", undefined, undefined, "no number at all"],
  ["A(u32) = 0", undefined, undefined, "no fields"],
  ["#[cfg(unix)] A = 0", undefined, undefined, "may not be there"],
] as const)(
  "an enumeration of %s is %j, ordered by %s: %s",
  async ([variants, expected, order]) => {
    const { enumerations } = await readText(
      `${USES} const TWO: u32 = 2; #[derive(Enumeration)] enum E { ${variants} }`,
    );
    const shape = enumerations.get("E");
    expect(shape && [...shape.variants]).toEqual(expected && Object.entries(expected));
    expect(shape?.order).toBe(order);
    if (shape) expect(shape.open).toBe(false);
  },
);

test.for([
  ["ZERO = 0, ONE = 1", true, "the literal"],
  [
    "#[bilrost(NOTHING)] ZERO, #[bilrost(1)] ONE",
    false,
    "a constant of the value 0 is not the empty state",
  ],
  ["ZERO = 0x0, ONE = 1", false, "nor is another way to write it"],
] as const)("an enumeration of %s as a plain field: %s, %s", async ([variants, works]) => {
  const { messages } = await readText(`${USES} const NOTHING: u32 = 0;
    #[derive(Enumeration)] enum E { ${variants} } #[derive(Message)] struct M { e: E }`);
  expect(messages.has("M")).toBe(works);
});

test.for([
  ["struct M(u32);", "0.1006", "1 0: u32", "places counted from 1"],
  ["struct M(u32);", "0.1006.1", "1 0: u32", "whatever the patch"],
  ["struct M(u32);", "0.1007", "0 0: u32", "and from 0 since"],
  ["struct M(u32);", "0.1016.3", "0 0: u32", "and from 0 since"],
  [
    "enum M { E, #[bilrost(1)] A(Vec<u32>) }",
    "0.1012",
    undefined,
    "general in a variant is no value",
  ],
  [
    "enum M { E, #[bilrost(1)] A(Vec<u32>) }",
    "0.1013",
    "oneof value (1 A: packed [u32])",
    "general_packed is",
  ],
  [
    "enum M { E, #[bilrost(1)] A(u32) }",
    "0.1007",
    "oneof value (1 A: u32)",
    "a Message on an enum",
  ],
  ["enum M { E, #[bilrost(1)] A(u32) }", "0.1006", undefined, "not before"],
  [
    "enum M { #[bilrost(empty)] E, #[bilrost(1)] A(u32) }",
    "0.1013",
    undefined,
    "empty since 0.1014",
  ],
  ["enum M { E, #[bilrost(tag(1), message)] A }", "0.1013", undefined, "message since 0.1014"],
  ["#[bilrost(reserved_tags(5..))] struct M { a: u32 }", "0.1012", "1 a: u32", "an open range"],
  ["#[bilrost(reserved_tags(5..))] struct M { a: u32 }", "0.1011", undefined, "not before"],
  [
    "#[bilrost(reserved_tags(5-6))] struct M { #[bilrost(6)] a: u32 }",
    "0.1005",
    undefined,
    "inclusive of old",
  ],
  ["struct M { #[bilrost(ignore(3))] a: u32 }", "0.1014", undefined, "a value since 0.1015"],
] as const)("%s in %s is %j: %s", async ([item, bilrostVersion, expected]) => {
  const source = `${USES} #[derive(Message, Oneof)] ${item}`;
  const { messages } = await readText(source.replace(", Oneof)] struct", ")] struct"), {
    bilrostVersion,
  });
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe(expected);
});

test("a version that is none is refused", async () => {
  for (const bilrostVersion of ["1.0", "0.9", "", "0.1006-dev", "latest"]) {
    const read = readText("", { bilrostVersion });
    await expect(read).rejects.toMatchObject({ code: "InvalidOption" });
  }
});

test("an enum with both derives is a message as a type, and a oneof where the attribute says so", async () => {
  const { messages } = await readText(`${USES}
    #[derive(Oneof, Message)] enum Both { Nothing, #[bilrost(4)] A(u32), #[bilrost(tag(5), message)] B { x: bool } }
    #[derive(Message)] struct M { message: Both, #[bilrost(oneof(4, 5))] oneof: Both, list: Vec<Both> }`);
  const [both, m] = [messages.get("Both"), messages.get("M")];
  expect(both && describeMessage(both)).toBe("oneof value (4 A: u32, 5 B: Both::B(1 x: bool))");
  expect(m && describeMessage(m)).toBe(
    "1 message: Both, oneof oneof (4 A: u32, 5 B: Both::B(1 x: bool)), 6 list: unpacked [Both]",
  );
  const [, oneof] = m?.members ?? [];
  expect(oneof?.kind === "oneof" && oneof.variants[1]?.type).toMatchObject({
    kind: "message",
    uncounted: true,
  });
});

test("places are an array's, unless one is left out", async () => {
  const { messages } = await readText(`${USES}
    #[derive(Message)] struct Whole(u32, u32);
    #[derive(Message)] struct Partly(#[bilrost(ignore)] u32, u32);`);
  expect(messages.get("Whole")?.tuple).toBe(true);
  expect(messages.get("Partly")?.tuple).toBeUndefined();
});

test("reserved tags stand beside the shapes", async () => {
  const { reservedTags } = await readText(
    `${USES} #[derive(Message)] #[bilrost(reserved_tags(8, 10-12, 20..))] struct M { a: u32 }`,
  );
  expect(reservedTags.get("M")).toEqual([
    [8, 8],
    [10, 12],
    [20, 4294967295],
  ]);
});
