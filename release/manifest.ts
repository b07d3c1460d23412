/** What a frozen release says of itself: `manifest.json`, and the digests that pin its files. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const MANIFEST_FILE = "manifest.json";

export interface ReleaseManifest {
  readonly format: 1;
  readonly name: string;
  /** The commit that the bundles were made from; `dirty` when files differed from it. */
  readonly source: { readonly commit: string; readonly dirty: boolean };
  /** Wire versions that this release reads. */
  readonly range: { readonly min: number; readonly max: number };
  readonly writes: { readonly before: number; readonly after: number };
  /** Versions of the contracts that the bundles keep. */
  readonly contracts: Readonly<Record<"codecHost" | "ports" | "client", number>>;
  /** Defaults and limits by wire version (law 13). */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;
  /** Why the release must not be run any more; its bytes stay in the matrix. */
  readonly withdrawn?: string;
  /** SHA-256 of each file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Paths of all files below a folder, sorted, with `/`. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

export function digestFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(folder)
      .filter((path) => path !== MANIFEST_FILE)
      .map((path) => [path, sha256(readFileSync(join(folder, path)))]),
  );
}

/** One digest for the whole release, for reports: it changes when any file does. */
export function releaseDigest(files: Readonly<Record<string, string>>): string {
  const lines = Object.entries(files).map(([path, digest]) => `${digest}  ${path}\n`);
  return sha256(lines.sort().join(""));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
