/** Loads the bundles of releases, frozen or of the working tree, into this thread. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Build } from "../index.ts";

/** Where a release stands; data, so that it can be handed to a thread. */
export interface BuildSource {
  readonly name: string;
  readonly digest: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly directory: string;
}

export async function loadBuilds(sources: readonly BuildSource[]): Promise<readonly Build[]> {
  return await Promise.all(
    sources.map(async ({ name, digest, range, directory }): Promise<Build> => {
      const open = (file: string): string => pathToFileURL(join(directory, file)).href;
      const { createReplica } = (await import(open("replica.mjs"))) as Pick<Build, "createReplica">;
      const { openCodec } = (await import(open("codecs.mjs"))) as Pick<Build, "openCodec">;
      return { name, digest, range, createReplica, openCodec };
    }),
  );
}
