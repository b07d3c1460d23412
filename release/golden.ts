/** Golden bytes of a release, one file for each message and version, and the proof that nothing is left out. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CodecHost, findUncovered, makeGolden } from "../compat-matrix/index.ts";
import { ReleaseError } from "./errors.ts";

/** Returns how many cases were written. */
export async function writeGolden(directory: string): Promise<number> {
  const url = pathToFileURL(join(directory, "codecs.mjs")).href;
  const { createCodecHost } = (await import(url)) as { createCodecHost(): CodecHost };
  const host = createCodecHost();
  const files = makeGolden(host);
  const uncovered = findUncovered(host.describe(), files);
  if (uncovered.length > 0) {
    throw new ReleaseError(
      "DefectiveBundle",
      `Cannot freeze: ${uncovered.length} without golden bytes: ${uncovered.slice(0, 5).join("; ")}`,
    );
  }
  for (const file of files) {
    const folder = join(directory, "golden", String(file.version));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${file.message}.json`), `${JSON.stringify(file, null, 1)}\n`);
  }
  return files.reduce((sum, { records }) => sum + records.length, 0);
}
