import fc from "fast-check";
import { expect, test } from "vitest";
import { findPath } from "../../migrate/index.ts";
import { makePlan, type Plan, PlanError, printPlan, readPlan, type Step } from "./index.ts";

const RELEASES = [
  { name: "r1", range: { min: 1, max: 1 } },
  { name: "r2", range: { min: 1, max: 2 } },
  { name: "r3", range: { min: 2, max: 3 } },
  { name: "r4", range: { min: 3, max: 4 } },
];

function plan(seed: number, from = "r1", to = "r4", nodes = 3): Plan {
  const found = findPath(RELEASES, from, to);
  if (!found.ok) throw new Error(found.message);
  return makePlan({ releases: RELEASES, path: found.path, nodes, seed });
}

const steps = ({ steps }: Plan, kind: Step["kind"]) => steps.filter((step) => step.kind === kind);

test("makePlan() is a function of its options: the same seed, the same plan; another seed, another one", () => {
  expect(plan(7)).toEqual(plan(7));
  const orders = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => JSON.stringify(plan(seed).steps));
  expect(new Set(orders).size).toBeGreaterThan(4);
});

test("makePlan() replaces every node in every hop and takes one back in the second", () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(3, 5), (seed, nodes) => {
      const made = plan(seed, "r1", "r4", nodes);
      for (const [index, release] of ["r2", "r3", "r4"].entries()) {
        const starts = steps(made, "start").filter(({ hop }) => hop === index + 1);
        const upgraded = starts.filter((step) => "release" in step && step.release === release);
        const nodesSeen = upgraded.map((step) => ("node" in step ? step.node : 0));
        expect([...new Set(nodesSeen)].sort()).toEqual(
          Array.from({ length: nodes }, (_, i) => i + 1),
        );
        const back = starts.filter((step) => step.kind === "start" && step.why === "rollback");
        expect(back.map((step) => ("release" in step ? step.release : ""))).toEqual(
          index === 1 ? ["r2"] : [],
        );
      }
    }),
    { numRuns: 50 },
  );
});

test("makePlan() activates behind the last node, and tries it too early", () => {
  const { steps: all } = plan(3);
  for (const [hop, version] of [
    [1, 2],
    [2, 3],
    [3, 4],
  ] as const) {
    const kinds = all.filter((step) => step.hop === hop).map(({ kind }) => kind);
    expect(kinds.indexOf("activate")).toBeGreaterThan(kinds.lastIndexOf("start"));
    expect(kinds.indexOf("refuseActivation")).toBeLessThan(kinds.lastIndexOf("start"));
    expect(kinds.indexOf("verifyContent")).toBeGreaterThan(kinds.indexOf("snapshotAll"));
    expect(all).toContainEqual({ hop, kind: "activate", version });
  }
});

test("makePlan() tries the release after the next before the first hop; none is tried where none is known", () => {
  const tries = steps(plan(1), "refuseStart");
  expect(tries).toMatchObject([
    { hop: 0, release: "r3", as: "copy" },
    { hop: 0, release: "r3", as: "joiner", node: 4 },
  ]);
  expect(steps(plan(1, "r3", "r4"), "refuseStart")).toEqual([]);
});

test("makePlan() brings a cluster that does not start at its highest version there first", () => {
  expect(steps(plan(1, "r2", "r3"), "activate")).toMatchObject([
    { hop: 0, version: 2 },
    { hop: 1, version: 3 },
  ]);
});

test("readPlan() reads back every plan that makePlan() makes", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom("r1", "r2", "r3"),
      fc.constantFrom(1, 2, 3, 5),
      (seed, from, nodes) => {
        const made = plan(seed, from, "r4", nodes);
        expect(readPlan(JSON.stringify(made))).toEqual(made);
      },
    ),
    { numRuns: 60 },
  );
});

