/** `wirespan simulate --trace etcd-tla FILE`: one run, told in the form of etcd's trace specification. */
import { renameSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import {
  asModelTrace,
  type Build,
  type RunResult,
  type Schedule,
  simulate,
} from "../../sim/index.ts";
import { EXIT } from "../exit.ts";

const FORM = "etcd-tla";

/** Of `--trace`. */
export function traceFileOf(command: Command, [form, file, ...more]: readonly string[]): string {
  if (form === FORM && file !== undefined && more.length === 0) return file;
  return command.error(`wirespan: --trace wants a form and a file: --trace ${FORM} FILE`, {
    exitCode: EXIT.usage,
  });
}

export interface TracedRun {
  readonly result: RunResult;
  /** Lines of the file. */
  readonly lines: number;
}

/** Nothing is written when no node told anything: an empty trace would be accepted. */
export function writeTrace(schedule: Schedule, builds: readonly Build[], file: string): TracedRun {
  const told: string[] = [];
  const result = simulate(schedule, builds, { onTraceLine: (line) => told.push(line) });
  const lines = asModelTrace(told);
  if (lines.length > 0) {
    // All or nothing: a trace that was cut off is accepted as well.
    writeFileSync(`${file}.tmp`, lines.join(""));
    renameSync(`${file}.tmp`, file);
  }
  return { result, lines: lines.length };
}
