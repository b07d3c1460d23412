/** Members that leave and come back, under their old number or at their old address. */
import { expect, test } from "vitest";
import { addressOf, VirtualCluster } from "../../../sim/world/index.ts";
import type { MembershipChange } from "../ports.ts";

function change(cluster: VirtualCluster, order: MembershipChange): void {
  const leader = cluster.leaderAmong([1, 2, 3]);
  const outcome = cluster.outcome((done) =>
    cluster.node(leader).running.changeMembership(order, done),
  );
  expect(outcome).toMatchObject({ ok: true });
}

/** Node 4 is a member that was started four times. */
function grown(): VirtualCluster {
  const cluster = VirtualCluster.found(3);
  cluster.start(4);
  change(cluster, { kind: "addVoter", member: addressOf(4) });
  for (let life = 0; life < 3; life++) {
    cluster.converge();
    cluster.kill(4);
    cluster.start(4);
    cluster.run(500);
  }
  return cluster;
}

function joinsWithEmptyDisk(cluster: VirtualCluster): void {
  cluster.nodes.delete(4);
  cluster.start(4);
  change(cluster, { kind: "addVoter", member: addressOf(4) });
  cluster.converge();
  cluster.run(2_000);
  for (const id of [1, 2, 3]) {
    const view = cluster
      .node(id)
      .running.status()
      .peers.find((peer) => peer.id === 4);
    expect(view).toMatchObject({ incarnation: 1, connected: true });
    expect(view?.ageMs).toBeLessThan(1_500);
  }
}

test("a member that was removed and lost its disk joins anew under its old number", () => {
  const cluster = grown();
  change(cluster, { kind: "remove", id: 4 });
  cluster.run(1_000);
  cluster.kill(4);
  joinsWithEmptyDisk(cluster);
});

test("also when a follower learns of both changes only by a snapshot", () => {
  const cluster = grown();
  const away = cluster.leaderAmong([1, 2, 3]) === 1 ? 2 : 1;
  cluster.network.separate("node 4", `node ${away}`);
  const others = [1, 2, 3].filter((id) => id !== away);
  for (const other of others) cluster.network.separate(`node ${other}`, `node ${away}`);
  const order: MembershipChange = { kind: "remove", id: 4 };
  const leader = cluster.leaderAmong(others);
  cluster.outcome((done) => cluster.node(leader).running.changeMembership(order, done));
  cluster.kill(4);
  cluster.nodes.delete(4);
  cluster.start(4);
  const back: MembershipChange = { kind: "addVoter", member: addressOf(4) };
  cluster.outcome((done) => cluster.node(leader).running.changeMembership(back, done));
  for (const id of others) cluster.outcome((done) => cluster.node(id).running.takeSnapshot(done));
  cluster.network.heal();
  cluster.converge();
  cluster.run(2_000);
  const view = cluster
    .node(away)
    .running.status()
    .peers.find(({ id }) => id === 4);
  expect(view).toMatchObject({ incarnation: 1, connected: true });
});

test("a member whose directory was set back is turned away, and the log says what would help", () => {
  const cluster = grown();
  cluster.converge();
  const old = cluster.node(4).disk.copy();
  for (let life = 0; life < 2; life++) {
    cluster.kill(4);
    cluster.start(4);
    cluster.run(1_000);
  }
  cluster.kill(4);
  for (const [path, { bytes }] of old.files) cluster.node(4).disk.put(path, bytes);
  cluster.start(4);
  cluster.run(2_000);
  for (const id of [1, 2, 3]) {
    const { counts, log } = cluster.node(id);
    expect(counts.get("wirespan_frames_refused_total{stale_incarnation}")).toBeGreaterThan(0);
    expect(log.join("\n")).toMatch(
      /node 4 was heard in incarnation 6, this is 5; remove the member/,
    );
  }
});

test("a follower that only knows that it left hears of its leadership", () => {
  const cluster = grown();
  change(cluster, { kind: "remove", id: 4 });
  cluster.run(1_000);
  const away = cluster.leaderAmong([1, 2, 3]) === 1 ? 2 : 1;
  const others = [1, 2, 3].filter((id) => id !== away);
  for (const other of [...others, 4]) cluster.network.separate(`node ${other}`, `node ${away}`);
  cluster.kill(4);
  cluster.nodes.delete(4);
  cluster.start(4);
  const leader = cluster.leaderAmong(others);
  const back: MembershipChange = { kind: "addVoter", member: addressOf(4) };
  cluster.outcome((done) => cluster.node(leader).running.changeMembership(back, done));
  cluster.run(1_000);
  cluster.outcome((done) => cluster.node(leader).running.transferLeadership(4, done));
  cluster.network.heal();
  cluster.converge();
});

test("a follower that only knows that it left votes for it, when nobody else can win", () => {
  const cluster = grown();
  change(cluster, { kind: "remove", id: 4 });
  cluster.run(1_000);
  const first = cluster.leaderAmong([1, 2, 3]);
  const [second = 0, away = 0] = [1, 2, 3].filter((id) => id !== first);
  for (const other of [first, second, 4]) cluster.network.separate(`node ${other}`, `node ${away}`);
  cluster.kill(4);
  cluster.nodes.delete(4);
  cluster.start(4);
  for (const order of [
    { kind: "addVoter", member: addressOf(4) },
    { kind: "remove", id: second },
  ] as const) {
    const leader = cluster.leaderAmong([first, second]);
    cluster.outcome((done) => cluster.node(leader).running.changeMembership(order, done));
    cluster.run(1_000);
  }
  cluster.kill(second);
  cluster.kill(first);
  cluster.network.heal();
  expect(cluster.leaderAmong([away, 4])).toBe(4);
  cluster.converge();
});
