/** Disks that fail or are full, and how often they are asked: what can not be kept is not promised. */
import { describe, expect, test } from "vitest";
import { text, type VirtualClient, VirtualCluster } from "../../sim/world/index.ts";

const EIO = { code: "EIO", message: "the disk is gone" };

function connected(cluster: VirtualCluster): VirtualClient {
  const client = cluster.client();
  client.connect(cluster.leader());
  client.openSession();
  return client;
}

function put(client: VirtualClient, sequence: number): void {
  const op = { case: "put", value: { key: text("a"), value: text(`${sequence}`) } } as const;
  client.send({ session: client.session, sequence, op });
}

function others(cluster: VirtualCluster): readonly number[] {
  const leader = cluster.leader();
  return [1, 2, 3].filter((id) => id !== leader);
}

/** Counts what a node says, from now on. */
function countFrames(cluster: VirtualCluster, id: number): () => number {
  let frames = 0;
  cluster.network.weather = {
    isReachable: () => true,
    pass: (from) => {
      if (from === `node ${id}`) frames++;
      return { delays: [1] };
    },
  };
  return () => frames;
}

describe("a disk that fails", () => {
  test("a leader whose sync fails halts and acknowledges nothing; the others go on without it", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    const leader = cluster.leader();
    const node = cluster.node(leader);
    // Alone it would be a majority of nothing: the followers must not make the write good for it.
    for (const id of others(cluster)) cluster.network.separate(`node ${leader}`, `node ${id}`);
    node.disk.failNextSync = EIO;
    put(client, 1);
    cluster.run(20);
    expect(node.halted).toMatchObject({ code: "disk_failed" });
    expect(node.halted?.message).toMatch(/log\/\d+\.wal can not be written \(EIO\)/);
    expect(client.received()).toEqual([]);
    cluster.network.heal();
    const next = connected(cluster);
    put(next, 1);
    cluster.until("an answer", () => next.received().length === 1);
    expect(next.received()[0]?.status).toBe("ok");
  });

  test("a follower whose sync fails says nothing more, not even that it has the entry", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    const [away, failing] = others(cluster);
    if (away === undefined || failing === undefined) throw new Error("there are three");
    cluster.kill(away);
    cluster.run(200);
    const node = cluster.node(failing);
    node.disk.failNextSync = EIO;
    const frames = countFrames(cluster, failing);
    put(client, 1);
    cluster.until("the halt", () => node.halted !== undefined);
    const before = frames();
    cluster.run(300);
    expect(frames()).toBe(before);
    // Only the leader has it, so nobody was told that it is kept.
    expect(client.received().map(({ status }) => status)).not.toContain("ok");
    // The machine was mended: it comes back with what it had promised.
    expect(cluster.start(failing)).toEqual({ started: true });
    cluster.start(away);
    cluster.converge();
  });

  test("a full disk halts; with room again the node goes on from what it had promised", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    const [full] = others(cluster);
    if (full === undefined) throw new Error("there are three");
    const { disk } = cluster.node(full);
    disk.isFull = true;
    put(client, 1);
    cluster.until("an answer", () => client.received().length === 1);
    expect(client.received()[0]?.status).toBe("ok");
    cluster.until("the halt", () => cluster.node(full).halted !== undefined);
    expect(cluster.node(full).halted?.message).toMatch(/ENOSPC/);
    disk.isFull = false;
    expect(cluster.start(full)).toEqual({ started: true });
    cluster.converge();
  });
});

describe("one sync for each Ready", () => {
  test("writes one after the other: one sync each, on every node", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    cluster.converge();
    cluster.run(500);
    const before = [1, 2, 3].map((id) => cluster.node(id).disk.syncs);
    for (let count = 0; count < 20; count++) expect(client.put("a", `${count}`).status).toBe("ok");
    cluster.converge();
    cluster.run(500);
    const syncs = [1, 2, 3].map((id, place) => cluster.node(id).disk.syncs - (before[place] ?? 0));
    expect(syncs).toEqual([20, 20, 20]);
  });

  test("writes that come together share it", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    cluster.run(500);
    const { disk } = cluster.node(cluster.leader());
    const before = disk.syncs;
    for (let sequence = 1; sequence <= 200; sequence++) put(client, sequence);
    cluster.until("all answers", () => client.received().length === 200);
    expect(disk.syncs - before).toBeLessThanOrEqual(4);
  });

  test("a quiet cluster writes nothing", () => {
    const cluster = VirtualCluster.found(3);
    connected(cluster);
    cluster.run(500);
    const before = [1, 2, 3].map((id) => cluster.node(id).disk.syncs);
    const pictures = [1, 2, 3].map((id) => cluster.node(id).disk.picture());
    cluster.run(5_000);
    expect([1, 2, 3].map((id) => cluster.node(id).disk.syncs)).toEqual(before);
    expect([1, 2, 3].map((id) => cluster.node(id).disk.picture())).toEqual(pictures);
  });
});
