/**
 * Judges histories in files: `npm run histories -- <files…> [--html FILE]`. With `--html` the windows
 * of all violations, expected ones too, are drawn as one page. The base name tells what is expected:
 * "ok" or "bad" as a word of it. Exit 1 on a wrong verdict, an unreadable file or when nothing ran.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import {
  checkLinearizable,
  HistoryTextError,
  keyValueModel,
  type LinearizableVerdict,
  readKeyValueHistory,
  type Violation,
  violationPage,
} from "../../sim/checkers/index.ts";

const MODEL = keyValueModel("");
const STEPS_MAX = 50_000_000;
const TIME_MAX_MS = 60_000;

type Result = "passed" | "failed" | "skipped";

const violations: Violation[] = [];

function main(args: string[]): number {
  const { positionals: files, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { html: { type: "string" } },
  });
  if (files.length === 0) {
    console.error("usage: npm run histories -- <files…> [--html FILE]");
    return 2;
  }
  const counts: Record<Result, number> = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) counts[judge(file)]++;
  if (values.html !== undefined) writeFileSync(values.html, violationPage(violations));
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

function judge(file: string): Result {
  const expected = expectedOf(file);
  if (expected === undefined) return tell("skipped", file, 'the name tells neither "ok" nor "bad"');
  try {
    const history = readKeyValueHistory(readFileSync(file, "utf8"));
    if (history.length === 0) return tell("failed", file, "no operation in it");
    const startedAt = performance.now();
    const isOver = () => performance.now() - startedAt > TIME_MAX_MS;
    const found = checkLinearizable(MODEL, history, { stepsMax: STEPS_MAX, isOver });
    const ms = performance.now() - startedAt;
    if (found.verdict === "bad")
      violations.push({ title: basename(file), part: found.part, window: found.window });
    const text = `${found.verdict} (${history.length} operations, ${found.steps} steps, ${ms.toFixed(0)} ms)`;
    if (found.verdict === expected) return tell("passed", file, text);
    return tell(
      "failed",
      file,
      [`expected ${expected}, found ${text}`, ...evidence(found)].join("\n  "),
    );
  } catch (error) {
    if (error instanceof HistoryTextError || isFileError(error))
      return tell("failed", file, error.message);
    throw error;
  }
}

function expectedOf(file: string): "ok" | "bad" | undefined {
  const words = basename(file)
    .toLowerCase()
    .split(/[^a-z]+/);
  const [isOk, isBad] = [words.includes("ok"), words.includes("bad")];
  if (isOk === isBad) return undefined;
  return isOk ? "ok" : "bad";
}

function evidence(found: LinearizableVerdict): readonly string[] {
  if (found.verdict === "bad") return [`key "${found.part}":`, ...found.excerpt];
  return found.verdict === "unknown" ? [`undecided keys: ${found.parts.join(" ")}`] : [];
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function tell(result: Result, file: string, text: string): Result {
  console.log(`${result} ${file}: ${text}`);
  return result;
}

process.exitCode = main(process.argv.slice(2));
