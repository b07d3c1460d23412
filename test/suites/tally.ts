/** What all suites from outside share: how rows are counted, what the last line says, when it is a failure. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export type RowResult =
  | { readonly result: "passed" }
  | { readonly result: "skipped"; readonly reason: string }
  /** Each problem with what was expected and what was found. */
  | { readonly result: "failed"; readonly problems: readonly string[] };

export const PASSED: RowResult = { result: "passed" };

export interface NamedRow {
  readonly name: string;
  run(): RowResult;
}

/** A file that cannot be judged: missing, not JSON, or without the parts a suite needs. */
export class SuiteFileError extends Error {
  override readonly name = "SuiteFileError";
}

/** Runs every row of every file once; returns the exit code. */
export function runSuite(command: string, files: readonly string[], rowsOf: RowsOf): number {
  if (files.length === 0) {
    console.error(`usage: npm run ${command} -- <files…>`);
    return 2;
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of new Set(files.map((name) => resolve(name)))) {
    for (const row of rowsOrFailure(file, rowsOf)) {
      const outcome = runRow(row);
      counts[outcome.result] += 1;
      tell(`${file}: ${row.name}`, outcome);
    }
  }
  const ran = counts.passed + counts.failed;
  if (ran === 0) console.log("nothing ran: no row could be judged");
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 || ran === 0 ? 1 : 0;
}

/** A crash is the row's failure, and the rows behind it still run. */
function runRow(row: NamedRow): RowResult {
  try {
    return row.run();
  } catch (error) {
    return { result: "failed", problems: [`crash: ${String(error)}`] };
  }
}

export type RowsOf = (text: string) => readonly NamedRow[];

/** A file that cannot be read stands as one failed row, so that it cannot pass unseen. */
function rowsOrFailure(file: string, rowsOf: RowsOf): readonly NamedRow[] {
  try {
    return rowsOf(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SuiteFileError || isFileError(error))) throw error;
    const problems = [`cannot be read: ${error.message}`];
    return [{ name: "the file", run: () => ({ result: "failed", problems }) }];
  }
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function tell(row: string, outcome: RowResult): void {
  if (outcome.result === "skipped") console.log(`skipped ${row}: ${outcome.reason}`);
  if (outcome.result === "failed") {
    console.log([`failed ${row}`, ...outcome.problems.map((line) => `  ${line}`)].join("\n"));
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Strict, where Buffer silently stops at the first odd character. */
export function bytesOf(hex: unknown): Uint8Array {
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    throw new SuiteFileError(`not hexadecimal: ${JSON.stringify(hex)?.slice(0, 40)}`);
  }
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** A text that cannot be parsed says where and of what it is part. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SuiteFileError(`${what} is not JSON: ${(error as Error).message}`);
  }
}
