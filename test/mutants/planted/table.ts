/** The page of the planted bugs, made from the patches, the results and what was left out. */
import { MUTANT, type PlantedBug } from "./bug-file.ts";
import { type Row, type Verdict, verdictOf } from "./results.ts";

export interface LeftOut {
  readonly id: string;
  readonly bug: string;
  /** `equivalent`: can not be told from the original. `impossible`: has no place in this code. */
  readonly kind: "equivalent" | "impossible";
  readonly why: string;
}

const CLASSES = "S safety, L liveness, D durability, U upgrade";

export function makePage(
  bugs: readonly PlantedBug[],
  rows: readonly Row[],
  leftOut: readonly LeftOut[],
): string {
  const judged = bugs.map((bug) => {
    const row = rows.find(({ id }) => id === bug.id);
    return { bug, row, verdict: row && verdictOf(row) };
  });
  const found = judged.filter(({ verdict }) => verdict?.isFound).length;
  const others = judged.filter(({ verdict }) => verdict && !verdict.isFound);
  const missed = idsOf(others.filter(({ verdict }) => verdict?.starts));
  const soFar = idsOf(others.filter(({ verdict }) => verdict?.starts === 0));
  const unmeasured = judged.filter(({ verdict }) => !verdict).map(({ bug }) => bug.id);
  return [
    "# Planted bugs",
    "",
    "Each is one small patch of the replica (`test/mutants/planted/`), applied to a copy of the sources, bundled as a release would be and",
    "run by the simulator. It counts as found when a named oracle fires, a second run of that seed does the same, and the unmutated tree",
    "passes the same seeds. Another oracle, or a crash of the simulator, does not count. This page is written by",
    "`npm run planted -- --write`; `npm run planted -- <id> --seed <seed>` shows one find again.",
    "",
    `Found: ${found} of ${judged.length}. Missed, with the budget spent: ${missed || "none"}. Not found so far: ${soFar || "none"}.` +
      (unmeasured.length > 0 ? ` Not measured yet: ${unmeasured.join(", ")}.` : ""),
    "",
    `Class: ${CLASSES}. Seeds: the median over the starts of the seeds until it was found. Tree: beginning of the digest of the`,
    "unmutated bundles, and of the simulator, it was measured with.",
    "",
    "| id | class | what is wrong | runs with | expected | found by | starts | seeds | first find | tree |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...judged.map(({ bug, row, verdict }) => line(bug, row, verdict)),
    "",
    "## Left out",
    "Bugs of the list that no patch here stands for: *equivalent* ones change nothing that anybody could see, *impossible* ones have",
    "no place in this code.",
    "",
    "| id | bug | kind | why |",
    "|---|---|---|---|",
    ...leftOut.map(({ id, bug, kind, why }) => `| ${id} | ${bug} | ${kind} | ${why} |`),
    "",
  ].join("\n");
}

function idsOf(judged: readonly { readonly bug: PlantedBug }[]): string {
  return judged.map(({ bug }) => bug.id).join(", ");
}

function line(bug: PlantedBug, row: Row | undefined, verdict: Verdict | undefined): string {
  const { id, class: kind, wrong, conditions, oracles } = bug;
  const { releases, nodes, faults, readLease, largeValues } = conditions;
  const members = nodes.min === nodes.max ? `${nodes.min}` : `${nodes.min}..${nodes.max}`;
  const runs = [
    `${members} nodes`,
    ...(largeValues ? ["large values"] : []),
    ...(readLease ? ["read leases"] : []),
    ...(faults ? [`faults ${faults.join(", ")}`] : []),
    ...(releases.length > 1 ? [releases.join(" → ").replace(MUTANT, "mutant")] : []),
  ];
  const find = row?.starts.find((start) => start.find && !start.find.objection)?.find;
  return `| ${[
    id,
    kind,
    wrong,
    runs.join("; "),
    oracles.join(" "),
    outcome(bug, verdict),
    verdict ? `${verdict.found} of ${verdict.starts}` : "",
    verdict?.isFound
      ? `${verdict.median ?? `> ${row?.budget}`}`
      : verdict
        ? `> ${verdict.seeds}`
        : "",
    find ? `seed ${find.seed}, ${find.atMs} ms` : "",
    row ? `${row.tree.slice(0, 7)} ${row.simulator.slice(0, 7)}` : "",
  ].join(" | ")} |`;
}

function outcome({ needs }: PlantedBug, verdict: Verdict | undefined): string {
  if (!verdict) return "not measured";
  if (verdict.isFound) return verdict.oracles.join(" ");
  const word = verdict.starts > 0 ? "**missed**" : "not found so far";
  return `${word}: ${verdict.objections[0] ?? `needs ${needs}`}`;
}
