/**
 * Makes mutants: a copy of the sources in which one patch at a time is applied, bundled as a release
 * would be, and taken back. The working tree is only read.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BundledTree, bundleTree, packageRoot, TREE } from "../../../release/index.ts";
import type { BuildSource } from "../../../sim/campaign/index.ts";
import { copyTree } from "../mutant.ts";
import type { PlantedBug } from "./bug-file.ts";

/** A release as campaigns take it. */
export type Subject = BuildSource & { readonly writes: number };

/** The patch does not fit the source any more, or changes nothing of what runs: it would test nothing. */
export class StalePatchError extends Error {
  override readonly name = "StalePatchError";
}

const ONLY = ["codecs.mjs", "replica.mjs"] as const;

export class Workshop {
  readonly twin: Subject;
  private readonly root: string;
  private readonly bundles: BundledTree[];
  /** One patch stands in the copy at a time. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(root: string, twin: BundledTree) {
    this.root = root;
    this.bundles = [twin];
    this.twin = subjectOf(TREE, twin);
  }

  static async open(): Promise<Workshop> {
    const root = mkdtempSync(join(tmpdir(), "wirespan-planted-"));
    try {
      copyTree(root);
      return new Workshop(root, await bundleTree({ root, only: ONLY }));
    } catch (error) {
      rmSync(root, { recursive: true });
      throw error;
    }
  }

  plant(bug: Pick<PlantedBug, "id" | "path" | "text">): Promise<Subject> {
    const planted = this.last.then(() => this.bundlePatched(bug));
    this.last = planted.catch(() => {});
    return planted;
  }

  private async bundlePatched({
    id,
    path,
    text,
  }: Pick<PlantedBug, "id" | "path" | "text">): Promise<Subject> {
    this.patch(path, text, []);
    try {
      const bundle = await bundleTree({ root: this.root, only: ONLY });
      this.bundles.push(bundle);
      if (bundle.digest !== this.twin.digest) return subjectOf(`${TREE}+${id}`, bundle);
      throw new StalePatchError(`Cannot plant ${path}: what it changes is not in the bundles`);
    } finally {
      this.patch(path, text, ["--reverse"]);
    }
  }

  close(): void {
    for (const bundle of this.bundles) bundle.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  private patch(path: string, input: string, how: readonly string[]): void {
    // Outside of any repository: inside of one git would skip files that it does not know.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: this.root };
    const options = { cwd: this.root, input, env, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync("git", ["apply", "--unidiff-zero", ...how], options);
    if (status === 0) return;
    throw new StalePatchError(`Cannot apply ${path}: ${stderr.trim().split("\n")[0]}`);
  }
}

function subjectOf(name: string, { digest, range, writes, directory }: BundledTree): Subject {
  return { name, digest, range, writes: writes.after, directory };
}

/** Of the simulator: another one may find the same mutant sooner or later. */
export function simulatorDigest(): string {
  const hash = createHash("sha256");
  const folder = join(packageRoot(), "sim");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
    if (/(?<!\.test)\.ts$/.test(file)) hash.update(readFileSync(join(folder, file)));
  return hash.digest("hex");
}
