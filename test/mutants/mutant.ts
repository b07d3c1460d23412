/**
 * A mutant: one place of the source changed, bundled as the release `tree`. The files themselves
 * stay as they are; the change happens while they are bundled. What a mutant must cause is part of
 * it, so that a matrix which fails for another reason is not taken for a hit.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
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
