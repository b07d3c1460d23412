/** `wirespan matrix`: which release still reads what which other release writes, byte by byte. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import {
  type CapturedFrame,
  CaptureError,
  matrixPage,
  readCapture,
} from "../../compat-matrix/index.ts";
import { listReleases, loadRelease, ReleaseError, TREE, withdrawnBy } from "../../release/index.ts";
import { EXIT } from "../exit.ts";
import { Cleanup } from "../matrix/cleanup.ts";
import { HostOptionError, hostsFrom } from "../matrix/outside-hosts.ts";
import {
  exitCodeOf,
  type MatrixRun,
  runMatrix,
  UnknownMessageError,
} from "../matrix/run-matrix.ts";
import { renderMatrix } from "../matrix/terminal-table.ts";

interface Options {
  readonly releases?: string;
  readonly releasesDir?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly only?: string;
  readonly captured?: readonly string[];
  readonly host?: readonly string[];
  readonly hosts?: string;
  readonly start: boolean;
}

type LoadedRelease = Awaited<ReturnType<typeof loadRelease>>;

export function register(program: Command): void {
  program
    .command("matrix")
    .description("run every release against every other: what still reads what")
    .option(
      "--releases <names>",
      `such as r1,r2,${TREE} (default: all frozen ones and ${TREE}; what has a patch release only writes)`,
    )
    .option("--releases-dir <dir>", "read frozen releases from elsewhere")
    .option("--json", "print only the report, as JSON")
    .option("--html <file>", "write the heat-map, one self-contained page")
    .option("--only <message>", "check one message, such as AppendRequest")
    .option("--captured <files...>", "check frames that nodes captured, too")
    .option(
      "--host <name=command>",
      "add a program that speaks the codec host protocol (repeatable)",
      (text: string, all: readonly string[] = []) => [...all, text],
    )
    .option("--hosts <file>", "add the programs listed in a JSON file")
    .option("--no-start", "do not start nodes on data directories")
    .action(async (options: Options) => {
      process.exitCode = await matrix(options);
    });
}

async function matrix(options: Options): Promise<number> {
  const loaded: LoadedRelease[] = [];
  const cleanup = new Cleanup();
  try {
    const captured = (options.captured ?? []).flatMap(readCaptured);
    const names = namesFrom(options);
    const hosts = hostsFrom(options, names);
    for (const name of names) {
      const loading = loadRelease(name, placeOf(options));
      cleanup.add(() =>
        loading.then(
          (release) => release.close(),
          () => {},
        ),
      );
      loaded.push(await loading);
    }
    const run = await runMatrix(loaded, {
      command: commandText(options),
      captured,
      hosts,
      cleanup,
      withStarts: options.start,
      // Who names releases wants all of them on both sides.
      onlyWriting: new Set(options.releases === undefined ? withdrawnBy(names).keys() : []),
      ...(options.only !== undefined && { only: options.only }),
    });
    publish(run, options);
    return exitCodeOf(run.report);
  } catch (error) {
    return report(error);
  } finally {
    await cleanup.run();
  }
}

function placeOf({ releasesDir }: Options): { releasesDir?: string } {
  return releasesDir === undefined ? {} : { releasesDir };
}

/** Oldest first, whatever the order on the command line: the order says who is old. */
function namesFrom(options: Options): string[] {
  const known = [...listReleases(placeOf(options)), TREE];
  if (options.releases === undefined) return known;
  const asked = options.releases.split(",").map((name) => name.trim());
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ReleaseError(
      "UnknownRelease",
      `Cannot find release "${unknown}": known are ${known.join(", ")}`,
    );
  }
  return known.filter((name) => asked.includes(name));
}

function readCaptured(file: string): CapturedFrame[] {
  try {
    return readCapture(file, readFileSync(file));
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError(
      `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function publish(run: MatrixRun, { json, html }: Options): void {
  if (html !== undefined) {
    mkdirSync(dirname(html), { recursive: true });
    writeFileSync(html, matrixPage(run.report, run.cells, run.participants));
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(run.report, null, 1)}\n`);
    return;
  }
  process.stdout.write(renderMatrix(run.report, run.cells));
  if (html !== undefined) process.stdout.write(`page: ${html}\n`);
}

function report(error: unknown): number {
  process.stderr.write(`wirespan: ${error instanceof Error ? error.message : String(error)}\n`);
  const isUsage =
    error instanceof UnknownMessageError ||
    error instanceof CaptureError ||
    error instanceof HostOptionError ||
    (error instanceof ReleaseError && error.code === "UnknownRelease");
  return isUsage ? EXIT.usage : EXIT.couldNotRun;
}

/** What runs the same again, with the arguments as a shell takes them. */
function commandText(options: Options): string {
  const parts = ["wirespan matrix"];
  if (options.releases !== undefined) parts.push("--releases", quote(options.releases));
  if (options.releasesDir !== undefined) parts.push("--releases-dir", quote(options.releasesDir));
  if (options.only !== undefined) parts.push("--only", quote(options.only));
  if (options.captured) parts.push("--captured", ...options.captured.map(quote));
  for (const host of options.host ?? []) parts.push("--host", quote(host));
  if (options.hosts !== undefined) parts.push("--hosts", quote(options.hosts));
  if (!options.start) parts.push("--no-start");
  return parts.join(" ");
}

function quote(text: string): string {
  return /^[\w./,@:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
