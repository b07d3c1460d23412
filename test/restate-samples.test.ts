/** Captured Restate messages against schemas from Rust sources, and that a misreading is seen and not called exact. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bilrost, DEFAULT_LIMITS, fromHex, type MessageValue, toHex } from "../codecs/index.ts";
import { readRestateShapes } from "./suites/restate-schemas.ts";

const GIVEN = "fixtures/interop/restate/samples.jsonl";
const KINDS = "fixtures/interop/restate/samples-kinds.jsonl";
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

test("restate-samples: every kind is judged but those in flexbuffers", () => {
  const run = samples(KINDS);
  const lines = readFileSync(KINDS, "utf8").trim().split("\n");
  const skipped = run.text.match(/^skipped .*: flexbuffers, not Bilrost$/gm) ?? [];
  expect(skipped.length).toBeGreaterThan(0);
  expect(run).toMatchObject({
    status: 0,
    last: `${lines.length - skipped.length} passed, 0 failed, ${skipped.length} skipped`,
  });
});

test("restate-samples: a sample with the wrong version fails, other versions and types are skipped", () => {
  const [first = ""] = readFileSync(GIVEN, "utf8")
    .split("\n")
    .filter((line) => line.includes('"Append"'));
  const sample = JSON.parse(first) as { proto: number };
  const lines = [
    { ...sample, proto: 5 - sample.proto },
    { ...sample, proto: 4 },
    { ...sample, type: "NobodyKnows" },
    { ...sample, type: "Gossip" },
  ];
  const path = join(folder, "samples.jsonl");
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(samples(path)).toMatchObject({ status: 1, last: "0 passed, 3 failed, 2 skipped" });
  expect(samples(join(folder, "missing.jsonl")).status).toBe(1);
  expect(samples().status).toBe(2);
});

const header = { log_id: 1, segment_index: 2, loglet_id: 0x1_0000_0002n };
const HEADER = "050a 0401 0402 0482fffefe0e";
const pair = { value: { case: "Pair", value: [1n, 10n] } };
const single = { value: { case: "Single", value: 7n } };
const bytes = Uint8Array.of(0xaa, 0xbb);
const nothing = { created_at: 0n, keys: { value: undefined }, body: new Uint8Array(0) };

interface Row {
  readonly type: string;
  readonly version: number;
  readonly value: MessageValue;
  readonly hex: string;
  readonly why: string;
}
const ROWS: readonly Row[] = [
  {
    type: "Append",
    version: 2,
    value: { header, payloads: [[{ created_at: 300n, keys: pair, body: { inner: bytes } }]] },
    hex: `${HEADER} 0513 0111 04ac01 050405 02aabb 0506 09 04 0001 040a`,
    why: "unpacked records, body in a message, keys last",
  },
  {
    type: "Append",
    version: 3,
    value: { header, payloads: [[{ created_at: 300n, keys: pair, body: bytes }]] },
    hex: `${HEADER} 0512 0110 0f 04ac01 0506 09 04 0001 040a 0502aabb`,
    why: "packed records, keys before the body",
  },
  { type: "Append", version: 2, value: { header, payloads: [[]] }, hex: HEADER, why: "no records" },
  { type: "Append", version: 3, value: { header, payloads: [[]] }, hex: HEADER, why: "no records" },
  {
    type: "Append",
    version: 3,
    value: { header, payloads: [[nothing]] },
    hex: `${HEADER} 0503 0101 00`,
    why: "an empty record is still a record",
  },
  {
    type: "Store",
    version: 3,
    value: {
      header: { loglet_id: 1n, known_global_tail: 4 },
      timeout_at: 0n,
      flags: 1,
      first_offset: 5,
      sequencer: [1, 2],
      known_archived: 3,
      payloads: [[{ created_at: 300n, keys: single, body: bytes }]],
    },
    hex: "0504 0401 0404 0400 0401 0405 0504 0001 0402 0403 050e 010c 0b 04ac01 0502 0407 0502aabb",
    why: "every field is there",
  },
  {
    type: "GetSequencerState",
    version: 3,
    value: { header: { log_id: 0, segment_index: 0, loglet_id: 0n }, force_seal_check: true },
    hex: "0801",
    why: "a header of zeros is not written",
  },
  {
    type: "GetRecords",
    version: 2,
    value: {
      header: { loglet_id: 1n, known_global_tail: 0 },
      filter: { value: undefined },
      from_offset: 3,
      to_offset: 9,
    },
    hex: "0502 0401 0c03 0409",
    why: "tags follow the lines, the empty variant is not written",
  },
  {
    type: "GetRecords",
    version: 3,
    value: {
      header: { loglet_id: 1n, known_global_tail: 0 },
      total_limit_in_bytes: 0n,
      filter: { value: { case: "Within", value: [0n, 0n] } },
      from_offset: 3,
      to_offset: 9,
    },
    hex: "0502 0401 0400 0502 0900 0403 0409",
    why: "an optional zero and an empty range in a variant are written",
  },
  {
    type: "Gossip",
    version: 3,
    value: {
      instance_ts: 1n,
      sent_at: 2n,
      flags: 40,
      nodes: [
        { instance_ts: 1n, node_id: [1, 2], gossip_age: 0, in_failover: true },
        { instance_ts: 0n, node_id: [0, 0], gossip_age: 0, in_failover: false },
      ],
      partitions: [
        {
          id: 0,
          current_leader: { current_leader_epoch: 1n, current_leader: [1, 2] },
          observed_current_membership: { version: 1, members: [{ node_id: 1, durable_lsn: 9n }] },
          observed_next_membership: { version: 0, members: [] },
        },
      ],
    },
    hex: "0401 0402 0428 050a 0401 0504 0001 0402 0801 0100 0516 0908 0401 0504 0001 0402 0508 0401 0504 0401 0409 0500",
    why: "lists of messages, tuple structs and an optional empty message",
  },
];

const shapes = await readRestateShapes();

test.for(ROWS)(
  "$type v$version is what the real crate writes: $why",
  ({ type, version, value, hex }) => {
    const shape = shapes.get(version)?.get(type);
    if (shape === undefined) throw new Error(`no ${type} in version ${version}`);
    const codec = bilrost.compile(shape, DEFAULT_LIMITS);
    const expected = fromHex(hex.replaceAll(" ", ""));
    expect(toHex(codec.encode(value))).toBe(toHex(expected));
    const read = codec.decodeDistinguished(expected);
    expect(read.canonicity).toBe("Canonical");
    expect(read.value).toEqual(value);
  },
);
