/**
 * The changer is compared with a twin that knows nothing of progress: it computes sets of ids. And a
 * joint change must end where the same changes lead one by one.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_TRACKER_CONFIG, Tracker } from "../tracker/index.ts";
import { type ConfChangeSingle, type ConfState, NONE } from "../types.ts";
import {
  type Changed,
  ConfChangeError,
  enterJoint,
  leaveJoint,
  restoreConfig,
  simpleChange,
} from "./index.ts";

const SEED = process.env.WIRESPAN_SEED;
/** `WIRESPAN_SEED=<n>` replays a run; a failure prints its seed. */
const RUNS: fc.Parameters<unknown> = {
  numRuns: 200,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
};
const newInflights = () => new Tracker(4, 0).newInflights();
const EMPTY: Changed = { config: EMPTY_TRACKER_CONFIG, progress: new Map() };
const with1 = simpleChange(inputOf(EMPTY), [{ type: "addNode", nodeId: 1 }]);

const change: fc.Arbitrary<ConfChangeSingle> = fc.record({
  type: fc.constantFrom("addNode", "addLearnerNode", "removeNode", "updateNode"),
  nodeId: fc.integer({ min: 2, max: 5 }), // Node 1 stays, so that there is always a voter.
});
const changes = fc.array(change, { maxLength: 6 });

function inputOf(from: Changed): Parameters<typeof leaveJoint>[0] {
  return { ...from, lastIndex: 10, newInflights };
}

function confStateOf({ config }: Changed): ConfState {
  const tracker = new Tracker(4, 0);
  tracker.config = config;
  return tracker.confState();
}

function oneByOne(from: Changed, list: readonly ConfChangeSingle[]): Changed {
  return list.reduce((now, single) => simpleChange(inputOf(now), [single]), from);
}

/** The twin: the last word on a node decides. */
function expectedMembers(list: readonly ConfChangeSingle[]): {
  readonly voters: readonly number[];
  readonly learners: readonly number[];
} {
  const role = new Map<number, string>([[1, "addNode"]]);
  for (const { type, nodeId } of list) if (type !== "updateNode") role.set(nodeId, type);
  const of = (type: string) => [...role.keys()].filter((id) => role.get(id) === type);
  const byId = (one: number, other: number) => one - other;
  return { voters: of("addNode").sort(byId), learners: of("addLearnerNode").sort(byId) };
}

test("single changes agree with the twin", () => {
  fc.assert(
    fc.property(changes, (list) => {
      const result = oneByOne(with1, list);
      const { voters, learners } = expectedMembers(list);
      expect(confStateOf(result)).toMatchObject({ voters, learners, votersOutgoing: [] });
      expect([...result.progress.keys()].sort()).toEqual([...voters, ...learners].sort());
    }),
    RUNS,
  );
});

test("a joint change ends where the same changes lead one by one", () => {
  fc.assert(
    fc.property(changes, changes, fc.boolean(), (before, list, autoLeave) => {
      const start = oneByOne(with1, before);
      const joint = enterJoint(inputOf(start), autoLeave, list);
      expect(confStateOf(joint)).toMatchObject({
        votersOutgoing: confStateOf(start).voters,
        autoLeave,
      });
      const left = leaveJoint(inputOf(joint));
      expect(confStateOf(left)).toEqual(confStateOf(oneByOne(start, list)));
      expect(confStateOf(start), "the configuration before is untouched").toEqual(
        confStateOf(oneByOne(with1, before)),
      );
    }),
    RUNS,
  );
});

test("restoreConfig() leads to the configuration that was stored, joint or not", () => {
  fc.assert(
    fc.property(changes, changes, fc.boolean(), (before, list, isJoint) => {
      const start = oneByOne(with1, before);
      const changed = isJoint ? enterJoint(inputOf(start), true, list) : start;
      const stored = confStateOf(changed);
      const restored = restoreConfig(stored, 10, newInflights);
      expect(confStateOf(restored)).toEqual(stored);
      expect([...restored.progress.keys()].sort()).toEqual([...changed.progress.keys()].sort());
    }),
    RUNS,
  );
});

test.for([
  {
    attempt: (from: Changed) => simpleChange(inputOf(from), [add(2), add(3)]),
    text: "more than one voter changed",
  },
  {
    attempt: (from: Changed) => simpleChange(inputOf(from), [{ type: "removeNode", nodeId: 1 }]),
    text: "removed all voters",
  },
  { attempt: (from: Changed) => leaveJoint(inputOf(from)), text: "can't leave a non-joint config" },
  {
    attempt: (from: Changed) => {
      const joint = enterJoint(inputOf(from), false, [add(2)]);
      return enterJoint(inputOf(joint), false, []);
    },
    text: "config is already joint",
  },
] as const)("refused: $text", ({ attempt, text }) => {
  expect(() => attempt(with1)).toThrow(ConfChangeError);
  expect(() => attempt(with1)).toThrow(text);
});

test("node 0 stands for a change that was refused and changes nothing", () => {
  const result = simpleChange(inputOf(with1), [{ type: "removeNode", nodeId: NONE }]);
  expect(confStateOf(result)).toEqual(confStateOf(with1));
});

function add(nodeId: number): ConfChangeSingle {
  return { type: "addNode", nodeId };
}
