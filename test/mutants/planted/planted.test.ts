/**
 * The patches of planted bugs stay alive: each applies, compiles and changes what runs, and some quick
 * ones are found in a few seeds, replayed, with a clean twin. The whole measurement is `npm run planted`.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BugFileError, type PlantedBug, readBug, readBugs } from "./bug-file.ts";
import { Hunts } from "./hunts.ts";
import { type Row, readRows, rowOf, verdictOf, withStart } from "./results.ts";
import { type LeftOut, makePage } from "./table.ts";
import { StalePatchError, Workshop } from "./workshop.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUGS = readBugs(HERE);
const LEFT_OUT = JSON.parse(readFileSync(join(HERE, "left-out.json"), "utf8")) as LeftOut[];
/** Found within so many seeds. */
const QUICK: Readonly<Record<string, number>> = { B4: 20, B11: 20, B21: 20, B25: 20 };

/** Failures of the core, of storage and of upgrades that were found in public; each is planted or left out with a reason. */
const KNOWN =
  "B1 B2 B4 B5 B7 B8 B10 B11 B13 B14 B16 B17 B18 B20 B21 B22 B23 B25 B26 B28 B29 B32 B34 B36 B37 B38 B39 B42 B43 B44 B45 B47 U2 U3 U4 U5 U6 U7 U8 U10 U11 U12 U15 U17";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

test.for(BUGS)("$id $name: applies, compiles and changes what runs", async (bug) => {
  expect((await workshop.plant(bug)).name).toBe(`tree+${bug.id}`);
});

test("each bug has an id of its own, and is either planted or left out", () => {
  const ids = [...BUGS, ...LEFT_OUT].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(KNOWN.split(" ").filter((id) => !ids.includes(id))).toEqual([]);
});

test("a patch that does not fit, or that changes nothing of what runs, is an error and leaves the copy as it was", async () => {
  const [bug] = BUGS as [PlantedBug];
  const torn = { ...bug, text: bug.text.replace(/^-.*$/m, "-no such line") };
  await expect(workshop.plant(torn)).rejects.toThrow(StalePatchError);
  const comment = await workshop.plant(bug).then(() => outsidePatch());
  await expect(workshop.plant({ ...bug, text: comment })).rejects.toThrow(/not in the bundles/);
  expect((await workshop.plant(bug)).digest).not.toBe(workshop.twin.digest);
});

/** A change of a file that no replica is made of. */
function outsidePatch(): string {
  const [line = ""] = readFileSync("sim/violation.ts", "utf8").split("\n");
  return `diff --git a/sim/violation.ts b/sim/violation.ts\n--- a/sim/violation.ts\n+++ b/sim/violation.ts\n@@ -1 +1 @@\n-${line}\n+// Another one.\n`;
}

test("what is wrong in a patch file is named", () => {
  const head = "# class: S\n# oracles: ES\n# needs: nothing\n# wrong: All of it.\n";
  const read = (text: string, file = "B1-x.patch") => readBug("core", file, `${text}diff --git\n`);
  expect(read(head).oracles).toEqual(["ES"]);
  expect(read(`${head}# nodes: 3..5\n`).conditions.nodes).toEqual({ min: 3, max: 5 });
  const wrong: [string, RegExp][] = [
    [head.replace("ES", "XX"), /"XX" is no oracle/],
    [head.replace("# needs: nothing\n", ""), /no line "# needs/],
    [`${head}# color: red\n`, /no line of its head/],
    [`${head}# nodes: many\n`, /"many" is no count/],
    [`${head}# faults: crash,flood\n`, /no fault "flood"/],
  ];
  for (const [text, message] of wrong) expect(() => read(text)).toThrow(message);
  expect(() => read(head, "x.patch")).toThrow(BugFileError);
  expect(() => readBugs(HERE, ["Z99"])).toThrow(/Cannot find Z99/);
});

test("quick ones are found by their oracle, replayed, and their twin is clean", async () => {
  const bugs = BUGS.filter(({ id }) => id in QUICK);
  expect(bugs.map(({ id }) => id)).toEqual(Object.keys(QUICK));
  const hunts = await Hunts.open(bugs);
  try {
    const budget = Math.max(...Object.values(QUICK));
    const { signal } = new AbortController();
    const rows = await hunts.measure({
      ...{ starts: 1, threads: 1, budget, signal, known: [] },
      onRow: () => {},
    });
    for (const row of rows) {
      const { isFound, objections, median } = verdictOf(row);
      expect({ id: row.id, isFound, objections }).toEqual({
        id: row.id,
        isFound: true,
        objections: [],
      });
      expect(median).toBeLessThanOrEqual(QUICK[row.id] ?? 0);
    }
  } finally {
    hunts.close();
  }
}, 300_000);

test("a find counts with its replay and a clean twin only; the median counts a miss as more than the budget", () => {
  const measure = { tree: "t", simulator: "s", budget: 100 };
  const [bug] = BUGS as [PlantedBug];
  const find = { seed: 7, oracle: "ES" as const, message: "", atMs: 1 };
  const start = { seeds: 7, others: {} };
  let row: Row = rowOf(bug, measure, []);
  row = withStart(row, {
    ...start,
    from: 1,
    find: { ...find, objection: "the twin is not clean" },
  });
  expect(verdictOf(row)).toMatchObject({ isFound: false, found: 0, median: undefined });
  row = withStart(row, { ...start, from: 2, find });
  row = withStart(row, { ...start, from: 3, find, seeds: 9 });
  expect(verdictOf(row)).toMatchObject({ isFound: true, found: 2, median: 9, oracles: ["ES"] });
  expect(rowOf(bug, measure, [row]).starts).toHaveLength(3);
  expect(rowOf(bug, { ...measure, tree: "other" }, [row]).starts).toEqual([]);
});

test("the page is the one that patches, results and what was left out make", () => {
  const page = makePage(BUGS, readRows(join(HERE, "results.json")), LEFT_OUT);
  expect(readFileSync("docs/reference/planted-bugs.md", "utf8")).toBe(page);
});
