/**
 * Upgrades of a frozen release to the next one, with what an operator must not do tried on the way;
 * and a replica that agrees to everything is found.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import {
  type Build,
  cellsOf,
  type FaultKind,
  type RollStep,
  type Schedule,
  simulate,
} from "./index.ts";

type Bundle = Pick<Build, "createReplica" | "openCodec">;

async function load(name: string, min: number, max: number): Promise<Build> {
  const open = async (file: string): Promise<Bundle> =>
    (await import(pathToFileURL(resolve(`fixtures/releases/${name}/${file}`)).href)) as Bundle;
  const { createReplica } = await open("replica.mjs");
  const { openCodec } = await open("codecs.mjs");
  return { name, digest: "", range: { min, max }, createReplica, openCodec };
}

const [OLD, NEW] = [await load("r3", 2, 3), await load("r4", 3, 4)] as const;
const BEGIN: readonly RollStep[] = [
  { kind: "activate", version: 3 },
  { kind: "rewrite", version: 3 },
];
const replace = (node: number, release: string): RollStep => {
  return { kind: "replace", node, release, mode: "stop" };
};

function scheduleOf(roll: readonly RollStep[], faults: readonly FaultKind[] = []): Schedule {
  return {
    seed: 7,
    nodes: 3,
    releases: ["r3", "r4"],
    durationMs: 3_000,
    clients: 2,
    snapshotEvery: 40,
    faults: faults.map((fault, place) => ({ atMs: 600 + 500 * place, ...fault })),
    roll: [...BEGIN, ...roll],
  };
}

test("a hop with a mixed full stop, a way back, an early activation and a stray release passes", () => {
  const roll: readonly RollStep[] = [
    { kind: "replaceAll", releases: ["r4", "r3", "r3"], forMs: 100 },
    { kind: "lead", node: 1 },
    { kind: "inject", fault: { kind: "laggard", node: 3, forMs: 500 } },
    { kind: "wait", forMs: 600 },
    { kind: "catchUp", node: 3 },
    { kind: "activateEarly", version: 4 },
    replace(1, "r3"),
    { kind: "wait", forMs: 600 },
    replace(1, "r4"),
    replace(2, "r4"),
    replace(3, "r4"),
    { kind: "activate", version: 4 },
    { kind: "stray", node: 2, release: "r3", forMs: 300 },
    { kind: "rewrite", version: 4 },
  ];
  const { verdict, message, coverage } = simulate(scheduleOf(roll), [OLD, NEW]);
  expect({ verdict, message }).toEqual({ verdict: "pass", message: undefined });
  const possible = cellsOf(OLD.range, NEW.range, "r3>r4");
  const cell = "r3>r4 leader=new quorum=old snapshot=new>old activation=held rollback=none";
  expect(possible).toContain(cell);
  expect(coverage.cells, "an old laggard was fed by a new leader").toContain(cell);
  expect(coverage.cells.filter((each) => !possible.includes(each))).toEqual([]);
  expect(coverage.cells.join()).toContain("activation=held rollback=back");
});

test("members come and go while releases change", () => {
  const faults: readonly FaultKind[] = [
    { kind: "add", node: 4, as: "learner", release: "r4" },
    { kind: "promote", node: 4 },
    { kind: "removeLeader", forMs: 100 },
    { kind: "joint", changes: [{ change: "voter", node: 5, release: "r3" }] },
    { kind: "reuseAddress", node: 4, newcomer: 9, release: "r4" },
    { kind: "removeAndAdd", node: 1, forMs: 100 },
  ];
  const roll: readonly RollStep[] = [
    ...[1, 2, 3].flatMap((id) => [replace(id, "r4"), { kind: "wait", forMs: 800 } as const]),
    { kind: "replaceRest", release: "r4", mode: "process" },
    { kind: "activate", version: 4 },
    { kind: "rewrite", version: 4 },
  ];
  const schedule = { ...scheduleOf(roll, faults), durationMs: 4_500 };
  const { verdict, message, coverage, starts } = simulate(schedule, [OLD, NEW]);
  expect({ verdict, message }).toEqual({ verdict: "pass", message: undefined });
  expect(Object.keys(coverage.faults).sort()).toEqual(faults.map(({ kind }) => kind).sort());
  expect(starts, "three founders twice, and three newcomers").toBeGreaterThanOrEqual(9);
});

test("who takes over an address is sent what was meant for the member before", () => {
  const refusals: string[] = [];
  const watched: Build = {
    ...NEW,
    createReplica: (options, ports) =>
      NEW.createReplica(options, {
        ...ports,
        observe: (event) => {
          const reason = event.kind === "count" ? event.labels?.reason : undefined;
          if (reason !== undefined) refusals.push(`${options.nodeId} ${reason}`);
          ports.observe(event);
        },
      }),
  };
  // Whoever was cut off still knows the old member when it is back.
  const faults: readonly FaultKind[] = [
    { kind: "partition", side: [3], oneWay: false, forMs: 1_500 },
    { kind: "reuseAddress", node: 2, newcomer: 9, release: "r4" },
  ];
  const schedule = { ...scheduleOf([], faults), nodes: 5, releases: ["r4"] };
  const { verdict, message } = simulate(schedule, [watched]);
  expect({ verdict, message }).toEqual({ verdict: "pass", message: undefined });
  expect(refusals).toContain("9 wrong_addressee");
});

test("FLOOR: a replica that agrees to an activation that a member can not read is found", () => {
  const agreeing: Build = {
    ...NEW,
    createReplica: (options, ports) =>
      Object.assign(NEW.createReplica(options, ports), {
        activate: (_: number, done: (outcome: { ok: true }) => void) => done({ ok: true }),
      }),
  };
  const roll: readonly RollStep[] = [replace(1, "r4"), { kind: "activateEarly", version: 4 }];
  const { verdict, oracle, message } = simulate(scheduleOf(roll), [OLD, agreeing]);
  expect({ verdict, oracle }).toEqual({ verdict: "fail", oracle: "FLOOR" });
  expect(message).toContain("members 2, 3 never could read");
});
