/** What a leader notes of a follower (etcd raft, tracker/progress.go and inflights.go), rule by rule. */
import { expect, test } from "vitest";
import { Inflights, Progress } from "./index.ts";

function progressAt(match: number, next: number): Progress {
  return new Progress(match, next, new Inflights(4, 0), false);
}

test.for([
  {
    sentCommit: 3,
    next: 4,
    commit: 5,
    sent: false,
    why: "the follower has nothing beyond what it was told",
  },
  { sentCommit: 3, next: 6, commit: 5, sent: true, why: "it has entries that are committed now" },
  { sentCommit: 5, next: 9, commit: 5, sent: false, why: "it was told already" },
])("an append for the commit index alone, sent: $sent, because $why", (row) => {
  const progress = progressAt(3, row.next);
  progress.sentCommit = row.sentCommit;
  expect(progress.canBumpCommit(row.commit)).toBe(row.sent);
});

test("after a snapshot a probe begins behind it; after a failed one where the follower was", () => {
  for (const [pending, next] of [
    [9, 10],
    [0, 4],
  ] as const) {
    const progress = progressAt(3, 4);
    progress.becomeSnapshot(9);
    expect([progress.next, progress.isPaused()]).toEqual([10, true]);
    progress.pendingSnapshot = pending;
    progress.becomeProbe();
    expect([progress.state, progress.next]).toEqual(["probe", next]);
  }
});

test("what was told of the commit index is forgotten with what it was told on", () => {
  const progress = progressAt(3, 9);
  progress.sentCommit = 8;
  progress.becomeProbe();
  expect([progress.next, progress.sentCommit]).toEqual([4, 3]);
});

test.for([
  { state: "probe", rejected: 7, hint: 2, next: 4, taken: true, why: "never below what matches" },
  { state: "probe", rejected: 7, hint: 5, next: 6, taken: true, why: "to the hint" },
  { state: "probe", rejected: 6, hint: 2, next: 8, taken: false, why: "not for an older probe" },
  { state: "replicate", rejected: 3, hint: 2, next: 4, taken: false, why: "not for what matches" },
  { state: "replicate", rejected: 6, hint: 2, next: 4, taken: true, why: "to what matches" },
] as const)("a refusal of $rejected in state $state moves next to $next: $why", (row) => {
  const progress = progressAt(3, 8);
  if (row.state === "replicate") progress.becomeReplicate();
  expect(progress.maybeDecrTo(row.rejected, row.hint)).toBe(row.taken);
  expect(progress.next).toBe(row.next);
});

test("the window: full by count or by bytes, freed up to what arrived", () => {
  const byCount = new Inflights(2, 0);
  for (const index of [5, 7]) byCount.add(index, 100);
  expect(byCount.full()).toBe(true);
  expect(() => byCount.add(9, 1)).toThrow("full window");
  byCount.freeLe(4);
  expect(byCount.count, "nothing of it had arrived").toBe(2);
  byCount.freeLe(6);
  expect([byCount.count, byCount.full()]).toEqual([1, false]);
  const byBytes = new Inflights(8, 100);
  byBytes.add(5, 99);
  expect(byBytes.full()).toBe(false);
  byBytes.add(6, 1);
  expect(byBytes.full()).toBe(true);
  byBytes.reset();
  expect([byBytes.count, byBytes.full()]).toEqual([0, false]);
});
