/** Captured Restate messages against our schemas, and that a misreading is seen and not called exact. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { countUnknown, fromHex, toHex } from "../codecs/index.ts";
import { Append, restate, Store } from "../fixtures/interop/restate/schemas.ts";

const GIVEN = "fixtures/interop/restate/samples.jsonl";
const folder = mkdtempSync(join(tmpdir(), "wirespan-restate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function samples(...files: string[]): { status: number | null; last: string; text: string } {
  const { status, stdout } = spawnSync("npx", ["tsx", "test/suites/restate-samples.ts", ...files], {
    encoding: "utf8",
  });
  return { status, last: stdout.trim().split("\n").at(-1) ?? "", text: stdout };
}

test("restate-samples: each sample is exact at its version and never at the other one", () => {
  const run = samples(GIVEN);
  expect(run).toMatchObject({ status: 0 });
  expect(run.last).toMatch(/^\d\d passed, 0 failed, \d skipped$/);
  const broken = run.text.split("\n").filter((line) => line.startsWith("broken "));
  expect(broken).toHaveLength(3);
  expect(broken.every((line) => line.includes("read as v2 without any error"))).toBe(true);
  expect(run.text.match(/^ {2}bytes 050a/gm)).toHaveLength(3);
});

test("restate-samples: a sample with the wrong version fails, other versions and types are skipped", () => {
  const [first = ""] = readFileSync(GIVEN, "utf8")
    .split("\n")
    .filter((line) => line.includes('"Append"'));
  const sample = JSON.parse(first) as { proto: number };
  const lines = [
    { ...sample, proto: 5 - sample.proto },
    { ...sample, proto: 4 },
    { ...sample, type: "Gossip" },
  ];
  const path = join(folder, "samples.jsonl");
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(samples(path)).toMatchObject({ status: 1, last: "0 passed, 2 failed, 2 skipped" });
  expect(samples(join(folder, "missing.jsonl")).status).toBe(1);
  expect(samples().status).toBe(2);
});

const record = {
  createdAt: 300n,
  keys: { keys: { case: "single", value: 7n } },
  body: Uint8Array.of(0xaa, 0xbb),
} as const;
const header = { logId: 1, segmentIndex: 2, logletId: 0x1_0000_0002n };
const pair = { keys: { case: "pair", value: { first: 1n, second: 10n } } } as const;
const appends = { header, payloads: { records: [{ ...record, keys: pair }] } };
const HEADER = "050a0401040204 82fffefe0e";

test.for([
  {
    version: 2,
    value: appends,
    hex: `${HEADER} 0513 0111 04ac01 050405 02aabb 0506 09 04 0001 040a`,
    why: "unpacked records, body in a message, keys last",
  },
  {
    version: 3,
    value: appends,
    hex: `${HEADER} 0512 0110 0f 04ac01 0506 09 04 0001 040a 0502aabb`,
    why: "packed records, keys before the body",
  },
  { version: 2, value: { header, payloads: { records: [] } }, hex: HEADER, why: "no records" },
  { version: 3, value: { header, payloads: { records: [] } }, hex: HEADER, why: "no records" },
])("Append v$version is what the real crate writes: $why", ({ version, value, hex }) => {
  const bytes = fromHex(hex.replaceAll(" ", ""));
  expect(toHex(restate.encode(Append, version, value).bytes)).toBe(toHex(bytes));
  const read = restate.decode(Append, version, bytes);
  expect(read).toEqual(value);
  expect(countUnknown(read)).toBe(0);
});

test("Store v3 with every field is what the real crate writes", () => {
  const value = {
    header: { logletId: 1n, knownGlobalTail: 4 },
    timeoutAt: 0n,
    flags: 1,
    firstOffset: 5,
    sequencer: { id: 1, generation: 2 },
    knownArchived: 3,
    payloads: { records: [record] },
  };
  const hex = "0504040104040400040104050504000104020403050e010c0b04ac01050204070502aabb";
  expect(toHex(restate.encode(Store, 3, value).bytes)).toBe(hex);
  expect(restate.decode(Store, 3, fromHex(hex))).toEqual(value);
});
