/** Whatever the text, the reader ends soon, with schemas or a `SourceError`. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SourceError } from "./errors.ts";
import { loadGrammar } from "./grammar.ts";
import { readRustSources } from "./read.ts";
import { readRustFiles } from "./read-files.ts";
import { describeMessage, readText } from "./testing.ts";

const LEDGER = readFileSync("fixtures/sources/rust/ledger.rs", "utf8");

test.for([
  ["struct A {", 1, 11, "a brace without an end"],
  ["\n\nfn f() { let x = ; }", 3, 16, "an expression that is none"],
  ["struct A { a u32 }", 1, 12, "a colon is missing"],
  ["#[derive(bilrost::Message)]\nstruct 5 {}", 2, 1, "a name that is none"],
  ["this is no Rust", 1, 1, "prose"],
] as const)("%j is refused at its place, %s:%s: %s", async ([text, line, column]) => {
  const error = await readText(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  expect(error).toMatchObject({ code: "SyntaxError", file: "src/lib.rs" });
  const { line: atLine, column: atColumn } = error as SourceError;
  expect([atLine, atColumn]).toEqual([line, column]);
  expect((error as SourceError).message).toMatch(/^src\/lib\.rs:\d+:\d+: Cannot parse/);
});

test("an error of syntax that is to be reported leaves out what it is in, and nothing else", async () => {
  const text = `use bilrost::Message;
    #[derive(Message)] struct Good { a: u32 }
    #[derive(Message)] struct Bad { a: u32 b }
    impl Good { fn f() { let x = ; } }
    #[derive(Message)] struct Fine { good: Good }`;
  const { messages, unresolved } = await readText(text, { syntaxErrors: "report" });
  expect([...messages.keys()]).toEqual(["Good", "Fine"]);
  expect(unresolved).toMatchObject([
    { location: { line: 3 }, reason: expect.stringContaining("not understood") },
  ]);
});

test("bounds on the unit type, which the grammar lacks, are no error", async () => {
  const text = `impl<T, E> Encoder<E, Arc<T>> for () where (): Encoder<E, T>, { fn x(v: ()) {} }
    #[derive(bilrost::Message)] struct M { a: () }`;
  const { messages } = await readText(text);
  const shape = messages.get("M");
  expect(shape && describeMessage(shape)).toBe("1 a: ()");
});

const deep = 20_000;
test.for([
  [`type A = ${"Vec<".repeat(deep)}u8${">".repeat(deep)};`, "types"],
  [`type A = ${"(".repeat(deep)}u8${")".repeat(deep)};`, "brackets"],
  [`type A = ${"[".repeat(deep)}u8${"; 1]".repeat(deep)};`, "arrays"],
  [`type A = ${"&".repeat(deep)}u8;`, "references"],
  [`${"mod m {".repeat(2000)}${"}".repeat(2000)}`, "modules"],
  [`const A: usize = ${"(".repeat(deep)}1${")".repeat(deep)};`, "a constant in brackets"],
  [`const A: usize = ${"-".repeat(deep)}1;`, "signs"],
  [`const A: usize = 1${" + 1".repeat(deep)};`, "a long sum"],
  [`use ${"a::{".repeat(2000)}b${"}".repeat(2000)};`, "imports"],
  [`#[cfg(${"not(".repeat(2000)}a${")".repeat(2000)})]`, "conditions"],
  [`#[cfg_attr(a, ${"cfg_attr(a, ".repeat(2000)}b${")".repeat(2000)})]`, "conditional attributes"],
  [`#[bilrost(${"(".repeat(deep)}${")".repeat(deep)})]`, "an attribute"],
  [`/*${"/*".repeat(deep)}${"*/".repeat(deep)}*/`, "comments"],
] as const)("nesting is no danger: %#", async ([text]) => {
  const user = `#[derive(bilrost::Message)] struct M { a: A, #[bilrost(encoding(plainbytes))] b: [u8; A] }`;
  const { messages } = await readText(`${text} ${user}`).catch((error: unknown) => {
    expect(error).toBeInstanceOf(SourceError);
    return { messages: new Map() };
  });
  expect(messages.has("M")).toBe(false);
});

