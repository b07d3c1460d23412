/** A snapshot on its way to a follower, with everything that may come between: chunks by hand, crashes, other leaders. */
import { describe, expect, test } from "vitest";
import { text, VirtualCluster, type VirtualNode } from "../../../sim/world/index.ts";
import { FrameKind } from "../../wire/index.ts";

function put(cluster: VirtualCluster, count: number, size = 1): void {
  const client = cluster.client();
  client.connect(cluster.leader());
  for (let place = 0; place < count; place++)
    expect(client.put(`key-${place}`, `${place}`.repeat(size)).status).toBe("ok");
}

function snapshots({ disk }: VirtualNode): readonly string[] {
  return [...disk.files.keys()].filter((path) => path.endsWith(".snap"));
}

/** Cuts the power of a node at the moment when a received snapshot has taken its place. */
function crashAtInstall(cluster: VirtualCluster, id: number): void {
  const node = cluster.node(id);
  const [old] = snapshots(node);
  node.disk.watcher = {
    onAppend: () => {},
    onChanged: () => {
      if (!snapshots(node).some((path) => path !== old)) return;
      node.disk.watcher = undefined;
      cluster.crash(id);
    },
  };
  cluster.until("the crash", () => node.replica === undefined);
  expect(snapshots(node)).toHaveLength(2);
}

function takeSnapshots(cluster: VirtualCluster, ids: readonly number[]): void {
  for (const id of ids) cluster.outcome((done) => cluster.node(id).running.takeSnapshot(done));
}

function startsThreeTimes(cluster: VirtualCluster, id: number): void {
  for (const round of [1, 2, 3]) {
    expect(cluster.start(id), `start ${round}`).toEqual({ started: true });
    put(cluster, 3);
    cluster.converge();
    cluster.crash(id);
  }
}

describe("the power goes between the new snapshot and the new log", () => {
  test("a log that ended before it goes on behind it, now and at the start after the next", () => {
    const cluster = VirtualCluster.found(3);
    put(cluster, 5);
    const away = cluster.leader() === 1 ? 2 : 1;
    cluster.kill(away);
    put(cluster, 20, 200);
    takeSnapshots(
      cluster,
      cluster.running().map(({ id }) => id),
    );
    cluster.start(away);
    crashAtInstall(cluster, away);
    startsThreeTimes(cluster, away);
  });

  test("entries of a leader that was deposed do not come back behind it", () => {
    const cluster = VirtualCluster.found(3);
    put(cluster, 5);
    const away = cluster.leader();
    const others = [1, 2, 3].filter((id) => id !== away);
    const client = cluster.client();
    client.connect(away);
    client.openSession();
    for (const other of others) cluster.network.separate(`node ${away}`, `node ${other}`);
    // More than the others will write, so that the log reaches behind the snapshot.
    for (let sequence = 1; sequence <= 60; sequence++)
      client.send({
        session: client.session,
        sequence,
        op: { case: "put", value: { key: text("lost"), value: text(`${sequence}`) } },
      });
    cluster.run(50);
    const { lastIndex } = cluster.node(away).running.status();
    cluster.kill(away);
    const leader = cluster.leader();
    put(cluster, 20);
    takeSnapshots(cluster, others);
    const { snapshotIndex } = cluster.node(leader).running.status();
    expect(lastIndex).toBeGreaterThan(snapshotIndex);
    cluster.network.heal();
    cluster.start(away);
    crashAtInstall(cluster, away);
    cluster.start(away);
    cluster.run(8);
    expect(cluster.node(away).running.status().lastIndex).toBe(snapshotIndex);
    cluster.converge();
    cluster.kill(away);
    startsThreeTimes(cluster, away);
  });
});

/** Counts the chunks that are sent. */
function countChunks(cluster: VirtualCluster): () => number {
  let chunks = 0;
  cluster.network.weather = {
    isReachable: () => true,
    pass: (_from, _to, { kind }) => {
      if (kind === FrameKind.snapshotChunk) chunks++;
      if (chunks > 1_000) throw new Error("a storm of chunks");
      return { delays: [1] };
    },
  };
  return () => chunks;
}

function awayBehindSnapshot(): { cluster: VirtualCluster; away: number } {
  const cluster = VirtualCluster.found(3);
  const away = cluster.leader() === 1 ? 2 : 1;
  cluster.kill(away);
  put(cluster, 10, 260_000);
  takeSnapshots(
    cluster,
    cluster.running().map(({ id }) => id),
  );
  return { cluster, away };
}

describe("what is sent twice", () => {
  test("a receiver that lost its part costs the chunks under way and a new beginning", () => {
    const { cluster, away } = awayBehindSnapshot();
    const { disk } = cluster.node(away);
    const part = (): string | undefined =>
      [...disk.files.keys()].find((path) => path.endsWith(".part"));
    const chunks = countChunks(cluster);
    cluster.start(away);
    cluster.until("half of it", () => (disk.files.get(part() ?? "")?.length ?? 0) > 1_500_000);
    const before = chunks();
    cluster.kill(away);
    disk.files.delete(part() ?? "");
    cluster.start(away);
    cluster.converge();
    expect(chunks() - before).toBeGreaterThan(10);
    expect(chunks() - before).toBeLessThan(11 + 2 * 4);
  });

  test("another leader asks again in peace while the snapshot of the first is being read", () => {
    const { cluster, away } = awayBehindSnapshot();
    const { disk } = cluster.node(away);
    disk.syncDelayMs = 3_000;
    const chunks = countChunks(cluster);
    cluster.start(away);
    cluster.until("all chunks", () => chunks() >= 11);
    cluster.run(20);
    cluster.kill(cluster.leaderAmong(cluster.running().map(({ id }) => id)));
    const before = chunks();
    cluster.run(3_500);
    expect(chunks() - before).toBeLessThan(4 * 5);
    disk.syncDelayMs = 3;
    cluster.converge();
  });
});
