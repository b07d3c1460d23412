/** `wirespan prove`: the main job. The matrix over everything, then the rolling upgrade through all releases that are not withdrawn. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { listReleases, withdrawnBy } from "../../release/index.ts";
import { EXIT } from "../exit.ts";
import { register as registerMatrix } from "./matrix.ts";
import { register as registerRehearse } from "./rehearse.ts";

interface Options {
  readonly out: string;
  readonly releasesDir?: string;
}

type Code = number | string | null | undefined;

export function register(program: Command): void {
  program
    .command("prove")
    .description(
      "the main job: the matrix, then the rehearsal through all releases, the oldest first",
    )
    .option("--out <dir>", "folder for the two reports", ".wirespan")
    .option("--releases-dir <dir>", "frozen releases (default: fixtures/releases)")
    .action((options: Options) => prove(options));
}

async function prove({ out, releasesDir }: Options): Promise<void> {
  // The command that was asked for is the only one that is loaded.
  const program = new Command("wirespan").exitOverride();
  registerMatrix(program);
  registerRehearse(program);
  const where = releasesDir === undefined ? [] : ["--releases-dir", releasesDir];
  const frozen = listReleases(releasesDir === undefined ? {} : { releasesDir });
  const withdrawn = withdrawnBy(frozen);
  const path = frozen.filter((name) => !withdrawn.has(name));
  if (path.length < 2) {
    throw new Error(
      "Cannot prove anything: two frozen releases are needed (wirespan freeze <name>)",
    );
  }
  mkdirSync(out, { recursive: true });
  const [matrixPage, rehearsalPage] = [join(out, "matrix.html"), join(out, "rehearsal.html")];
  const matrix = await runCommand(program, ["matrix", "--html", matrixPage, ...where]);
  const hops = ["rehearse", "--path", path.join(","), "--html", rehearsalPage, ...where];
  const rehearsal = await runCommand(program, hops);
  process.stdout.write(
    `\nmatrix     ${verdict(matrix)}  ${matrixPage}\nrehearsal  ${verdict(rehearsal)}  ${rehearsalPage}\n`,
  );
  process.exitCode = [matrix, rehearsal].find((code) => code !== EXIT.fine) ?? EXIT.fine;
}

/** Commands leave their verdict in the exit code, as for a shell. */
async function runCommand(program: Command, args: readonly string[]): Promise<number> {
  process.exitCode = EXIT.fine;
  await program.parseAsync([...args], { from: "user" });
  return numberOf(process.exitCode);
}

function numberOf(code: Code): number {
  return code === undefined || code === null ? EXIT.fine : Number(code);
}

function verdict(code: number): string {
  if (code === EXIT.fine) return "pass   ";
  return code === EXIT.findings ? "fail   " : "unknown";
}
