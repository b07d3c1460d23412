/**
 * Planted bugs: `npm run planted -- [ids…] [--starts 5] [--budget 2000] [--threads 1] [--minutes n]
 * [--again] [--json] [--write]`, `npm run planted -- <id> --seed <seed>` for one run,
 * or `npm run planted -- --page` to write the page anew. Starts that were
 * measured with the same patch, tree and simulator are not run again unless `--again` says so. Exit
 * codes: 0 all are found, 100 some are not, 1 could not run, 2 wrong usage.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packageRoot } from "../../../release/index.ts";
import { BugFileError, readBugs } from "./bug-file.ts";
import { Hunts } from "./hunts.ts";
import { type Row, readRows, verdictOf, writeRows } from "./results.ts";
import { type LeftOut, makePage } from "./table.ts";
import { StalePatchError } from "./workshop.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const RESULTS = join(HERE, "results.json");
const PAGE = join(packageRoot(), "docs/reference/planted-bugs.md");
const USAGE = `usage: npm run planted -- [ids…] [--starts 5] [--budget 2000] [--threads 1] [--minutes <n>] [--again] [--json] [--write]
       npm run planted -- <id> --seed <seed>
       npm run planted -- --page`;
const EXIT = { fine: 0, couldNotRun: 1, usage: 2, findings: 100 } as const;

type Settings = NonNullable<ReturnType<typeof settingsOf>>;

/** Undefined for wrong usage. */
function settingsOf(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        starts: { ...text, default: "5" },
        budget: { ...text, default: "2000" },
        threads: { ...text, default: "1" },
        minutes: text,
        seed: text,
        again: flag,
        json: flag,
        write: flag,
        page: flag,
      },
    });
    const { again, json, write, page } = values;
    const starts = Number(values.starts);
    const budget = Number(values.budget);
    const threads = Number(values.threads);
    const minutes = Number(values.minutes ?? 0);
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    const counts = [starts, budget, threads, seed ?? 1];
    const isSound =
      counts.every((count) => Number.isSafeInteger(count) && count > 0) && minutes >= 0;
    const isOne = seed === undefined || positionals.length === 1;
    if (!isSound || !isOne) return undefined;
    return { ids: positionals, starts, budget, threads, minutes, seed, again, json, write, page };
  } catch {
    return undefined;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const settings = settingsOf(args);
  if (!settings) {
    process.stderr.write(`${USAGE}\n`);
    return EXIT.usage;
  }
  if (settings.page) {
    writePage();
    return EXIT.fine;
  }
  const end = new AbortController();
  process.once("SIGINT", () => end.abort());
  const timer =
    settings.minutes > 0 ? setTimeout(() => end.abort(), settings.minutes * 60_000) : undefined;
  try {
    return settings.seed === undefined
      ? await measure(settings, end.signal)
      : await showSeed(settings.ids, settings.seed, end.signal);
  } catch (error) {
    if (!(error instanceof BugFileError || error instanceof StalePatchError)) throw error;
    process.stderr.write(`planted: ${error.message}\n`);
    return error instanceof BugFileError ? EXIT.usage : EXIT.couldNotRun;
  } finally {
    clearTimeout(timer);
  }
}

async function showSeed(
  ids: readonly string[],
  seed: number,
  signal: AbortSignal,
): Promise<number> {
  const hunts = await Hunts.open(readBugs(HERE, ids));
  try {
    const result = await hunts.run(ids[0] ?? "", seed, signal);
    process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
    if (!result) return EXIT.couldNotRun;
    return result.verdict === "fail" ? EXIT.findings : EXIT.fine;
  } finally {
    hunts.close();
  }
}

async function measure(settings: Settings, signal: AbortSignal): Promise<number> {
  const { ids, json, write } = settings;
  const before = readRows(RESULTS);
  const hunts = await Hunts.open(readBugs(HERE, ids));
  try {
    const rows = await hunts.measure({
      ...settings,
      signal,
      known: settings.again ? [] : before,
      onRow: (row) => {
        if (!json) process.stdout.write(`${summary(row)}\n`);
        // Read again: another run may have written other rows meanwhile.
        if (write) writeRows(RESULTS, replaced(readRows(RESULTS), row));
      },
    });
    if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    if (write) writePage();
    return rows.every((row) => verdictOf(row).isFound) ? EXIT.fine : EXIT.findings;
  } finally {
    hunts.close();
  }
}

function writePage(): void {
  const leftOut = JSON.parse(readFileSync(join(HERE, "left-out.json"), "utf8")) as LeftOut[];
  writeFileSync(PAGE, makePage(readBugs(HERE), readRows(RESULTS), leftOut));
}

function replaced(rows: readonly Row[], row: Row): readonly Row[] {
  return [...rows.filter(({ id }) => id !== row.id), row];
}

function summary(row: Row): string {
  const { isFound, oracles, found, starts, median, seeds, objections } = verdictOf(row);
  const head = `${row.id} ${row.name}:`;
  const others = row.starts.flatMap(({ others: each }) => Object.entries(each));
  const passedOver = others.map(([oracle, count]) => `${oracle} ${count}`).join(", ");
  const tail = passedOver === "" ? "" : ` (other oracles: ${passedOver})`;
  if (!isFound)
    return `${head} not found in ${seeds} seeds${tail}${objections[0] ? `; ${objections[0]}` : ""}`;
  const find = row.starts.find((start) => start.find && !start.find.objection)?.find;
  return [
    `${head} ${oracles.join(" ")}, ${found} of ${starts} starts, median ${median ?? `> ${row.budget}`} seeds${tail}`,
    `    ${find?.message}`,
    `    again: npm run planted -- ${row.id} --seed ${find?.seed}`,
  ].join("\n");
}

process.exitCode = await main(process.argv.slice(2));
