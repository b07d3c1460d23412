/** A schedule file is read back as it was written, and each way to spoil it is told by its place. */
import { expect, test } from "vitest";
import {
  drawSchedule,
  problemOfRoll,
  readSchedule,
  SCHEDULE_SCHEMA,
  ScheduleError,
} from "./index.ts";

const RELEASES = [
  { name: "old", writes: 1, range: { min: 1, max: 1 } },
  { name: "new", writes: 2, range: { min: 1, max: 2 } },
];

type Change = Readonly<Record<string, unknown>>;

function fileOf(seed: number, change: Change = {}): string {
  const schedule = drawSchedule({ seed, nodes: { min: 3, max: 7 }, releases: RELEASES });
  return JSON.stringify({ schema: SCHEDULE_SCHEMA, digests: {}, ...schedule, ...change });
}

test("readSchedule() takes every schedule that is drawn, and it can be carried out", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const read = readSchedule(fileOf(seed));
    expect(JSON.stringify(read)).toBe(fileOf(seed));
    expect(problemOfRoll(read, RELEASES)).toBeUndefined();
  }
});

test.for<[Change, string]>([
  [{ schema: "x" }, 'schema is "x"'],
  [{ nodes: 0 }, "nodes is 0, a whole number from 1 to 9 is needed"],
  [{ clients: undefined }, "clients is missing"],
  [{ snapshotevery: 1 }, 'nobody knows "snapshotevery"'],
  [{ releases: [] }, "releases is []"],
  [{ faults: 7 }, "faults is 7, a list is needed"],
  [{ faults: [null] }, "faults[0] is null, an object is needed"],
  [{ faults: [{ atMs: 1, kind: "flood" }] }, 'faults[0]: kind is "flood"'],
  [{ faults: [{ kind: "fullStop", forMs: 1 }] }, "faults[0] (fullStop): atMs is missing"],
  [{ faults: [{ atMs: 1, kind: "pause", node: 1, forMs: -1 }] }, "forMs is -1"],
  [
    { nodes: 3, faults: [{ atMs: 1, kind: "partition", side: [4], oneWay: true, forMs: 1 }] },
    "side is [4]",
  ],
  [{ roll: [{ kind: "wait", forMs: 1, for: 2 }] }, 'roll[0] (wait): nobody knows "for"'],
  [
    { nodes: 3, faults: [], roll: [{ kind: "replace", node: 4, release: "new", mode: "stop" }] },
    "node is 4",
  ],
  [
    { nodes: 3, faults: [], roll: [{ kind: "replace", node: 1, release: "new", mode: "now" }] },
    'mode is "now"',
  ],
  [
    { faults: [], roll: [{ kind: "inject", fault: { kind: "pause", node: 1 } }] },
    "fault (pause): forMs is missing",
  ],
  [{ faults: [{ atMs: 1, kind: "joint", changes: [] }] }, "a list of changes"],
  [
    { faults: [{ atMs: 1, kind: "joint", changes: [{ change: "x", node: 1, release: "r" }] }] },
    "changes",
  ],
])("readSchedule() refuses %j", ([change, problem]) => {
  expect(() => readSchedule(fileOf(1, change))).toThrow(problem);
  expect(() => readSchedule(fileOf(1, change))).toThrow(ScheduleError);
});

test("readSchedule() refuses what is no JSON, at any length", () => {
  const whole = fileOf(1);
  for (let length = 0; length < whole.length; length += 97)
    expect(() => readSchedule(whole.slice(0, length))).toThrow(ScheduleError);
});

test.for<[readonly Change[], string]>([
  [[{ kind: "replace", node: 1, release: "gone", mode: "stop" }], 'no release "gone"'],
  [[{ kind: "activate", version: 2 }], "node 1 runs old, which reads versions 1 to 1"],
  [[{ kind: "activate", version: 3 }], "one is skipped"],
  [[{ kind: "rewrite", version: 2 }], "version 1 is active"],
  [
    [
      ...[1, 2, 3].map((node) => ({ kind: "replace", node, release: "new", mode: "stop" })),
      { kind: "activate", version: 2 },
      { kind: "replace", node: 1, release: "old", mode: "stop" },
    ],
    "roll[4] (replace): old reads versions 1 to 1, version 2 is active",
  ],
  [[{ kind: "replaceAll", releases: ["new", "new"], forMs: 1 }], "2 releases for 3 founders"],
  [
    [
      ...[1, 2].map((node) => ({ kind: "replace", node, release: "new", mode: "stop" })),
      { kind: "activateEarly", version: 2 },
      { kind: "replace", node: 3, release: "new", mode: "stop" },
      { kind: "replace", node: 3, release: "old", mode: "stop" },
      { kind: "activateEarly", version: 2 },
    ],
    "roll[5] (activateEarly): every founder could read version 2",
  ],
  [[{ kind: "stray", node: 1, release: "old", forMs: 1 }], "old reads version 1, which is active"],
])("problemOfRoll() finds %j", ([roll, problem]) => {
  const schedule = readSchedule(fileOf(1, { nodes: 3, faults: [], roll }));
  expect(problemOfRoll(schedule, RELEASES)).toContain(problem);
});
