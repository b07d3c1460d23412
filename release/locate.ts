/** Finds releases on disk and makes the working tree look like one of them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BundleOptions, bundleRelease } from "./bundle.ts";
import { describeBundle } from "./describe.ts";
import { ReleaseError } from "./errors.ts";
import { digestFiles, MANIFEST_FILE, type ReleaseManifest, releaseDigest } from "./manifest.ts";
import { compareReleases, isReleaseName, TREE } from "./order.ts";

export interface Release {
  readonly name: string;
  /** SHA-256 over all files of the release. */
  readonly digest: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly writes: { readonly before: number; readonly after: number };
  /** Holds `codecs.mjs`, `replica.mjs`, `client.mjs`, `node.mjs`, and for a frozen one the rest. */
  readonly directory: string;
  /** Undefined for the working tree, which is not frozen. */
  readonly manifest: ReleaseManifest | undefined;
}

export interface LocateOptions {
  /** Default: `fixtures/releases` below the current folder. */
  readonly releasesDir?: string;
}

export function releasesDirectory(options: LocateOptions = {}): string {
  return resolve(options.releasesDir ?? "fixtures/releases");
}

/** Names of the frozen releases, oldest first. */
export function listReleases(options: LocateOptions = {}): string[] {
  const folder = releasesDirectory(options);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => isReleaseName(name) && existsSync(join(folder, name, MANIFEST_FILE)))
    .sort(compareReleases);
}

/**
 * A frozen release, its files checked against their digests, or the working tree, bundled now into
 * a temporary folder that `close` removes.
 */
export async function loadRelease(
  name: string,
  options: LocateOptions = {},
): Promise<Release & { close(): void }> {
  if (name === TREE) return bundleTree();
  const known = listReleases(options);
  if (!known.includes(name)) {
    throw new ReleaseError(
      "UnknownRelease",
      `Cannot find release "${name}" in ${releasesDirectory(options)}: known are ${[...known, TREE].join(", ")}`,
    );
  }
  const directory = join(releasesDirectory(options), name);
  const manifest = readManifest(directory);
  return {
    name,
    directory,
    manifest,
    digest: releaseDigest(manifest.files),
    range: manifest.range,
    writes: manifest.writes,
    close: () => {},
  };
}

function readManifest(directory: string): ReleaseManifest {
  const manifest = JSON.parse(
    readFileSync(join(directory, MANIFEST_FILE), "utf8"),
  ) as ReleaseManifest;
  const found = digestFiles(directory);
  for (const path of new Set([...Object.keys(manifest.files), ...Object.keys(found)])) {
    if (manifest.files[path] === found[path]) continue;
    throw new ReleaseError(
      "DamagedRelease",
      `Cannot use release "${manifest.name}": ${path} differs from its manifest, and a frozen release never changes (restore it from version control)`,
    );
  }
  return manifest;
}

export type BundledTree = Release & { close(): void };

/** Bundles the working tree (or the sources below `root`) as the release `tree`. */
export async function bundleTree(
  options: Partial<Pick<BundleOptions, "root" | "plugins" | "only">> = {},
): Promise<BundledTree> {
  const directory = mkdtempSync(join(tmpdir(), "wirespan-tree-"));
  const close = () => rmSync(directory, { recursive: true, force: true });
  try {
    await bundleRelease({ release: TREE, into: directory, ...options });
    const { range, writes } = await describeBundle(pathToFileURL(join(directory, "codecs.mjs")));
    const digest = releaseDigest(digestFiles(directory));
    return { name: TREE, directory, manifest: undefined, digest, range, writes, close };
  } catch (error) {
    close();
    throw error;
  }
}
