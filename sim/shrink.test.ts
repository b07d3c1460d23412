/** Shrinking against a judge that is a plain claim about the schedule, so that the smallest one is known. */
import { expect, test } from "vitest";
import { drawSchedule, kindOfFailure, problemOfRoll, type Schedule, shrink } from "./index.ts";

const RELEASES = [
  { name: "old", writes: 1, range: { min: 1, max: 1 } },
  { name: "new", writes: 2, range: { min: 1, max: 2 } },
  { name: "newest", writes: 3, range: { min: 2, max: 3 } },
];
const isSound = (schedule: Schedule): boolean => problemOfRoll(schedule, RELEASES) === undefined;

function shrinkBy(
  schedule: Schedule,
  fails: (proposal: Schedule) => boolean,
): { readonly smallest: Schedule; readonly proposals: readonly string[] } {
  const proposals: string[] = [];
  const shrinking = shrink(schedule, { failedAtMs: 100_000, isSound });
  let next = shrinking.next();
  while (!next.done) {
    proposals.push(JSON.stringify(next.value));
    expect(isSound(next.value)).toBe(true);
    next = shrinking.next(fails(next.value));
  }
  return { smallest: next.value, proposals };
}

const SEEDS = Array.from({ length: 20 }, (_, place) => place + 1);

test.for(SEEDS)("shrink() leaves what seed %i fails by, and nothing else", (seed) => {
  const schedule = drawSchedule({ seed, nodes: { min: 3, max: 5 }, releases: RELEASES });
  const [wanted] = schedule.faults.slice(-1);
  const fails = ({ faults, nodes, roll }: Schedule): boolean =>
    nodes >= 3 &&
    faults.some(({ kind }) => kind === wanted?.kind) &&
    roll.some((step) => step.kind === "replace" && step.release === "newest");
  expect(fails(schedule)).toBe(true);
  const { smallest, proposals } = shrinkBy(schedule, fails);
  expect(smallest.faults.map(({ kind }) => kind)).toEqual([wanted?.kind]);
  expect(smallest.nodes).toBe(3);
  expect(smallest.clients).toBe(1);
  for (const place of smallest.roll.keys()) {
    const less = { ...smallest, roll: smallest.roll.filter((_, each) => each !== place) };
    expect(isSound(less) && fails(less), `without step ${place}`).toBe(false);
  }
  expect(new Set(proposals).size, "no proposal is made twice").toBe(proposals.length);
  expect(shrinkBy(schedule, fails).proposals, "the same again").toEqual(proposals);
});

test("shrink() returns the schedule itself when everything is needed", () => {
  const schedule = drawSchedule({ seed: 1, nodes: { min: 3, max: 3 }, releases: RELEASES });
  expect(shrinkBy(schedule, () => false).smallest).toEqual(schedule);
});

test.for([
  { stuckMs: Number.POSITIVE_INFINITY, liveMs: undefined, why: "it is stuck for good" },
  { stuckMs: 40_000, liveMs: 15_000, why: "it is only slow, and says how slow" },
])("shrink() waits less for a stuck run, and once more for the whole time: $why", (row) => {
  const schedule = drawSchedule({ seed: 1, nodes: { min: 3, max: 3 }, releases: RELEASES });
  const fails = (proposal: Schedule): boolean =>
    proposal.liveMs !== undefined || row.stuckMs > 60_000;
  const { smallest } = shrinkBy(schedule, fails);
  expect(smallest.faults).toEqual([]);
  expect(smallest.liveMs).toBe(row.liveMs);
});

test("a failure of another oracle, or by another code, is another failure", () => {
  const kinds = [
    { verdict: "pass" },
    { verdict: "fail", oracle: "LIN", message: "key a: 1.2 3.4" },
    { verdict: "fail", oracle: "ALIVE", message: "node 1 (r1) halts: disk_failed: no" },
    { verdict: "fail", oracle: "ALIVE", message: "node 2 (r1) halts: broken_invariant: no" },
  ].map(kindOfFailure);
  expect(kinds).toEqual(["pass", "LIN", "ALIVE disk_failed", "ALIVE broken_invariant"]);
});
