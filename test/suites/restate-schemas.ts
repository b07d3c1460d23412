/** The messages between Restate nodes at each protocol version, read from sources in the form of its own. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MessageShape } from "../../codecs/index.ts";
import { type RustSchemas, readRustSources, type TypeMap } from "../../sources/index.ts";

const FOLDER = fileURLToPath(new URL("../../fixtures/interop/restate/", import.meta.url));

/** The crate's version that the protocol's peers are built with. */
const BILROST = "0.1014.3";

export const RESTATE_VERSIONS: readonly number[] = [2, 3];

export async function readRestateSources(version: number): Promise<RustSchemas> {
  const folder = `${FOLDER}v${version}/`;
  const files = readdirSync(folder).map((name) => ({
    path: `v${version}/${name}`,
    text: readFileSync(folder + name, "utf8"),
  }));
  const typeMap = JSON.parse(readFileSync(`${FOLDER}types.json`, "utf8")) as TypeMap;
  return readRustSources(files, { bilrostVersion: BILROST, typeMap });
}

export type RestateShapes = ReadonlyMap<number, ReadonlyMap<string, MessageShape>>;

/** Throws when anything in the sources is not understood: then nothing that follows would be sure. */
export async function readRestateShapes(): Promise<RestateShapes> {
  const shapes = new Map<number, ReadonlyMap<string, MessageShape>>();
  for (const version of RESTATE_VERSIONS) {
    const { messages, unresolved } = await readRestateSources(version);
    const reasons = unresolved.map(({ path, reason }) => `${path}: ${reason}`);
    if (reasons.length > 0) throw new Error(`version ${version}: ${reasons.join("; ")}`);
    shapes.set(version, messages);
  }
  return shapes;
}
