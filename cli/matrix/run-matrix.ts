/** Carries out a matrix over releases on disk: threads for their codecs, processes for their nodes. */
import {
  type CapturedFrame,
  type Cell,
  type MatrixReport,
  makeMatrixReport,
  type Participant,
  runCells,
  startCell,
} from "../../compat-matrix/index.ts";
import {
  type HostCommand,
  joinPools,
  loadParticipants,
  outsidePool,
  poolOfReleases,
} from "../../compat-matrix/run/index.ts";
import type { Release } from "../../release/index.ts";
import { EXIT } from "../exit.ts";
import type { Cleanup } from "./cleanup.ts";
import { Progress } from "./progress.ts";
import { StartTrials } from "./start-trials.ts";

export interface MatrixRun {
  readonly report: MatrixReport;
  readonly cells: readonly Cell[];
  readonly participants: readonly Participant[];
}

export interface MatrixOptions {
  readonly command: string;
  readonly only?: string;
  readonly captured: readonly CapturedFrame[];
  /** Programs that take part beside the releases. */
  readonly hosts?: readonly HostCommand[];
  /** Releases whose bytes are read by the others, and which read nothing themselves. */
  readonly onlyWriting?: ReadonlySet<string>;
  /** Whether nodes are started on data directories. */
  readonly withStarts: boolean;
  /** Told what a signal must undo. */
  readonly cleanup?: Cleanup;
  /** No progress on stderr. */
  readonly isQuiet?: boolean;
}

/** Has no schema, and cells of its own. */
const HELLO = "Hello";

/** `--only` names a message that no release has. */
export class UnknownMessageError extends Error {
  override readonly name = "UnknownMessageError";
}

export async function runMatrix(
  releases: readonly Release[],
  options: MatrixOptions,
): Promise<MatrixRun> {
  const startedAt = performance.now();
  const progress = new Progress(options.isQuiet === true);
  const hosts = options.hosts ?? [];
  const outside = outsidePool(hosts);
  const names = new Set(hosts.map(({ name }) => name));
  const pool = joinPools(outside, names, poolOfReleases(releases));
  const trials = new StartTrials();
  options.cleanup?.add(() => trials.close());
  options.cleanup?.add(() => pool.close());
  try {
    progress.step(`loading ${[...releases, ...hosts].map(({ name }) => name).join(", ")}`);
    const loaded = await loadParticipants(releases, pool);
    checkOnly(options.only, loaded);
    const beside = await outside.load(loaded);
    for (const host of beside) checkOnly(options.only, [host]);
    const { onlyWriting = new Set() } = options;
    const participants = [
      ...loaded.map((one) => (onlyWriting.has(one.name) ? { ...one, onlyWrites: true } : one)),
      ...beside,
    ];
    const matrix = {
      participants,
      pool,
      ...(options.only !== undefined && { only: options.only }),
    };
    const cells = await runCells(matrix, {
      captured: options.captured,
      onCells: (group, counts) => group[0] && progress.cells(group[0].kind, counts),
    });
    if (options.withStarts && options.only === undefined) {
      const onTrial = (done: number, total: number) => progress.starts(done, total);
      const readers = releases.filter(({ name }) => !onlyWriting.has(name));
      for (const trial of await trials.run({ writers: releases, readers }, onTrial))
        cells.push(startCell(matrix, trial));
    }
    const report = makeMatrixReport(cells, {
      durationMs: Math.round(performance.now() - startedAt),
      command: options.command,
      releases: releases.map(({ name, digest }) => ({ name, digest })),
      ...(hosts.length > 0 && { hosts: participants.flatMap(reportHost) }),
    });
    return { report, cells, participants };
  } finally {
    progress.end();
    await Promise.all([trials.close(), pool.close()]);
  }
}

function reportHost({ name, outside }: Participant): { name: string; program: string }[] {
  return outside === undefined ? [] : [{ name, program: outside.program }];
}

function whoOf(participants: readonly Participant[]): string {
  const [one] = participants;
  return one?.outside ? `host "${one.name}" never` : "no release";
}

/** Nothing checked is no success. */
export function exitCodeOf({ verdict }: MatrixReport): number {
  if (verdict === "unknown") return EXIT.couldNotRun;
  return verdict === "pass" ? EXIT.fine : EXIT.findings;
}

function checkOnly(only: string | undefined, participants: readonly Participant[]): void {
  if (only === undefined) return;
  const known = new Set(
    participants.flatMap(({ views }) =>
      [...views.values()].flatMap(({ roots }) => roots.map(({ name }) => name)),
    ),
  );
  if (known.has(only) || only === HELLO) return;
  throw new UnknownMessageError(
    `Cannot check only "${only}": ${whoOf(participants)} has such a message, known are ${[...known].join(", ")}`,
  );
}
