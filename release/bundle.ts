/**
 * Turns the present source into self-contained ESM files: what `freeze` keeps for ever, and what
 * the working tree is as the release `tree`. Both go the same way, so that a matrix over them
 * compares like with like.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

export type BundleName = "codecs.mjs" | "replica.mjs" | "client.mjs" | "node.mjs";

interface BundlePlan {
  /** From the root of the package, without extension. */
  readonly entry: string;
  /** `neutral` bundles may not even import `node:*`: a browser or a simulator can load them. */
  readonly platform: "neutral" | "node";
}

const PLANS: Readonly<Record<BundleName, BundlePlan>> = {
  "codecs.mjs": { entry: "raft/wire/codec-bundle", platform: "neutral" },
  "replica.mjs": { entry: "raft/replica/replica-bundle", platform: "neutral" },
  "client.mjs": { entry: "raft/client/client-bundle", platform: "node" },
  "node.mjs": { entry: "raft/server/node-bundle", platform: "node" },
};

export const BUNDLE_NAMES: readonly BundleName[] = Object.keys(PLANS) as BundleName[];

/** Packages in CommonJS form reach built-in modules through `require`, which ESM output lacks. */
const REQUIRE_FOR_NODE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** Root of the source (or of the built package): where this folder stands. */
export function packageRoot(): string {
  return resolve(fileURLToPath(import.meta.url), "../..");
}

export interface BundleOptions {
  /** Written into the bundles as the name of the release. */
  readonly release: string;
  readonly into: string;
  /** Where the sources are; a mutated or an older copy of the tree can be bundled too. */
  readonly root?: string;
  readonly only?: readonly BundleName[];
  readonly plugins?: BuildOptions["plugins"];
}

export async function bundleRelease(options: BundleOptions): Promise<void> {
  const names = options.only ?? BUNDLE_NAMES;
  await Promise.all(names.map((name) => build(buildOptions(name, options))));
}

function buildOptions(name: BundleName, options: BundleOptions): BuildOptions {
  const { entry, platform } = PLANS[name];
  return {
    entryPoints: [entryFile(options.root ?? packageRoot(), entry)],
    outfile: join(options.into, name),
    bundle: true,
    format: "esm",
    target: "node22",
    platform,
    ...(platform === "neutral"
      ? { mainFields: ["module", "main"], conditions: ["import"] }
      : { banner: { js: REQUIRE_FOR_NODE } }),
    define: { WIRESPAN_RELEASE: JSON.stringify(options.release) },
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
    // A bundle is frozen for ever and read by people who look for what changed: keep its names.
    minifySyntax: false,
    ...(options.plugins ? { plugins: options.plugins } : {}),
  };
}

function entryFile(root: string, entry: string): string {
  const source = join(root, `${entry}.ts`);
  return existsSync(source) ? source : join(root, `${entry}.js`);
}
