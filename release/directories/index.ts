/**
 * Data directories of a release, made by its own frozen node: what later releases must be able to
 * open, or refuse unharmed. Between them they hold every entry kind and snapshot section that the
 * release can write. Each case is a folder, `cases.json` says how to start a node on it.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { HostDescription } from "../../compat-matrix/index.ts";
import { makeHalfReceived } from "./half-received.ts";
import { CLUSTER_ID, type Scene, SoloNode } from "./solo-node.ts";
import { tearTail } from "./torn-tail.ts";

export type DirectoryName =
  | "fresh"
  | "log-only"
  | "uncompacted"
  | "snapshot-only"
  | "torn-tail"
  | "half-received-snapshot";

/** How to start a node on the directory, and what it must then say. */
export interface DirectoryCase {
  readonly name: DirectoryName;
  readonly clusterId: string;
  readonly nodeId: number;
  readonly founders: readonly { id: number; peerAddress: string; clientAddress: string }[];
  /** True where one node alone cannot elect itself, so that only its status can be asked. */
  readonly needsPeers: boolean;
  /** State digest at that applied index, as the release itself reported it before it stopped. */
  readonly applied: number;
  readonly digest: string;
  readonly digestVersion: number;
  /** Versions that stored content has. */
  readonly contentVersions: readonly number[];
}

type Maker = (scene: Scene) => Promise<Omit<DirectoryCase, "name">>;

const MAKERS: Readonly<Record<DirectoryName, Maker>> = {
  fresh: (scene) => solo(scene, async () => {}),
  "log-only": (scene) => solo(scene, (node) => node.writeSome()),
  uncompacted: (scene) =>
    solo(scene, async (node) => {
      await node.writeSome();
      await node.changeMembership();
      await node.activate();
      await node.writeSome();
    }),
  "snapshot-only": (scene) =>
    solo(scene, async (node) => {
      await node.writeSome();
      await node.activate();
      await node.writeSome();
      await node.takeSnapshot();
    }),
  "torn-tail": async (scene) => {
    const made = await solo(scene, (node) => node.writeSome());
    tearTail(scene.directory);
    return made;
  },
  "half-received-snapshot": makeHalfReceived,
};

export async function makeDirectories(
  release: string,
  host: HostDescription,
  onStep: (step: string) => void,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "wirespan-directories-"));
  try {
    const cases: DirectoryCase[] = [];
    for (const name of Object.keys(MAKERS) as DirectoryName[]) {
      onStep(`data directory "${name}"`);
      const directory = join(work, name);
      mkdirSync(directory);
      const scene: Scene = { release, directory, work, writes: host.writes };
      cases.push({ name, ...(await MAKERS[name](scene)) });
      // What a killed process left of its lock is no content.
      const filter = (path: string): boolean => basename(path) !== "lock";
      cpSync(directory, join(release, "directories", name), { recursive: true, filter });
    }
    const file = join(release, "directories", "cases.json");
    writeFileSync(file, `${JSON.stringify(cases, null, 1)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs one node alone on the scene's directory, does the work, and stops it in order. */
async function solo(
  scene: Scene,
  work: (node: SoloNode) => Promise<void>,
): Promise<Omit<DirectoryCase, "name">> {
  const node = await SoloNode.start(scene);
  try {
    await work(node);
    const status = await node.settledStatus();
    await node.stop();
    return {
      clusterId: CLUSTER_ID,
      nodeId: 1,
      founders: node.founders,
      needsPeers: false,
      applied: status.digest.index,
      digest: status.digest.value,
      digestVersion: status.digest.version,
      contentVersions: [...new Set(status.content.map(({ version }) => version))].sort(),
    };
  } finally {
    await node.close();
  }
}
