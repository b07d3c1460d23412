/** Paths that lead from file to file, and items of one name that must not be mistaken for each other. */
import { expect, test } from "vitest";
import { type RustOptions, type RustSchemas, readRustSources } from "./read.ts";
import { describeMessage } from "./testing.ts";

/** Files as one text: a line `// file: path` begins each. */
function readFiles(text: string, options?: RustOptions): Promise<RustSchemas> {
  const files = text.split(/^\s*\/\/ file: /m).slice(1);
  return readRustSources(
    files.map((file) => {
      const end = file.indexOf("\n");
      return { path: file.slice(0, end).trim(), text: file.slice(end + 1) };
    }),
    options,
  );
}

const M = "#[derive(bilrost::Message)] struct M";

test("paths lead from file to file: by module, by re-export, by the last segment when it is the only one", async () => {
  const { messages, unresolved } = await readFiles(
    `
    // file: core/src/ids.rs
    pub struct Hidden; #[derive(bilrost::Message)] pub struct Id(u64); pub const LEN: usize = 5;
    // file: core/src/lib.rs
    mod ids; pub use ids::Id as Identity; pub use ids::LEN;
    // file: wire/src/a.rs
    use core_crate::Identity; use crate::b::Thing;
    #[derive(bilrost::Message)] pub struct A { id: Identity, thing: Thing, #[bilrost(encoding(plainbytes))] bytes: [u8; core_crate::LEN] }
    // file: wire/src/b.rs
    #[derive(bilrost::Message)] pub struct Thing { x: u32 }
    // file: wire/src/c/mod.rs
    #[derive(bilrost::Message)] pub struct Thing { y: u32 }
  `,
    { crates: ["core-crate"] },
  );
  expect(unresolved).toEqual([]);
  const shape = messages.get("A");
  expect(shape && describeMessage(shape)).toBe(
    "1 id: Id, 2 thing: wire::b::Thing, 3 bytes: bytes5",
  );
  expect([...messages.keys()]).toEqual(["Id", "A", "wire::b::Thing", "wire::c::Thing"]);
});

test("a name that several items have, and no path decides between, is ambiguous", async () => {
  const { messages, incomplete, unresolved } = await readFiles(`
    // file: a.rs
    #[derive(bilrost::Message)] pub struct Thing { x: u32 }
    // file: b.rs
    #[derive(bilrost::Message)] pub struct Thing { y: u32 }
    // file: c.rs
    use crate::*; #[derive(bilrost::Message)] pub struct User { thing: Thing }
    #[derive(bilrost::Message)] pub struct Outer { user: Option<User> }
  `);
  expect([...messages.keys()]).toEqual(["a::Thing", "b::Thing"]);
  expect(unresolved[0]?.reason).toBe('"Thing" is ambiguous: a.rs:1, b.rs:1');
  expect([...incomplete]).toEqual([
    ["User", ["User.thing"]],
    ["Outer", ["User.thing"]],
  ]);
});

test("a crate that is not read is not mistaken for one that is", async () => {
  const { unresolved } = await readFiles(`
    // file: a.rs
    #[derive(bilrost::Enumeration)] pub enum Status { A = 0 }
    // file: b.rs
    use tonic::Status; #[derive(bilrost::Message)] pub struct User { status: Status }
  `);
  expect(unresolved[0]?.reason).toContain('"tonic::Status" is of a crate that was not read');
});

test("an item of another module is not taken for one that a macro or a foreign glob brings", async () => {
  const others = "// file: other.rs\n#[derive(bilrost::Message)] pub struct Flags { x: u32 }\n";
  const cases: [string, string][] = [
    ["bitflags! { pub struct Flags: u32 { const A = 1; } }", "a macro here makes"],
    ["new_type!(Flags);", "a macro here makes"],
    ["use foreign::*;", 'may come from "foreign::*"'],
    ["use chrono::prelude::*;", 'may come from "chrono::prelude::*"'],
  ];
  for (const [line, reason] of cases) {
    const { unresolved } = await readFiles(`${others}// file: a.rs\n${line} ${M} { a: Flags }`);
    expect(unresolved.map((one) => one.reason)).toEqual([expect.stringContaining(reason)]);
  }
  const elsewhere = await readFiles(
    `${others}// file: b.rs\nnew_type!(Flags);\n// file: a.rs\nuse crate::Flags; ${M} { a: Flags }`,
  );
  expect(elsewhere.unresolved[0]?.reason).toContain("what a macro in b.rs makes");
  const exact = await readFiles(
    `${others}// file: b.rs\nnew_type!(Flags);\n// file: a.rs\nuse crate::other::Flags; ${M} { a: Flags }`,
  );
  expect(exact.unresolved).toEqual([]);
});

test("a module hands on what it imports, what is below it, and what its globs bring", async () => {
  const { messages, unresolved } = await readFiles(`
    // file: src/logs/mod.rs
    mod lsn; pub use lsn::Lsn; pub use crate::other::Thing as Renamed;
    // file: src/logs/lsn.rs
    #[derive(bilrost::Message)] pub struct Lsn(u64);
    // file: src/logs/deep/down.rs
    #[derive(bilrost::Message)] pub struct Below(u64);
    // file: src/other.rs
    #[derive(bilrost::Message)] pub struct Thing(u64); #[derive(bilrost::Message)] pub struct Globbed(u64);
    // file: src/prelude.rs
    pub use crate::other::*;
    // file: src/user.rs
    use crate::prelude::Globbed; use crate::logs::{self, Renamed, Below};
    ${M} { a: logs::Lsn, b: Renamed, c: Below, d: Globbed }
  `);
  expect(unresolved).toEqual([]);
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe("1 a: Lsn, 2 b: Thing, 3 c: Below, 4 d: Globbed");
});

test("a module that has no such item hands none on", async () => {
  const { unresolved } = await readFiles(`
    // file: src/logs.rs
    pub struct Other;
    // file: src/elsewhere.rs
    #[derive(bilrost::Message)] pub struct Thing(u64);
    // file: src/user.rs
    use crate::logs::Thing; ${M} { a: Thing }
  `);
  expect(unresolved[0]?.reason).toBe('"crate::logs::Thing" is not in the sources read');
});
