/** The command others judge the Bilrost codec with, as run from outside, and that it can fail. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const GIVEN = "fixtures/interop/bilrost";
const folder = mkdtempSync(join(tmpdir(), "wirespan-vectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

function vectors(...files: string[]): { status: number | null; last: string; text: string } {
  const { status, stdout } = spawnSync("npx", ["tsx", "test/suites/bilrost-vectors.ts", ...files], {
    encoding: "utf8",
  });
  return { status, last: stdout.trim().split("\n").at(-1) ?? "", text: stdout };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const schemas = {
  messages: {
    Item: { fields: [{ tag: 1, name: "count", type: "u32" }], distinguished: true },
    Later: { fields: [{ tag: 1, name: "span", type: "Mystery<u32>" }], distinguished: true },
    Wrapper: { fields: [{ tag: 1, name: "later", type: "Vec<Later>" }], distinguished: true },
  },
};
const right = {
  name: "right",
  kind: "message",
  schema: "Item",
  hex: "0405",
  decode: "ok",
  value: { count: 5 },
  canonicity: "Canonical",
  encode: true,
  restricted: { HasExtensions: "ok", Canonical: "ok" },
};

test("bilrost-vectors: every row passes with both engines, none is skipped", () => {
  const run = vectors(`${GIVEN}/vectors.json`, `${GIVEN}/property-sample.jsonl`);
  expect(run).toMatchObject({ status: 0, last: "1335 passed, 0 failed, 0 skipped" });
});

test.for([
  { row: { ...right, value: { count: 6 } }, says: '- {"count":6}', why: "another value" },
  { row: { ...right, hex: "0406" }, says: '+ {"count":6}', why: "other bytes" },
  { row: { ...right, decode: "Truncated" }, says: "expected Truncated, found ok", why: "no error" },
  { row: { ...right, canonicity: "HasExtensions" }, says: '+ "Canonical"', why: "canonicity" },
  {
    row: { ...right, restricted: { Canonical: "NotCanonical" } },
    says: "restricted to Canonical: expected NotCanonical, found ok",
    why: "restricted mode",
  },
  { row: { ...right, encode: false, reencode_hex: "" }, says: '+ "0405"', why: "encoded bytes" },
  { row: { ...right, hex: "04zz" }, says: "not hexadecimal", why: "damaged row" },
])("bilrost-vectors: a row that lies fails with a diff: $why", ({ row, says }) => {
  const run = vectors(file("lie.json", { schemas, vectors: [right, row] }));
  expect(run).toMatchObject({ status: 1, last: "1 passed, 1 failed, 0 skipped" });
  expect(run.text).toContain(says);
});

test("bilrost-vectors: JSON lines are told by content, types we lack are skipped at any depth", () => {
  const rows = [
    right,
    { ...right, name: "in-later", schema: "Later" },
    { ...right, name: "in-wrapper", schema: "Wrapper" },
    { ...right, name: "nowhere", schema: "constructor" },
    { ...right, name: "other-kind", kind: "surprise" },
  ];
  const lines = [{ about: {}, schemas }, ...rows].map((row) => JSON.stringify(row)).join("\n");
  const path = file("lines.json", lines);
  const run = vectors(path, path);
  expect(run).toMatchObject({ status: 0, last: "1 passed, 0 failed, 4 skipped" });
  expect(run.text).toContain('in-wrapper: unknown type "Mystery"');
});

test("bilrost-vectors: bad files, empty files and no files are failures", () => {
  expect(vectors(join(folder, "missing.json"))).toMatchObject({ status: 1 });
  expect(vectors(file("broken.json", "{")).text).toContain("is not JSON");
  expect(vectors(file("none.json", { schemas, vectors: [] })).status).toBe(1);
  const onlySkipped = { schemas, vectors: [{ ...right, schema: "Later" }] };
  expect(vectors(file("skipped.json", onlySkipped))).toMatchObject({ status: 1 });
  expect(vectors().status).toBe(2);
});
