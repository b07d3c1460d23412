/** `wirespan generate`: the file works where code may not be made at run time, and knows its schema. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BilrostCodec, generatedModule, type MessageDefinition } from "../codecs/index.ts";

let folder: string;
const LIBRARY = join(import.meta.dirname, "../codecs/bilrost/index.ts");
const MAIN = join(import.meta.dirname, "../cli/main.ts");
const TSX = join(import.meta.dirname, "../node_modules/.bin/tsx");

const messages = (type: string): string => `
import { bytes, enumeration, field, list, map, message, oneof, optional, string, uint64 } from ${JSON.stringify(LIBRARY)};
const Kind = enumeration("Kind", { command: 0, noop: 1 });
export const Entry = message("Entry", { term: uint64(1), kind: field(2, Kind), body: bytes(3), labels: map(4, string, ${type}) });
export const Append = message("Append", { term: uint64(1), entries: list(2, Entry), choice: oneof({ a: uint64(3), b: string(4) }), lease: optional(uint64(9)) });
export const other = 5;
`;
const USE = `
import { compile } from ${JSON.stringify(LIBRARY)};
import { Append } from "./messages.ts";
import { appendCodec } from "./messages.codecs.ts";
const value = { term: 300, entries: [{ term: 1, kind: "noop", body: new Uint8Array(2000), labels: new Map([["b", 1], ["a", 2]]) }], choice: { case: "b", value: "é" }, lease: 0 };
const bytes = appendCodec.encode(value);
const plain = compile(Append, { engine: "interpreted" });
console.log(JSON.stringify([
  appendCodec.engine,
  Buffer.compare(bytes, plain.encode(value)),
  Buffer.compare(bytes, Buffer.concat(appendCodec.encodeSegments(value))),
  appendCodec.encodeSegments(value).length,
  appendCodec.decode(bytes).entries[0].labels.get("a"),
  appendCodec.decodeDistinguished(bytes).canonicity,
  compile(Append).engine,
]));
`;

function generate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(TSX, [MAIN, "generate", ...args], { cwd: folder, encoding: "utf8" });
}

beforeAll(() => {
  folder = mkdtempSync(join(import.meta.dirname, "../.wirespan-generate-"));
  writeFileSync(join(folder, "messages.ts"), messages("uint64"));
  writeFileSync(join(folder, "use.ts"), USE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a generated codec needs no code at run time", () => {
  const made = generate("messages.ts", "--library", LIBRARY);
  expect([made.stderr, made.status]).toEqual(["", 0]);
  const flags = ["--disallow-code-generation-from-strings", "use.ts"];
  const out = execFileSync(TSX, flags, { cwd: folder, encoding: "utf8" });
  expect(JSON.parse(out)).toEqual(["compiled", 0, 0, 3, 2, "Canonical", "interpreted"]);
  expect(generate("messages.ts", "--library", LIBRARY, "--check")).toMatchObject({ status: 0 });
});

test("a file older than its schema is found by --check, and does not run", () => {
  generate("messages.ts", "--library", LIBRARY);
  writeFileSync(join(folder, "messages.ts"), messages("string"));
  const checked = generate("messages.ts", "--library", LIBRARY, "--check");
  expect(checked).toMatchObject({
    status: 100,
    stdout: `messages.codecs.ts: not up to date; "wirespan generate messages.ts --library ${LIBRARY}" writes it\n`,
  });
  const used = spawnSync(TSX, ["use.ts"], { cwd: folder, encoding: "utf8" });
  expect(used.stderr).toContain('its schema has changed since; run "wirespan generate" again');
  writeFileSync(join(folder, "messages.ts"), messages("uint64"));
});

test("--check of a file that is not there names the command that writes it, as it was given", () => {
  const args = [
    "messages.ts",
    "--library",
    LIBRARY,
    "--out",
    "new codecs.ts",
    "--message",
    "Append",
  ];
  const { status, stdout } = generate(...args, "--check");
  expect(status).toBe(100);
  expect(stdout).toContain("new codecs.ts: there is no such file; ");
  const [, command = ""] = /"wirespan generate (.*)" writes it/.exec(stdout) ?? [];
  expect(command).toMatch(/^messages\.ts --library \S+ --out 'new codecs\.ts' --message Append$/);
});

test.for([
  { code: "process.exit(0);", says: "it ended the process with code 0 while it was loaded" },
  { code: "process.exit(7);", says: "it ended the process with code 7 while it was loaded" },
  { code: "await new Promise(() => {});", says: "it waits for something that never comes" },
  { code: 'throw new Error("oops");', says: "Cannot load" },
  { code: "throw null;", says: "Cannot load" },
  { code: "export const a = 1;", says: 'it exports no message; export what message("Name", {' },
  { code: "export default M;", says: '"default" is no name for a codec' },
  { code: "export { M, M as m };", says: '"M" and "m" would both be mCodec' },
  {
    code: 'export const A = { kind: "message", name: "A", members: {} };',
    says: "A comes from another copy of wirespan",
  },
])("a module is told what is wrong with it: $code", ({ code, says }) => {
  const head = `import { message, uint32 } from ${JSON.stringify(LIBRARY)}; const M = message("M", { a: uint32(1) });`;
  writeFileSync(join(folder, "odd.ts"), `${head}\n${code}`);
  const { status, stdout, stderr } = generate("odd.ts");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(says);
  expect(stderr.split("\n").length, stderr).toBeLessThan(9);
});

test("a folder that is not there is named", () => {
  const { status, stderr } = generate(
    "messages.ts",
    "--library",
    LIBRARY,
    "--out",
    "no/where/a.ts",
  );
  expect([status, stderr]).toEqual([1, expect.stringContaining("there is no folder no/where")]);
});

test("without a limit means without one in the file, too", async () => {
  const limits = { countMax: Number.POSITIVE_INFINITY, lengthMax: Number.POSITIVE_INFINITY };
  const options = { from: "./messages.ts", library: LIBRARY, limits };
  const { Append } = (await import(join(folder, "messages.ts"))) as {
    Append: MessageDefinition<object>;
  };
  const path = join(folder, "limits.codecs.ts");
  writeFileSync(path, generatedModule({ Append }, options));
  const { appendCodec } = (await import(path)) as { appendCodec: BilrostCodec };
  const bytes = appendCodec.encode({ term: 1, entries: [{ term: 5 }] });
  expect(appendCodec.decode(bytes)).toMatchObject({ term: 1, entries: [{ term: 5 }] });
  for (const countMax of [Number.NaN, -1, "1" as never]) {
    expect(() => generatedModule({ Append }, { ...options, limits: { countMax } })).toThrow(
      "Cannot use the limit countMax",
    );
  }
});

test.for([
  { args: ["nowhere.ts"], says: "there is no file" },
  { args: ["use.ts"], says: "Cannot load" },
  { args: ["messages.ts", "--message", "Vote"], says: "exports the messages Append, Entry" },
])("generate $args fails clearly", ({ args, says }) => {
  writeFileSync(join(folder, "messages.codecs.ts"), "export const nothing = 1;");
  const { status, stderr } = generate(...args);
  expect([status, stderr]).toEqual([1, expect.stringContaining(says)]);
  expect(readFileSync(join(folder, "messages.codecs.ts"), "utf8")).toBe(
    "export const nothing = 1;",
  );
});

test.for([
  { out: "messages.ts", why: "the module itself" },
  { out: "use.ts", why: "a file that somebody wrote" },
])("is not written over $why", ({ out }) => {
  writeFileSync(join(folder, "messages.ts"), messages("uint64"));
  writeFileSync(join(folder, "use.ts"), USE);
  const before = readFileSync(join(folder, out), "utf8");
  const refused = generate("messages.ts", "--library", LIBRARY, "--out", out);
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain(`Cannot write ${out}: it was not made by "wirespan generate"`);
  expect(readFileSync(join(folder, out), "utf8")).toBe(before);
});
