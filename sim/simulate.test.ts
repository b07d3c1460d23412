/**
 * Runs of the working tree: clean seeds pass with every oracle having looked at something, the same
 * seed does the same twice, and a replica that is made to lie to its disk is found.
 */
import { expect, test } from "vitest";
import { createReplica, type ReplicaPorts } from "../raft/replica/index.ts";
import { openCodec } from "../raft/wire/codec-bundle.ts";
import { wireProtocol } from "../raft/wire/index.ts";
import { type Build, drawSchedule, type Fault, type Schedule, simulate } from "./index.ts";
import { LEADER } from "./schedule.ts";

const TREE: Build = {
  name: "tree",
  digest: "",
  range: wireProtocol.range,
  createReplica,
  openCodec: openCodec as Build["openCodec"],
};

function scheduleOf(seed: number): Schedule {
  const releases = [{ name: "tree", writes: wireProtocol.range.max }];
  return drawSchedule({ seed, nodes: { min: 3, max: 3 }, releases });
}

test.for([1, 2])("seed %i passes, and twice the same way", (seed) => {
  const first = simulate(scheduleOf(seed), [TREE]);
  expect(first.message).toBeUndefined();
  expect(first.verdict).toBe("pass");
  for (const count of [first.faults, first.answered, first.digestsCompared, first.diskScans])
    expect(count).toBeGreaterThan(0);
  expect(simulate(scheduleOf(seed), [TREE])).toEqual(first);
});

test("another seed is another run", () => {
  const traces = [1, 2].map((seed) => simulate(scheduleOf(seed), [TREE]).trace);
  expect(new Set(traces).size).toBe(2);
});

test("a schedule is data: read back from its text it gives the same run", () => {
  const schedule = scheduleOf(3);
  const copy = JSON.parse(JSON.stringify(schedule)) as Schedule;
  expect(simulate(copy, [TREE]).trace).toBe(simulate(schedule, [TREE]).trace);
});

test("DUR: a replica that is told of a sync before it happened is found", () => {
  const lying: Build = {
    ...TREE,
    createReplica: (options, ports) => createReplica(options, withoutSync(ports)),
  };
  const faults: readonly Fault[] = [];
  const { verdict, oracle } = simulate({ ...scheduleOf(1), faults, roll: [] }, [lying]);
  expect({ verdict, oracle }).toEqual({ verdict: "fail", oracle: "DUR" });
});

test("LIN: a read that is answered with what was there before is found, with the operations around it", () => {
  const lying: Build = { ...TREE, openCodec: withStaleReads() };
  const { verdict, oracle, disorder } = simulate({ ...scheduleOf(1), faults: [], roll: [] }, [
    lying,
  ]);
  expect({ verdict, oracle }).toEqual({ verdict: "fail", oracle: "LIN" });
  expect(disorder?.window.some(({ place }) => place === undefined)).toBe(true);
  // A picture, and not the whole history.
  expect(disorder?.window.length).toBeLessThan(60);
});

/** Now and then an answer holds the value of the one before. */
function withStaleReads(): Build["openCodec"] {
  let reads = 0;
  let before: Uint8Array | undefined;
  return (message, version) => {
    const codec = TREE.openCodec(message, version);
    if (message !== "ClientResponse") return codec;
    const decode = (bytes: Uint8Array): unknown => {
      const answer = codec.decode(bytes) as { status: string; value?: Uint8Array };
      if (answer.status !== "ok" || !answer.value?.length) return answer;
      const value = ++reads % 40 === 0 ? before : answer.value;
      before = answer.value;
      return { ...answer, value };
    };
    return { encode: (value) => codec.encode(value), decode };
  };
}

/** Appends instead of syncing: done just as late, and nothing is durable. */
function withoutSync(ports: ReplicaPorts): ReplicaPorts {
  const { disk } = ports;
  return { ...ports, disk: { ...disk, sync: (path, done) => disk.append(path, [], done) } };
}

test("ALIVE: a replica that throws at its start is found, and is no error of the simulator", () => {
  let starts = 0;
  const throwing: Build = {
    ...TREE,
    createReplica: (options, ports) => {
      if (++starts > 3) throw new Error("out of its mind");
      return createReplica(options, ports);
    },
  };
  const faults: readonly Fault[] = [
    { atMs: 500, kind: "crash", node: LEADER, when: "power", forMs: 50 },
  ];
  const { verdict, oracle } = simulate({ ...scheduleOf(1), faults, roll: [] }, [throwing]);
  expect({ verdict, oracle }).toEqual({ verdict: "fail", oracle: "ALIVE" });
});

test("ALIVE: a replica that halts of its own will is found, whatever it was doing", () => {
  let syncs = 0;
  const failing: Build = {
    ...TREE,
    createReplica: (options, ports) => {
      const { disk } = ports;
      const sync: typeof disk.sync = (path, done) =>
        disk.sync(path, (error) =>
          done(++syncs === 200 ? { code: "EIO", message: "for no reason" } : error),
        );
      return createReplica(options, { ...ports, disk: { ...disk, sync } });
    },
  };
  const { verdict, oracle } = simulate({ ...scheduleOf(1), faults: [], roll: [] }, [failing]);
  expect({ verdict, oracle }).toEqual({ verdict: "fail", oracle: "ALIVE" });
});

test("a schedule of some kinds of faults has these and no others, all of them", () => {
  const releases = [{ name: "tree", writes: wireProtocol.range.max }];
  const faults = ["electionCrash", "joint", "noise"];
  const drawn = drawSchedule({ seed: 1, nodes: { min: 3, max: 3 }, releases, faults });
  expect([...new Set(drawn.faults.map(({ kind }) => kind))].sort()).toEqual(faults);
});

test("with read leases nobody is back sooner than they assume", () => {
  const releases = [{ name: "tree", writes: wireProtocol.range.max }];
  const nodes = { min: 3, max: 3 };
  const drawn = drawSchedule({ seed: 1, nodes, releases, readLease: true });
  const spans = drawn.faults.flatMap((fault) => ("forMs" in fault ? [fault.forMs] : []));
  expect(drawn.readLease).toBe(true);
  expect(spans.length).toBeGreaterThan(5);
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(60);
  expect(drawSchedule({ seed: 1, nodes, releases }).readLease).toBeUndefined();
});

test("large values are in every schedule when they are asked for", () => {
  const releases = [{ name: "tree", writes: wireProtocol.range.max }];
  const drawn = [1, 2, 3].map((seed) =>
    drawSchedule({ seed, nodes: { min: 3, max: 3 }, releases, largeValues: true }),
  );
  for (const { largeValueBytes } of drawn) expect(largeValueBytes).toBeGreaterThan(50_000);
});
