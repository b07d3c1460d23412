/**
 * A mutant: one place of the source changed, bundled as the release `tree`. The files themselves
 * stay as they are; the change happens while they are bundled. What a mutant must cause is part of
 * it, so that a matrix which fails for another reason is not taken for a hit.
 */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin } from "esbuild";
import type { CellKind, Victim } from "../../compat-matrix/index.ts";
import { type BundledTree, bundleTree, packageRoot } from "../../release/index.ts";

export interface Mutant {
  readonly name: string;
  /** From the root of the package. */
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Put before the first line, where the change needs a name that the file does not import. */
  readonly imports?: string;
  readonly expected: {
    /** A broken cell must name this message. */
    readonly message: string;
    /** Each of these must suffer in at least one broken cell. */
    readonly victims: readonly Victim[];
    readonly kind?: CellKind;
    /** Wire versions at which it must show. Default: all that the tree reads. */
    readonly versions?: readonly number[];
    /** What the reason of one of these cells must say. */
    readonly reason: RegExp;
  };
}

/** The text of the mutant does not fit the source any more; it would test nothing. */
export class StaleMutantError extends Error {
  override readonly name = "StaleMutantError";
}

/** The tree with the change, or the unchanged twin. Only the codecs: a matrix without start cells needs no more. */
export async function bundleMutant(mutant?: Mutant): Promise<BundledTree> {
  if (mutant === undefined) return await bundleTree({ only: ["codecs.mjs"] });
  const applied = { count: 0 };
  const tree = await bundleTree({ only: ["codecs.mjs"], plugins: [mutation(mutant, applied)] });
  if (applied.count === 1) return tree;
  tree.close();
  throw new StaleMutantError(`Cannot apply mutant "${mutant.name}": ${mutant.file} is not bundled`);
}

/** What a copy does without; the frozen releases and the packages are linked instead. */
const NOT_COPIED = new Set([".git", "dist", "docs", "reports", "test", "node_modules", "fixtures"]);

/** A copy of the package, for a change that must stand in the files themselves. */
export function copyTree(into: string): void {
  const root = packageRoot();
  const isCopied = (path: string) => !NOT_COPIED.has(relative(root, path).split(sep)[0] ?? "");
  cpSync(root, into, { recursive: true, filter: isCopied });
  for (const name of ["node_modules", "fixtures"]) symlinkSync(join(root, name), join(into, name));
}

export function writeMutant(mutant: Mutant, root: string): void {
  const path = join(root, mutant.file);
  writeFileSync(path, mutate(mutant, readFileSync(path, "utf8")));
}

function mutation(mutant: Mutant, applied: { count: number }): Plugin {
  const path = resolve(packageRoot(), mutant.file);
  return {
    name: `mutant ${mutant.name}`,
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (file) => {
        if (file.path !== path) return undefined;
        applied.count++;
        return { contents: mutate(mutant, readFileSync(path, "utf8")), loader: "ts" };
      });
    },
  };
}

function mutate({ name, file, find, replace, imports = "" }: Mutant, source: string): string {
  const places = source.split(find).length - 1;
  if (places === 1) return imports + source.replace(find, () => replace);
  throw new StaleMutantError(
    `Cannot apply mutant "${name}": its text stands ${places} times in ${file}, once needed`,
  );
}
