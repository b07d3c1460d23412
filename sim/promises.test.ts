/** A cluster whose disks are watched: what leaves a node is held against what its disk would still have. */
import { expect, test } from "vitest";
import { createReplica } from "../raft/replica/index.ts";
import { openCodec } from "../raft/wire/codec-bundle.ts";
import { wireProtocol } from "../raft/wire/index.ts";
import { type Build, Codecs } from "./build.ts";
import { LogLedger } from "./log-ledger.ts";
import { brokenPromise } from "./promises.ts";
import { VirtualCluster } from "./world/index.ts";

const IGNORED = (): void => {};
const TREE: Build = {
  ...{ name: "tree", digest: "", range: wireProtocol.range },
  createReplica,
  openCodec: openCodec as Build["openCodec"],
};
const codecs = new Codecs([TREE]);

function watched(): { cluster: VirtualCluster; broken: string[] } {
  const cluster = VirtualCluster.found(3);
  const broken: string[] = [];
  const ledgers = new Map(
    [...cluster.nodes.values()].map(({ id, disk }) => {
      const ledger = new LogLedger(disk, codecs, {
        ...{ onEntry: IGNORED, onCut: IGNORED, onManifest: IGNORED },
        ...{ onUnnamed: IGNORED, onUnreadable: IGNORED, onIgnorable: IGNORED },
      });
      disk.watcher = ledger;
      return [id, ledger];
    }),
  );
  cluster.network.onSend = (sender, bytes) => {
    const ledger = ledgers.get(sender);
    const problem = ledger && brokenPromise(bytes, { sender, ledger, codecs });
    if (problem !== undefined) broken.push(problem);
  };
  return { cluster, broken };
}

function write(cluster: VirtualCluster): void {
  const client = cluster.client();
  client.connect(cluster.leader());
  for (let count = 0; count < 5; count++) client.put("key", `${count}`);
}

test("brokenPromise() finds nothing while every sync keeps what was written", () => {
  const { cluster, broken } = watched();
  write(cluster);
  cluster.converge();
  expect(broken).toEqual([]);
});

function forgetAllSyncs(cluster: VirtualCluster): void {
  for (const { disk } of cluster.nodes.values())
    for (const file of disk.files.values()) file.synced = IGNORED;
}

test("brokenPromise() tells of a vote on a disk whose syncs keep nothing", () => {
  const { cluster, broken } = watched();
  cluster.run(20);
  forgetAllSyncs(cluster);
  cluster.leader();
  expect(broken).toContainEqual(expect.stringMatching(/^votes for node \d in term 2, durable is/));
});

test("brokenPromise() tells of an entry on a disk whose syncs keep nothing", () => {
  const { cluster, broken } = watched();
  cluster.leader();
  cluster.run(100);
  expect(broken).toEqual([]);
  forgetAllSyncs(cluster);
  write(cluster);
  expect(broken).toContainEqual(expect.stringMatching(/^acknowledges entry \d in term 2 before/));
});
