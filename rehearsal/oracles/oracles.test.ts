/** Each oracle is shown to speak up: one row it passes, and one for each thing it must notice. */
import { expect, test } from "vitest";
import { judgeAppends } from "./appends.ts";
import { compareDigests } from "./digests.ts";
import { longestGap, summarizeLatency } from "./latency.ts";
import { isDecodeError, readMetrics } from "./metrics.ts";

test.for([
  { value: "1.0;1.1;1.2;", says: undefined, why: "all there, also the unanswered one" },
  { value: "1.0;1.2;", says: undefined, why: "the unanswered one never happened" },
  { value: "1.0;1.1;", says: "1 lost although acknowledged: 1.2;", why: "the last one is gone" },
  { value: "", says: "2 lost", why: "everything is gone" },
  { value: null, says: "2 lost", why: "the key is gone" },
  { value: "1.0;1.1;1.2;1.2;", says: "1 applied twice: 1.2", why: "a retry was applied again" },
  {
    value: "1.0;1.1;1.1;1.2;",
    says: "1 applied twice: 1.1",
    why: "also an unanswered one only once",
  },
  {
    value: "1.0;2.7;1.2;",
    says: "never written by its client: 2.7",
    why: "a write of somebody else",
  },
  { value: "1.0;1.2;1.1;", says: undefined, why: "an unanswered one may come late" },
  { value: "1.2;1.1;1.0;", says: "out of order", why: "one client waits for each answer" },
])("judgeAppends() on $value: $why", ({ value, says }) => {
  const appends = [
    { key: "own/1", token: "1.0;", isAcknowledged: true },
    { key: "own/1", token: "1.1;", isAcknowledged: false },
    { key: "own/1", token: "1.2;", isAcknowledged: true },
  ];
  const problems = judgeAppends(appends, new Map([["own/1", value]]));
  expect(problems.join("\n")).toEqual(says === undefined ? "" : expect.stringContaining(says));
  expect(judgeAppends(appends, new Map())).toEqual(['key "own/1" could not be read at the end']);
});

test("compareDigests() compares equal indices of equal versions and nothing else", () => {
  const at = (node: number, index: number, version: number, value: string) => ({
    node,
    index,
    version,
    value,
  });
  expect(compareDigests([at(1, 5, 1, "a"), at(2, 5, 1, "a"), at(3, 5, 1, "a")])).toEqual({
    compared: 3,
    notComparable: 0,
    diverged: [],
  });
  expect(compareDigests([at(1, 5, 1, "a"), at(2, 6, 1, "b")])).toEqual({
    compared: 0,
    notComparable: 0,
    diverged: [],
  });
  expect(compareDigests([at(1, 5, 1, "a"), at(2, 5, 2, "b")])).toEqual({
    compared: 0,
    notComparable: 1,
    diverged: [],
  });
  expect(compareDigests([at(1, 5, 1, "a"), at(2, 5, 1, "b")]).diverged).toEqual([
    "nodes 1 and 2 differ at index 5: a and b",
  ]);
});

test("summarizeLatency() takes calls by when they began, by nearest rank", () => {
  const calls = Array.from({ length: 100 }, (_, index) => ({
    calledAt: index,
    answeredAt: index + (index + 1) * 1000,
  }));
  expect(summarizeLatency(calls, 0, 100)).toEqual({
    count: 100,
    p50Ms: 50,
    p95Ms: 95,
    p99Ms: 99,
    maxMs: 100,
  });
  expect(summarizeLatency(calls, 0, 10)).toMatchObject({ count: 10, maxMs: 10 });
  expect(summarizeLatency([], 0, 10)).toMatchObject({ count: 0, maxMs: 0 });
});

test("longestGap() sees silence in the middle, at the ends, and of the whole", () => {
  const at = (...moments: number[]) => moments.map((answeredAt) => ({ calledAt: 0, answeredAt }));
  expect(longestGap(at(1000, 2000, 9000), 0, 10_000)).toEqual({ ms: 7, at: 2000 });
  expect(longestGap(at(1000), 0, 10_000)).toEqual({ ms: 9, at: 1000 });
  expect(longestGap([], 0, 10_000)).toEqual({ ms: 10, at: 0 });
});

test("readMetrics() reads counters with labels and skips the rest", () => {
  const text =
    '# HELP a b\n# TYPE a counter\na_total{reason="x\\"y",kind="1"} 3\na_total 4\n\nb 1e3 1700000000\nnonsense\n';
  const samples = readMetrics(text);
  expect(samples).toEqual([
    { name: "a_total", labels: { reason: 'x\\"y', kind: "1" }, value: 3 },
    { name: "a_total", labels: {}, value: 4 },
    { name: "b", labels: {}, value: 1000 },
  ]);
});

test.for([
  { line: 'wirespan_frames_refused_total{reason="body_crc"} 1', is: true },
  { line: 'wirespan_frames_refused_total{reason="WrongWireType"} 2', is: true },
  { line: 'wirespan_frames_refused_total{reason="unsupported_version"} 1', is: true },
  { line: "wirespan_decode_errors_total 1", is: true },
  { line: 'wirespan_frames_refused_total{reason="body_crc"} 0', is: false },
  { line: 'wirespan_frames_refused_total{reason="version_too_old"} 1', is: false },
  { line: 'wirespan_frames_refused_total{reason="refused_version_too_new"} 1', is: false },
  { line: 'wirespan_frames_refused_total{reason="stale_incarnation"} 3', is: false },
  { line: "wirespan_elections_total 4", is: false },
])("isDecodeError() says $is of $line", ({ line, is }) => {
  expect(readMetrics(line).map(isDecodeError)).toEqual([is]);
});
