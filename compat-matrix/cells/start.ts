/**
 * Start cells: the node of one release on a data directory that another wrote. It must run, or
 * refuse and leave every byte as it was. The processes are started elsewhere; here the outcome is
 * judged.
 */
import { broken, type Cell, EXACT, type Judgement, refused } from "../verdict.ts";
import { type Matrix, type Participant, victimOf } from "./matrix.ts";

/** What happened when a node was started on a copy of the directory. */
export type StartOutcome =
  | {
      readonly end: "ran";
      /** Undefined: the node ran but could not be asked, or needs peers before it applies anything. */
      readonly digest?: {
        readonly index: number;
        readonly version: number;
        readonly value: string;
      };
    }
  | {
      readonly end: "exited";
      readonly code: number | null;
      /** `code` and `message` of the last line of stderr, when it was JSON. */
      readonly refusal: { readonly code: string; readonly message: string } | undefined;
      /** Files that are no longer as they were. */
      readonly changedFiles: readonly string[];
    }
  | { readonly end: "hung"; readonly why: string };

export interface StartTrial {
  /** Release that wrote the directory. */
  readonly writer: string;
  readonly reader: string;
  readonly directory: string;
  /** Wire versions that the stored content has. */
  readonly contentVersions: readonly number[];
  /** What the directory's manifest says the cluster may write. */
  readonly activeVersion: number;
  /** What the writer reported before it stopped. */
  readonly written?: { readonly index: number; readonly version: number; readonly value: string };
  readonly outcome: StartOutcome;
}

export function startCell(matrix: Matrix, trial: StartTrial): Cell {
  const reader = matrix.participants.find(({ name }) => name === trial.reader);
  const sides = {
    writer: { release: trial.writer, version: Math.max(0, ...trial.contentVersions) },
    reader: { release: trial.reader, version: reader?.host.range.max ?? 0 },
  };
  return {
    kind: "start",
    ...sides,
    message: "data directory",
    case: trial.directory,
    ...judgeStart(trial, reader),
    victim: victimOf(matrix, sides.writer, sides.reader),
    bytes: new Uint8Array(),
    expected: trial.written,
    actual: trial.outcome,
  };
}

export function judgeStart(trial: StartTrial, reader: Participant | undefined): Judgement {
  const { outcome, contentVersions, activeVersion } = trial;
  if (outcome.end === "hung") return broken(`the node hung: ${outcome.why}`);
  const unreadable = [...new Set([...contentVersions, activeVersion])].filter(
    (version) => reader !== undefined && !readsVersion(reader, version),
  );
  if (outcome.end === "ran") {
    if (unreadable.length > 0) {
      return broken(
        `the node runs although it does not read v${unreadable.join(", v")} of what is stored`,
      );
    }
    return judgeDigest(trial, outcome.digest);
  }
  return judgeExit(outcome, unreadable);
}

function judgeExit(
  outcome: Extract<StartOutcome, { end: "exited" }>,
  unreadable: readonly number[],
): Judgement {
  const { code, refusal, changedFiles } = outcome;
  if (code !== 1 || refusal === undefined) {
    return broken(
      `the node ended with code ${code} ${refusal ? refusal.message : "and no typed reason"}`,
    );
  }
  if (changedFiles.length > 0) {
    return broken(`the node refused, but changed ${changedFiles.slice(0, 3).join(", ")}`);
  }
  if (unreadable.length === 0) {
    return broken(`refused although it reads every stored version: ${refusal.message}`);
  }
  return refused(`${refusal.code}: ${refusal.message}`);
}

/** Digests of different definitions, or at different positions, say nothing about each other. */
function judgeDigest(
  { written }: StartTrial,
  digest: { readonly index: number; readonly version: number; readonly value: string } | undefined,
): Judgement {
  if (!written || !digest) return EXACT;
  if (written.version !== digest.version || written.index !== digest.index) return EXACT;
  if (written.value === digest.value) return EXACT;
  return broken(`the state at index ${digest.index} has another digest than the writer reported`);
}

function readsVersion({ host }: Participant, version: number): boolean {
  return host.range.min <= version && version <= host.range.max;
}
