/** A campaign over a frozen release, on real threads. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { drawSchedule, type Schedule } from "../index.ts";
import { runCampaign, shrinkSchedule } from "./index.ts";

const SOURCES = [
  {
    name: "r4",
    digest: "",
    range: { min: 3, max: 4 },
    writes: 4,
    directory: resolve("fixtures/releases/r4"),
  },
];
const NODES = { min: 3, max: 3 };

/** Nothing but an operation or two. */
function calm(seed: number): Schedule {
  const schedule = drawSchedule({ seed, nodes: NODES, releases: SOURCES });
  return { ...schedule, durationMs: 500, faults: [], roll: [], operationsMax: 2 };
}

test("one thread runs all seeds that it is given, lazily, and stops when it is told to", async () => {
  const abort = new AbortController();
  function* seeds(): Generator<number> {
    for (let seed = 1; ; seed++) yield seed;
  }
  const { results, repeated, unrepeatable } = await runCampaign({
    sources: SOURCES,
    nodes: NODES,
    seeds: seeds(),
    scheduleOf: calm,
    threads: 1,
    signal: abort.signal,
    onResult: (_, done) => {
      if (done === 3) abort.abort();
    },
  });
  expect(results.map(({ seed, verdict }) => [seed, verdict])).toEqual(
    [1, 2, 3].map((seed) => [seed, "pass"]),
  );
  expect({ repeated, unrepeatable }).toEqual({ repeated: 1, unrepeatable: [] });
}, 60_000);

test("a seed that can not be run is told, and the others go on", async () => {
  const broken: string[] = [];
  const options = {
    sources: SOURCES,
    nodes: NODES,
    seeds: [1, 2, 3],
    // No build has this name, so the run throws.
    scheduleOf: (seed: number) => ({ ...calm(seed), releases: [seed === 2 ? "r9" : "r4"] }),
    threads: 1,
    signal: new AbortController().signal,
  };
  const onBroken = ({ message }: Error): number => broken.push(message);
  const { results } = await runCampaign({ ...options, onBroken });
  expect(results.map(({ seed }) => seed)).toEqual([1, 3]);
  expect(broken.join()).toContain("Cannot run seed 2: ");
  await expect(runCampaign(options)).rejects.toThrow("Cannot run seed 2: ");
}, 60_000);

test("shrinkSchedule() stops at its bound of runs and keeps what failed", async () => {
  const schedule = calm(1);
  const { results } = await runCampaign({
    sources: SOURCES,
    nodes: NODES,
    seeds: [1],
    scheduleOf: () => schedule,
    threads: 1,
    signal: new AbortController().signal,
  });
  const [result] = results;
  if (!result) throw new Error("the campaign has no result");
  const runs: number[] = [];
  // A passing run stands for a failing one: what is looked for is the same end.
  const shrunk = await shrinkSchedule(schedule, result, {
    sources: SOURCES,
    runsMax: 3,
    durationMaxMs: 60_000,
    isSound: () => true,
    signal: new AbortController().signal,
    onSmaller: (_, count) => runs.push(count),
  });
  expect({ end: shrunk.end, runs: shrunk.runs }).toEqual({ end: "runs", runs: 3 });
  expect(runs).toEqual([1, 2, 3]);
  expect(shrunk.schedule.nodes).toBeLessThan(3);
}, 60_000);
