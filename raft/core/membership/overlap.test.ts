/**
 * Why configurations may change at all (Raft §6, thesis §4.1): whatever set can decide before a change
 * meets whatever set can decide after it, so that no two leaders are elected in one term. Every set of
 * nodes is tried, with a majority counted by hand. `WIRESPAN_SEED=<n>` replays a run; a failure prints it.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { jointCommitted, jointVote } from "../quorum/index.ts";
import { EMPTY_TRACKER_CONFIG, Tracker, type TrackerConfig } from "../tracker/index.ts";
import type { ConfChangeSingle } from "../types.ts";
import { type Changed, ConfChangeError, enterJoint, leaveJoint, simpleChange } from "./index.ts";

const SEED = process.env.WIRESPAN_SEED;
const RUNS: fc.Parameters<unknown> = {
  numRuns: 150,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
};
const NODES = [1, 2, 3, 4, 5];

const change: fc.Arbitrary<ConfChangeSingle> = fc.record({
  type: fc.constantFrom("addNode", "addLearnerNode", "removeNode", "updateNode"),
  nodeId: fc.constantFrom(...NODES),
});
const changes = fc.array(change, { maxLength: 5 });

function inputOf(from: Changed): Parameters<typeof leaveJoint>[0] {
  return { ...from, lastIndex: 10, newInflights: () => new Tracker(4, 0).newInflights() };
}

/** Whatever of the changes is allowed, one by one, on a single voter. */
function grown(list: readonly ConfChangeSingle[]): Changed {
  const empty: Changed = { config: EMPTY_TRACKER_CONFIG, progress: new Map() };
  const one = simpleChange(inputOf(empty), [{ type: "addNode", nodeId: 1 }]);
  return list.reduce(
    (now, single) => attempt(() => simpleChange(inputOf(now), [single])) ?? now,
    one,
  );
}

/** Undefined: the changer refused. */
function attempt(make: () => Changed): Changed | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfChangeError) return undefined;
    throw error;
  }
}

/** All sets of nodes that can decide: a majority of each half that there is, counted by hand. */
function deciding({ incoming, outgoing }: TrackerConfig): readonly number[] {
  const halves = [incoming, outgoing].filter(({ size }) => size > 0);
  return Array.from({ length: 2 ** NODES.length }, (_, mask) => mask).filter((mask) =>
    halves.every((half) => [...half].filter((id) => has(mask, id)).length * 2 > half.size),
  );
}

function has(mask: number, id: number): boolean {
  return ((mask >> (id - 1)) & 1) === 1;
}

function expectOverlap(before: Changed, after: Changed): void {
  const [these, those] = [deciding(before.config), deciding(after.config)];
  const disjoint = these.flatMap((one) => those.filter((other) => (one & other) === 0));
  expect(disjoint).toEqual([]);
}

test("what decides before a simple change meets what decides after it", () => {
  fc.assert(
    fc.property(changes, change, (list, single) => {
      const before = grown(list);
      const after = attempt(() => simpleChange(inputOf(before), [single]));
      if (after) expectOverlap(before, after);
    }),
    RUNS,
  );
});

test("two voters at once need not overlap, which is why a simple change may not have them", () => {
  const before = grown([2, 3].map((nodeId) => ({ type: "addNode", nodeId })));
  const swap: readonly ConfChangeSingle[] = [
    { type: "addNode", nodeId: 4 },
    { type: "addNode", nodeId: 5 },
    { type: "removeNode", nodeId: 1 },
    { type: "removeNode", nodeId: 2 },
  ];
  const jumped = leaveJoint(inputOf(enterJoint(inputOf(before), false, swap)));
  expect(() => expectOverlap(before, jumped)).toThrow();
  expect(attempt(() => simpleChange(inputOf(before), swap))).toBeUndefined();
});

test("what decides before, in and behind a joint phase meets its neighbour", () => {
  fc.assert(
    fc.property(changes, changes, (first, list) => {
      const before = grown(first);
      const joint = attempt(() => enterJoint(inputOf(before), true, list));
      if (joint === undefined) return;
      expectOverlap(before, joint);
      expectOverlap(joint, joint);
      expectOverlap(joint, leaveJoint(inputOf(joint)));
    }),
    RUNS,
  );
});

test("votes and commits agree with the sets that can decide", () => {
  const acked = fc.array(fc.nat(3), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(changes, changes, fc.nat(31), acked, (first, list, yes, indices) => {
      const before = grown(first);
      const { config } = attempt(() => enterJoint(inputOf(before), true, list)) ?? before;
      const sets = deciding(config);
      const votes = new Map(NODES.map((id) => [id, has(yes, id)]));
      expect(jointVote(config, votes)).toBe(sets.includes(yes) ? "won" : "lost");
      const reached = (index: number) =>
        NODES.reduce(
          (mask, id) => ((indices[id - 1] ?? 0) >= index ? mask | (1 << (id - 1)) : mask),
          0,
        );
      const committed = [3, 2, 1, 0].find((index) => sets.includes(reached(index)));
      expect(jointCommitted(config, (id) => indices[id - 1])).toBe(committed);
    }),
    RUNS,
  );
});

/** All that a configuration is, its progress included, in an order of its own. */
function picture({ config, progress }: Changed): unknown {
  const list = (ids: ReadonlySet<number>) => [...ids].sort();
  return {
    ...[config.incoming, config.outgoing, config.learners, config.learnersNext].map(list),
    autoLeave: config.autoLeave,
    progress: [...progress].map(([id, { isLearner }]) => [id, isLearner]).sort(),
  };
}

test("the changer is idempotent: a change that was made changes nothing when it is made again", () => {
  fc.assert(
    fc.property(changes, change, changes, (first, single, list) => {
      const before = grown(first);
      const once = attempt(() => simpleChange(inputOf(before), [single]));
      if (once) expect(picture(simpleChange(inputOf(once), [single]))).toEqual(picture(once));
      const joint = attempt(() => enterJoint(inputOf(before), false, list));
      if (!joint) return;
      const twice = enterJoint(inputOf(before), false, [...list, ...list]);
      const left = [joint, twice].map((each) => picture(leaveJoint(inputOf(each))));
      expect(left[0]).toEqual(left[1]);
    }),
    RUNS,
  );
});

test("a change that is refused leaves no trace in what it was given", () => {
  fc.assert(
    fc.property(changes, changes, (first, list) => {
      const before = grown(first);
      const seen = JSON.stringify(picture(before));
      attempt(() => simpleChange(inputOf(before), list));
      attempt(() => enterJoint(inputOf(before), true, list));
      expect(JSON.stringify(picture(before))).toBe(seen);
    }),
    RUNS,
  );
});

test("no node is learner and voter at once, and nothing joint is left behind a joint phase", () => {
  fc.assert(
    fc.property(changes, changes, (first, list) => {
      const joint = attempt(() => enterJoint(inputOf(grown(first)), true, list));
      if (!joint) return;
      const { incoming, outgoing, learners, learnersNext } = joint.config;
      const voters = [...incoming, ...outgoing];
      expect(voters.filter((id) => learners.has(id))).toEqual([]);
      expect([...learnersNext].filter((id) => incoming.has(id) || !outgoing.has(id))).toEqual([]);
      const { config } = leaveJoint(inputOf(joint));
      expect([config.outgoing.size, config.learnersNext.size, config.autoLeave]).toEqual([
        0,
        0,
        false,
      ]);
    }),
    RUNS,
  );
});
