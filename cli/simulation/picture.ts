/** The picture of a history that is not linearizable. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { violationPage } from "../../sim/checkers/index.ts";
import type { RunResult } from "../../sim/index.ts";

/** The file, or undefined when the run left nothing to draw. */
export function writePicture(
  { seed, disorder }: Pick<RunResult, "seed" | "disorder">,
  folder = ".",
): string | undefined {
  if (disorder === undefined) return undefined;
  const file = join(folder, `violation-${seed}.html`);
  writeFileSync(file, violationPage([{ title: `Seed ${seed}`, ...disorder }]));
  return file;
}
