/**
 * The runner is judged with a stand-in for a release (`testing/stand-in`): a sound one passes, and
 * each planted bug must be found by the oracle that is there for it. Real releases are rehearsed in
 * `test/rehearsal.test.ts`.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CouldNotRun, type RehearsalReport, rehearsalPage, rehearse } from "./index.ts";
import { makePlan, type Plan, readPlan } from "./plan/index.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-stand-in-"));
afterAll(() => rmSync(folder, { recursive: true }));

const RANGES = { r1: [1, 1], r2: [1, 2], r3: [2, 3] } as const;
type Name = keyof typeof RANGES;

let releases = 0;
function standIn(name: Name, bugs: readonly string[] = []) {
  const [min, max] = RANGES[name];
  const directory = join(folder, `${name}-${releases++}`);
  cpSync("rehearsal/testing/stand-in", directory, { recursive: true });
  writeFileSync(join(directory, "release.json"), JSON.stringify({ release: name, min, max, bugs }));
  return { name, digest: "0".repeat(64), range: { min, max }, directory };
}

function planOf(seed: number, path: readonly Name[]): Plan {
  const known = (Object.keys(RANGES) as Name[]).map((name) => standIn(name));
  return makePlan({
    releases: known,
    path,
    nodes: 3,
    seed,
    durationScale: 0.2,
    load: { clients: 3, sharedKeys: 2, pauseMs: 10 },
  });
}

type Edit = (plan: Plan) => Plan;

async function run(
  bugs: Partial<Record<Name, string>>,
  edit: Edit = (plan) => plan,
  extra = {},
): Promise<RehearsalReport> {
  const plan = readPlan(JSON.stringify(edit(planOf(5, ["r1", "r2"]))));
  return await rehearse({
    plan,
    releases: plan.releases.map(({ name }) =>
      standIn(name as Name, bugs[name as Name]?.split(" ")),
    ),
    command: "test",
    onProgress: () => {},
    ...extra,
  });
}

/** A wait that cannot succeed is cut short, because here it is meant to fail. */
const impatient: Edit = (plan) => ({
  ...plan,
  steps: plan.steps.map((step) =>
    step.kind === "awaitHealthy" ? { ...step, withinMs: 2_500 } : step,
  ),
});

const failed = ({ oracles }: RehearsalReport) =>
  oracles.filter(({ verdict }) => verdict !== "pass").map(({ oracle }) => oracle);
const leftovers = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("wirespan-rehearsal-"));

describe.concurrent("rehearse()", { timeout: 60_000 }, () => {
  test("passes a sound release, and says what it looked at", async () => {
    const report = await run({});
    expect(report.oracles.flatMap(({ lines }) => lines)).toEqual([]);
    expect(report).toMatchObject({ verdict: "pass", kind: "rehearsal", seed: 5 });
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(report.plan.steps.map(() => "ok"));
    expect(report.counts.digestsCompared).toBeGreaterThan(0);
    expect(report.hops[0]?.during.count).toBeGreaterThan(0);
    expect(rehearsalPage(report)).toContain("r1 → r2");
  });

  test.for<{ bug: string; on: Name; oracle: string; why: RegExp }>([
    {
      bug: "losesWrites",
      on: "r2",
      oracle: "no acknowledged write lost or applied twice",
      why: /lost although acknowledged/,
    },
    {
      bug: "appliesTwice",
      on: "r2",
      oracle: "no acknowledged write lost or applied twice",
      why: /applied twice/,
    },
    { bug: "readsStale", on: "r2", oracle: "history is linearizable", why: /no place found/ },
    {
      bug: "dies",
      on: "r2",
      oracle: "no process ends by itself",
      why: /ended by itself: exit code 70/,
    },
    { bug: "stopsBadly", on: "r1", oracle: "plan carried out", why: /stopped with exit code 3/ },
    {
      bug: "diverges",
      on: "r2",
      oracle: "state digests equal at equal index",
      why: /differ at index/,
    },
    {
      bug: "failsToDecode",
      on: "r2",
      oracle: "no decode error between releases",
      why: /wirespan_decode_errors_total/,
    },
    {
      bug: "activatesEarly",
      on: "r1",
      oracle: "plan carried out",
      why: /although a node cannot read it/,
    },
    {
      bug: "keepsOldContent",
      on: "r2",
      oracle: "plan carried out",
      why: /content.json holds version 1/,
    },
    {
      bug: "hidesFromPeers",
      on: "r2",
      oracle: "plan carried out",
      why: /is not connected to node|knows incarnation/,
    },
    {
      bug: "ignoresContent",
      on: "r3",
      oracle: "plan carried out",
      why: /r3 runs, a refusal is needed/,
    },
    { bug: "scribbles", on: "r3", oracle: "plan carried out", why: /refused but changed scribble/ },
  ])("finds a release that $bug", async ({ bug, on, oracle, why }) => {
    const report = await run({ [on]: bug }, impatient);
    expect(report.verdict).toBe("fail");
    expect(failed(report)).toContain(oracle);
    const { lines = [] } = report.oracles.find((each) => each.oracle === oracle) ?? {};
    expect(lines.join("\n")).toMatch(why);
  });

  test("survives SIGKILL of any node at any moment", async () => {
    const report = await run({}, (plan) => plan, { killEveryMs: 400 });
    expect(report.oracles.flatMap(({ lines }) => lines)).toEqual([]);
    expect(report.counts.randomKills).toBeGreaterThan(1);
  });
});

test("rehearse() ends an interrupted run with an error and leaves nothing behind", async () => {
  const before = leftovers();
  const signal = AbortSignal.timeout(1_500);
  await expect(run({}, (plan) => plan, { signal })).rejects.toThrow();
  expect(leftovers()).toEqual(before);
});

test("rehearse() does not start when a release is missing or reads something else than the plan says", async () => {
  const plan = planOf(1, ["r1", "r2"]);
  const options = { plan, command: "test", onProgress: () => {} };
  await expect(rehearse({ ...options, releases: [] })).rejects.toThrow(CouldNotRun);
  const wrong = { ...standIn("r1"), range: { min: 1, max: 9 } };
  await expect(rehearse({ ...options, releases: [wrong] })).rejects.toThrow(/says r1 reads 1 to 1/);
});
