/**
 * Keeps the present release for ever: bundles, schemas, specification, golden bytes, data
 * directories, and a manifest that pins them all. Everything is made in a folder beside the
 * target and moved there at the end, so that a failed or interrupted run leaves no half release.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CODEC_HOST_VERSION, type HostDescription } from "../compat-matrix/index.ts";
import { BUNDLE_NAMES, bundleRelease, packageRoot } from "./bundle.ts";
import { checkBundles } from "./check-bundles.ts";
import { describeBundle } from "./describe.ts";
import { makeDirectories } from "./directories/index.ts";
import { ReleaseError } from "./errors.ts";
import { writeGolden } from "./golden.ts";
import { releasesDirectory } from "./locate.ts";
import { digestFiles, MANIFEST_FILE, type ReleaseManifest, releaseDigest } from "./manifest.ts";
import { isReleaseName } from "./order.ts";
import { writeSpecification } from "./specification.ts";

export interface FreezeOptions {
  readonly name: string;
  /** Folder that receives `<name>/`; default `fixtures/releases`. */
  readonly into?: string;
  /** Told what is being done, for a progress line. */
  readonly onStep?: (step: string) => void;
  /** Source tree to freeze; default is this one. */
  readonly root?: string;
}

export interface FrozenRelease {
  readonly directory: string;
  readonly digest: string;
  readonly goldenCases: number;
  readonly files: number;
}

export async function freeze(options: FreezeOptions): Promise<FrozenRelease> {
  const { name, onStep = () => {} } = options;
  const target = refuseUnlessNew(name, options.into);
  const source = sourceOf(options.root ?? packageRoot(), options.into === undefined);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(join(dirname(target), `.${name}-`));
  try {
    onStep("bundling");
    await bundleRelease({
      release: name,
      into: draft,
      ...(options.root && { root: options.root }),
    });
    onStep("checking that the bundles need nothing but Node");
    const contracts = await checkBundles(draft, BUNDLE_NAMES);
    const host = await describeBundle(pathToFileURL(join(draft, "codecs.mjs")));
    onStep("writing schemas, specification and golden bytes");
    writeFileSync(join(draft, "schemas.json"), `${JSON.stringify(host.versions, null, 1)}\n`);
    writeFileSync(join(draft, "protocol.md"), writeSpecification(host));
    const goldenCases = await writeGolden(draft);
    onStep("making data directories with the frozen node");
    await makeDirectories(draft, host, onStep);
    const manifest = manifestOf(
      name,
      source,
      host,
      { codecHost: CODEC_HOST_VERSION, ...contracts },
      draft,
    );
    writeFileSync(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`);
    // A temporary folder is closed to others; a release is not.
    chmodSync(draft, 0o755);
    renameSync(draft, target);
    const files = Object.keys(manifest.files).length;
    return { directory: target, digest: releaseDigest(manifest.files), goldenCases, files };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

function refuseUnlessNew(name: string, into: string | undefined): string {
  if (!isReleaseName(name)) {
    throw new ReleaseError(
      "InvalidName",
      `Cannot freeze "${name}": a release name is lower-case letters and numbers, such as r5, r5.1, r6-rc1 or 2026.11`,
    );
  }
  const target = into === undefined ? join(releasesDirectory(), name) : resolve(into, name);
  if (existsSync(target)) {
    throw new ReleaseError(
      "ReleaseExists",
      `Cannot freeze "${name}": ${target} exists, and a frozen release never changes (freeze a patch release such as ${name}.1, or use --into for a trial)`,
    );
  }
  return target;
}

/** A release that is kept must be found again in history; a trial (`--into`) may be made of anything. */
function sourceOf(root: string, mustBeCommitted: boolean): ReleaseManifest["source"] {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  let commit = "unknown";
  let changed = "";
  try {
    commit = git("rev-parse", "HEAD").trim();
    changed = git("status", "--porcelain", "--", ".", ":!fixtures", ":!docs", ":!*.md").trim();
  } catch {
    changed = "no git repository";
  }
  if (mustBeCommitted && changed !== "") {
    throw new ReleaseError(
      "SourceNotCommitted",
      `Cannot freeze: the source differs from commit ${commit.slice(0, 10)} (commit it first, or use --into for a trial)\n${changed.split("\n").slice(0, 5).join("\n")}`,
    );
  }
  return { commit, dirty: changed !== "" };
}

function manifestOf(
  name: string,
  source: ReleaseManifest["source"],
  host: HostDescription,
  contracts: ReleaseManifest["contracts"],
  directory: string,
): ReleaseManifest {
  return {
    format: 1,
    name,
    source,
    range: host.range,
    writes: host.writes,
    contracts,
    rules: Object.fromEntries(host.versions.map(({ version, rules }) => [version, rules])),
    files: digestFiles(directory),
  };
}
