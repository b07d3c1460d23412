/**
 * The commit index promises nothing, so it is written without a sync of its own, or not at all until
 * something else is. Whatever the disk says of it after the power went, nothing answered is lost.
 */
import { expect, test } from "vitest";
import { text, VirtualCluster, type VirtualNode } from "../../sim/world/index.ts";
import { recoverLog } from "./log/recover.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const PUTS = 12;

/** How far the log of a node that is down says that it is committed, and how far it goes. */
function written({ disk }: VirtualNode): { readonly commit: number; readonly last: number } {
  const { hardState, anchor, entries } = recoverLog(disk.port());
  return { commit: hardState.commit, last: anchor.index + entries.length };
}

function put(cluster: VirtualCluster, count: number, first = 0): void {
  const client = cluster.client();
  client.connect(cluster.leader());
  for (let place = first; place < first + count; place++)
    expect(client.put(`key-${place}`, `${place}`).status).toBe("ok");
}

function expectAll(cluster: VirtualCluster, count: number): void {
  const client = cluster.client();
  client.connect(cluster.leader());
  for (let place = 0; place < count; place++) expect(client.get(`key-${place}`)).toBe(`${place}`);
}

test.for(SEEDS)(
  "a single node has what it answered though its commit is behind (seed %i)",
  (seed) => {
    const cluster = VirtualCluster.found(1, seed);
    put(cluster, PUTS);
    cluster.crash(1);
    const { commit, last } = written(cluster.node(1));
    expect(commit, "the last put was answered before its commit was written").toBeLessThan(last);
    cluster.start(1);
    expectAll(cluster, PUTS);
  },
);

test.for(SEEDS)("three nodes that lose power at once have what was answered (seed %i)", (seed) => {
  const cluster = VirtualCluster.found(3, seed);
  put(cluster, PUTS);
  for (const id of [1, 2, 3]) cluster.crash(id);
  const logs = [1, 2, 3].map((id) => written(cluster.node(id)));
  const last = Math.max(...logs.map((log) => log.last));
  expect(Math.max(...logs.map(({ commit }) => commit))).toBeLessThan(last);
  for (const id of [1, 2, 3]) cluster.start(id);
  expectAll(cluster, PUTS);
  cluster.converge();
});

test.for(SEEDS)(
  "a snapshot above the commit that the log knows is where the node goes on (seed %i)",
  (seed) => {
    const cluster = VirtualCluster.found(3, seed);
    put(cluster, PUTS);
    const leader = cluster.leader();
    const node = cluster.node(leader);
    const { applied } = node.running.status();
    // The power goes when the snapshot is in place and the log is not yet begun anew behind it.
    node.disk.watcher = {
      onAppend: () => {},
      onChanged: (path) => {
        if (!path.endsWith(".snap")) return;
        node.disk.watcher = undefined;
        cluster.crash(leader);
      },
    };
    node.running.takeSnapshot(() => {});
    cluster.until("the crash", () => node.replica === undefined);
    expect(written(node).commit).toBeLessThan(applied);
    put(cluster, PUTS, PUTS);
    expect(cluster.start(leader)).toEqual({ started: true });
    expect(node.running.status().applied).toBeGreaterThanOrEqual(applied);
    cluster.converge();
    for (const id of [1, 2, 3]) cluster.crash(id);
    for (const id of [1, 2, 3]) expect(cluster.start(id)).toEqual({ started: true });
    expectAll(cluster, 2 * PUTS);
  },
);

test.for(SEEDS)("a node that stopped in order knows its commit (seed %i)", (seed) => {
  const cluster = VirtualCluster.found(1, seed);
  put(cluster, PUTS);
  let isStopped = false;
  cluster.node(1).running.stop(() => {
    isStopped = true;
  });
  cluster.until("the end", () => isStopped);
  cluster.crash(1);
  const { commit, last } = written(cluster.node(1));
  expect(commit).toBe(last);
});

test("what clients send at one time is one append, on the leader's disk and on the others'", () => {
  const cluster = VirtualCluster.found(3);
  const leader = cluster.leader();
  const client = cluster.client();
  client.connect(leader);
  client.openSession();
  cluster.converge();
  const appends = new Map<number, number>();
  for (const { id, disk } of cluster.running())
    disk.watcher = {
      onAppend: () => appends.set(id, (appends.get(id) ?? 0) + 1),
      onChanged: () => {},
    };
  const before = cluster.node(leader).running.status().applied;
  for (let sequence = 1; sequence <= 20; sequence++)
    client.send({
      session: client.session,
      sequence,
      op: { case: "put", value: { key: text("key"), value: text(`${sequence}`) } },
    });
  cluster.until("all answers", () => client.received().length === 20);
  cluster.converge();
  expect(cluster.node(leader).running.status().applied).toBe(before + 20);
  expect([...appends.values()]).toEqual([1, 1, 1]);
});
