/** The picture of a history that is not linearizable, beside the schedule that a failure leaves. */
import { writeFileSync } from "node:fs";
import { violationPage } from "../../sim/checkers/index.ts";
import type { RunResult } from "../../sim/index.ts";

/** The file, or undefined when the run left nothing to draw. */
export function writePicture({ seed, disorder }: RunResult): string | undefined {
  if (disorder === undefined) return undefined;
  const file = `violation-${seed}.html`;
  writeFileSync(file, violationPage([{ title: `Seed ${seed}`, ...disorder }]));
  return file;
}
