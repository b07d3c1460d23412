/** Starts the measuring processes, one after the other, and ends them when the bench is ended. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ChildReport } from "./child.ts";
import type { Way } from "./contender.ts";
import type { MeasureOptions } from "./measure.ts";
import type { Row } from "./rows.ts";

/** What one process is to measure. */
export interface Task extends MeasureOptions {
  readonly cases: readonly string[];
  readonly rows: readonly Row[];
  readonly ways: readonly Way[];
  /** Only contenders with one of these in their name; none means all. */
  readonly contenders: readonly string[];
  /** How long each runner is warmed. */
  readonly warmMs: number;
}

export function runChild(task: Task, signal: AbortSignal): Promise<ChildReport> {
  // Not through tsx: it would wrap functions, and what is timed must be what stands in the files.
  const file = fileURLToPath(new URL("child.ts", import.meta.url));
  const flags = ["--expose-gc", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
    signal,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output) as ChildReport);
      else reject(new Error(`Cannot measure: a measuring process ended with ${code}`));
    });
  });
}