test("many definitions are read in a time that grows with their number", async () => {
  const lines = Array.from(
    { length: 3000 },
    (_, at) =>
      `#[derive(bilrost::Message)] struct M${at} { a: u32, next: Option<Box<M${(at + 1) % 3000}>> }`,
  );
  const { messages, unresolved } = await readText(lines.join("\n"));
  expect(unresolved).toEqual([]);
  expect(messages.size).toBe(3000);
});

test("a source beyond the limit is refused", async () => {
  const read = readText(" ".repeat(9 * 1024 * 1024));
  await expect(read).rejects.toMatchObject({ code: "LimitExceeded" });
});

const PIECES = LEDGER.split(/(?<=[\s(){}<>,;#[\]])/);

test("a ledger with pieces lost, doubled or moved is read, or refused with a place", async () => {
  const edits = fc.array(
    fc.record({ at: fc.nat(PIECES.length - 1), to: fc.nat(PIECES.length - 1), keep: fc.boolean() }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(edits, fc.constantFrom("refuse", "report"), async (changes, syntaxErrors) => {
      const pieces = [...PIECES];
      for (const { at, to, keep } of changes) {
        const [piece = ""] = pieces.splice(at, keep ? 0 : 1);
        pieces.splice(to, 0, keep ? (PIECES[at] as string) : piece);
      }
      await expectSchemasOrRefusal(pieces.join(""), syntaxErrors as "refuse" | "report");
    }),
    { numRuns: 150 },
  );
});

test("attributes of any words are read, or reported", async () => {
  const words = fc.constantFrom(
    ...'tag encoding oneof message empty ignore 1 2 0 4294967296 ( ) , = < > .. ..= - "1" packed map general :: x'.split(
      " ",
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 8 }), async (list) => {
      const attribute = `#[bilrost(${list.join(" ")})]`;
      await expectSchemasOrRefusal(
        `#[derive(bilrost::Message)] struct M { ${attribute} a: u32 }
         #[derive(bilrost::Oneof)] enum O { ${attribute} A(u32) }
         #[derive(bilrost::Enumeration)] enum E { ${attribute} A = 0 }`,
        "refuse",
      );
    }),
    { numRuns: 300 },
  );
});

async function expectSchemasOrRefusal(
  text: string,
  syntaxErrors: "refuse" | "report",
): Promise<void> {
  try {
    const schemas = await readRustSources([{ path: "a.rs", text }], { syntaxErrors });
    for (const name of schemas.messages.keys()) expect(schemas.incomplete.has(name)).toBe(false);
    for (const { location, reason } of schemas.unresolved) {
      expect(location.line).toBeGreaterThan(0);
      expect(reason).not.toBe("");
    }
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
  }
}

test.for(["web-tree-sitter", "tree-sitter-rust"])(
  "%s, not installed, is named with the command",
  async (missing) => {
    const unless = (name: string): void => {
      if (name === missing) throw new Error(`Cannot find package '${name}'`);
    };
    const packages = {
      webTreeSitter: async () => {
        unless("web-tree-sitter");
        return import("web-tree-sitter");
      },
      grammarFile: () => {
        unless("tree-sitter-rust");
        return "";
      },
    };
    const error = await loadGrammar(packages).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "MissingPackage" });
    const { message } = error as Error;
    expect(message).toContain(`the package "${missing}" is not installed, run npm install`);
    expect(message).toMatch(/web-tree-sitter@[\d.]+ tree-sitter-rust@[\d.]+/);
  },
);

test("files are found below folders, and what cannot be read is a typed error", async () => {
  const { messages } = await readRustFiles(["fixtures/interop/restate/v3"]);
  expect(messages.has("GenerationalNodeId")).toBe(false); // Without its type map.
  expect(messages.has("GetNodeState")).toBe(true);
  for (const path of ["fixtures/nowhere", "docs"]) {
    const error = await Promise.resolve()
      .then(() => readRustFiles([path]))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "UnreadableFile" });
  }
});
