/** The arithmetic of the report, on samples whose answer one can work out in the head. */
import { expect, test } from "vitest";
import type { Sample } from "./measure.ts";
import { compare, fastestOf, judge, median } from "./statistics.ts";
import { outcomeOf } from "./targets.ts";

test.for([
  { values: [3], is: 3, why: "one is its own median" },
  { values: [9, 1, 4], is: 4, why: "order of arrival means nothing" },
  { values: [1, 2, 10, 3], is: 2.5, why: "an even number takes the two in the middle" },
  { values: [], is: NaN, why: "nothing measured must not look like a figure" },
])("median() of $values is $is: $why", ({ values, is }) => {
  expect(median(values)).toBe(is);
});

function sample(name: string, group: Sample["group"], ...ns: number[]): Sample {
  return { name, group, ns, faults: 0 };
}

// The second process met a busy machine in its first round: both codecs suffered, their ratio did not.
const PROCESSES = [
  [sample("ours", "ours", 50, 50), sample("a", "peer", 100, 100), sample("b", "peer", 300, 300)],
  [sample("ours", "ours", 500, 40), sample("a", "peer", 1000, 120), sample("b", "peer", 90, 90)],
];

test("compare() divides neighbours in a round, then takes medians of rounds and of processes", () => {
  expect(compare(PROCESSES, "ours", "a")).toEqual({ median: 2.25, min: 2, max: 2.5 });
});

test("compare() with a codec that did not run is not a number", () => {
  expect(compare(PROCESSES, "ours", "nobody").median).toBeNaN();
});

test("fastestOf() goes by the median over processes", () => {
  const three = [...PROCESSES, PROCESSES[0] ?? []];
  expect(fastestOf(three, ({ group }) => group === "peer")).toBe("a");
  expect(fastestOf(three, ({ group }) => group === "limit")).toBe("");
});

test("judge() sets everybody in relation to the fastest peer, never to ourselves", () => {
  const race = judge({ case: "x", row: "decode", way: "tuned" }, [PROCESSES[0] ?? []]);
  expect(race.reference).toBe("a");
  expect(race.figures.map(({ name, ratio }) => [name, ratio.median])).toEqual([
    ["ours", 2],
    ["a", 1],
    ["b", 1 / 3],
  ]);
});

const DECODE = { case: "x", row: "decode", atLeast: 1.5 } as const;
const FIELD = [
  sample("ours", "ours", 60),
  sample("ours, columns", "ours", 10),
  sample("bebop float64", "peer", 60),
  sample("pbf", "peer", 120),
  sample("by hand", "limit", 5),
];

test.for([
  { target: DECODE, median: 1, met: false, why: "columns do not stand in for objects" },
  { target: { ...DECODE, integersOnly: true }, median: 2, met: true, why: "float64 is out" },
  { target: { ...DECODE, entry: "columns" }, median: 6, met: true, why: "its own entry point" },
] as const)("outcomeOf() measures $median: $why", ({ target, median: expected, met }) => {
  const outcome = outcomeOf(target, [FIELD]);
  expect([outcome.measured?.median, outcome.met]).toEqual([expected, met]);
});

test("outcomeOf() is not met when we have no such call", () => {
  expect(outcomeOf({ ...DECODE, entry: "segments" }, [FIELD])).toMatchObject({
    measured: undefined,
    met: false,
  });
});
