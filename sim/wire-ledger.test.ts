/** What a node reports of frames, snapshots and records, and which injected fault explains it. */
import { expect, test } from "vitest";
import type { ReplicaEvent } from "../raft/replica/index.ts";
import { WireLedger, type WireView } from "./wire-ledger.ts";

const CALM = { isSpoilt: false, hasGaps: false };
const SPOILT = { isSpoilt: true, hasGaps: false };
const GAPS = { isSpoilt: false, hasGaps: true };
const RANGES = new Map([
  [1, { min: 1, max: 2 }],
  [2, { min: 2, max: 3 }],
  [3, { min: 3, max: 4 }],
]);

function refusal(reason: string, node = 2): ReplicaEvent {
  return { kind: "log", level: "warn", message: "Connection closed", fields: { reason, node } };
}

function counted(name: string, labels: Readonly<Record<string, string>> = {}): ReplicaEvent {
  return { kind: "count", name: `wirespan_${name}_total`, labels };
}

function failures(event: ReplicaEvent, change: Partial<WireView> = {}): readonly string[] {
  const found: string[] = [];
  const ledger = new WireLedger({
    taking: () => CALM,
    excusesSnapshot: () => false,
    ignorable: new Set(),
    excuses: () => false,
    rangeOf: (id) => RANGES.get(id),
    activeVersionOf: () => 2,
    fail: (message) => found.push(message),
    ...change,
  });
  ledger.observe(1, event);
  expect(ledger.excused + found.length).toBeLessThanOrEqual(1);
  return found;
}

interface Row {
  readonly why: string;
  readonly event: ReplicaEvent;
  /** What of the world explains it; without that it is a failure. */
  readonly excuse: Partial<WireView>;
}

test.for<Row>([
  {
    why: "damage of a frame, by damage on the way",
    event: refusal("body_crc"),
    excuse: { taking: () => SPOILT },
  },
  {
    why: "a frame out of place, by a send that was lost",
    event: refusal("no_hello"),
    excuse: { taking: () => GAPS },
  },
  {
    why: "a hello that shares no version, by the releases",
    event: refusal("version_too_new", 3),
    excuse: { rangeOf: (id) => (id === 3 ? { min: 3, max: 4 } : { min: 1, max: 2 }) },
  },
  {
    why: "a skipped entry, by one that may be skipped",
    event: counted("entries_ignored", { kind: "9" }),
    excuse: { ignorable: new Set(["entry"] as const) },
  },
  {
    why: "a skipped section, by one that may be skipped",
    event: counted("snapshot_sections_skipped"),
    excuse: { ignorable: new Set(["section"] as const) },
  },
  {
    why: "a skipped record, by one that may be skipped",
    event: counted("log_records_skipped"),
    excuse: { ignorable: new Set(["record"] as const) },
  },
  {
    why: "a snapshot that is dropped, by a crash or a rotten bit",
    event: counted("snapshots_dropped"),
    excuse: { excusesSnapshot: () => true },
  },
  {
    why: "a pre-vote that is not answered, by a release that is known for it",
    event: counted("encode_refused", { message: "MsgPreVoteResp", version: "1" }),
    excuse: { excuses: (_, defect) => defect === "preVoteUnanswered" },
  },
  {
    why: "a latecomer that is refused, by a release that is known for it",
    event: refusal("implausible"),
    excuse: { excuses: (_, defect) => defect === "latecomerRefused" },
  },
])("explained: $why", ({ event, excuse }) => {
  expect(failures(event, excuse)).toEqual([]);
  const overlap = { rangeOf: () => ({ min: 1, max: 2 }) };
  expect(failures(event, overlap)).toHaveLength(1);
});

test.for([
  { why: "bytes that can not be read", event: counted("decode_errors", { message: "x" }) },
  { why: "a message of no member", event: refusal("implausible") },
  { why: "a version that was never agreed on", event: refusal("unsupported_version") },
  { why: "what can not be written", event: counted("encode_refused", { message: "MsgApp" }) },
])("nothing explains $why", ({ event }) => {
  const everything = { taking: () => ({ isSpoilt: true, hasGaps: true }) };
  expect(failures(event, { ...everything, excusesSnapshot: () => true })).toHaveLength(1);
});

test.for(["wrong_addressee", "stale_incarnation", "unknown_sender", "foreign_cluster"])(
  "a frame that went astray is normal: %s",
  (reason) => {
    expect(failures(refusal(reason))).toEqual([]);
  },
);

test("a lost send explains no damage, and damage no skipped entry", () => {
  expect(failures(refusal("body_crc"), { taking: () => GAPS })).toHaveLength(1);
  expect(failures(counted("entries_ignored"), { taking: () => SPOILT })).toHaveLength(1);
});