test.for<{ why: string; says: RegExp; edit: (plan: Plan) => unknown }>([
  { why: "another schema", says: /schema is "x"/, edit: (p) => ({ ...p, schema: "x" }) },
  { why: "no object", says: /is no object/, edit: () => [] },
  {
    why: "a skipped release",
    says: /Cannot go from r1 to r3 .* go r1 -> r2 -> r3/,
    edit: (p) => ({ ...p, path: ["r1", "r3"] }),
  },
  {
    why: "unknown step",
    says: /step 1: kind is "jump"/,
    edit: (p) => ({ ...p, steps: [{ hop: 0, kind: "jump" }] }),
  },
  {
    why: "a name every object has",
    says: /kind is "constructor"/,
    edit: (p) => ({ ...p, steps: [{ hop: 0, kind: "constructor" }] }),
  },
  {
    why: "bad signal",
    says: /signal is "SIGHUP"/,
    edit: (p) => ({ ...p, steps: [{ hop: 0, kind: "stop", node: 1, signal: "SIGHUP" }] }),
  },
  {
    why: "nothing runs",
    says: /step 1 \(stop\): node \d does not run/,
    edit: (p) => ({ ...p, steps: steps(p, "stop") }),
  },
  {
    why: "no judge",
    says: /no step starts a load/,
    edit: (p) => ({ ...p, steps: steps(p, "startCluster") }),
  },
  {
    why: "load never ends",
    says: /no step stops the load/,
    edit: (p) => ({ ...p, steps: p.steps.filter(({ kind }) => kind !== "stopLoad") }),
  },
  {
    why: "node beyond the cluster",
    says: /node 9 does not exist/,
    edit: (p) => insert(p, { hop: 0, kind: "stop", node: 9, signal: "SIGKILL" }),
  },
  {
    why: "started twice",
    says: /node 1 runs already/,
    edit: (p) => insert(p, { hop: 0, kind: "start", node: 1, release: "r1", why: "again" }),
  },
  {
    why: "unlisted release",
    says: /"r9" is not in the list/,
    edit: (p) => insert(p, { hop: 0, kind: "upgradeClients", release: "r9" }),
  },
  {
    why: "directory in use",
    says: /its directory is in use/,
    edit: (p) => insert(p, { hop: 0, kind: "refuseStart", node: 1, release: "r3", as: "copy" }),
  },
  {
    why: "rollback behind the point of no return",
    says: /r1 reads 1 to 1, wire version 2 is active/,
    edit: (p) => append(p, "r1"),
  },
])("readPlan() refuses: $why", ({ says, edit }) => {
  const text = JSON.stringify(edit(plan(5)));
  expect(() => readPlan(text)).toThrow(PlanError);
  expect(() => readPlan(text)).toThrow(says);
});

test("readPlan() throws nothing but PlanError, wherever the text is cut", () => {
  const text = JSON.stringify(plan(2, "r3", "r4"));
  for (let end = 0; end < text.length; end += 7)
    expect(() => readPlan(text.slice(0, end))).toThrow(PlanError);
});

test("printPlan() numbers the steps under their hops", () => {
  const made = plan(11);
  const text = printPlan(made);
  expect(text).toContain("Rehearsal r1 -> r2 -> r3 -> r4 on 3 nodes, seed 11");
  expect(text).toContain("Hop 3: r3 -> r4");
  expect(text.match(/^ *\d+\. /gm)).toHaveLength(made.steps.length);
});

/** The step goes right behind the start of the cluster. */
function insert(made: Plan, step: Step): Plan {
  return {
    ...made,
    steps: made.steps.flatMap((each, index) => (index === 0 ? [each, step] : [each])),
  };
}

/** A rollback of node 1 directly behind the activation of version 2. */
function append(made: Plan, release: string): Plan {
  const position = made.steps.findIndex(({ kind }) => kind === "activate");
  const back: Step[] = [
    { hop: 1, kind: "stop", node: 1, signal: "SIGTERM" },
    { hop: 1, kind: "start", node: 1, release, why: "rollback" },
  ];
  return { ...made, steps: made.steps.toSpliced(position + 1, 0, ...back) };
}
