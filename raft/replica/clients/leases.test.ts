/**
 * Reads by the leader's lease. The dangerous time is that in which a leader does not know yet that
 * another one was elected: whatever it answers then must not be older than what the other confirmed.
 */
import { expect, test } from "vitest";
import { text, type VirtualClient, VirtualCluster } from "../../../sim/world/index.ts";
import { FrameKind } from "../../wire/index.ts";
import { READABLE } from "../stored.ts";

const only = test.skipIf(READABLE.max < 4);
const GET = { session: 0, sequence: 1, op: { case: "get", value: { key: text("a") } } } as const;

/** Three nodes that read by lease at version 4; key "a" holds "old". */
function leased(seed: number): { cluster: VirtualCluster; leader: number; client: VirtualClient } {
  const cluster = VirtualCluster.found(3, seed, { readLease: true });
  const client = cluster.client();
  const leader = cluster.leader();
  client.connect(leader);
  cluster.run(1_500);
  expect(
    cluster.outcome((done) => cluster.node(leader).running.activate(READABLE.max, done)),
  ).toMatchObject({ ok: true });
  client.put("a", "old");
  cluster.converge();
  return { cluster, leader, client };
}

function value(client: VirtualClient): string {
  return client
    .received()
    .map(({ status, value: bytes }) => `${status} ${new TextDecoder().decode(bytes)}`)
    .join();
}

/** Lets the others elect a leader and confirm a write, while the old one knows nothing. */
function writeBehind(cluster: VirtualCluster, leader: number): void {
  const others = [1, 2, 3].filter((id) => id !== leader);
  for (const id of others) cluster.network.separate(`node ${leader}`, `node ${id}`);
  const leads = (id: number): boolean => cluster.node(id).running.status().role === "leader";
  const deadline = cluster.time.nowMs() + 5_000;
  while (!others.some(leads) && cluster.time.nowMs() < deadline) cluster.run(1);
  const writer = cluster.client();
  writer.dial(others.find(leads) ?? 0);
  while (!writer.isConnected) cluster.run(1);
  const steps = [
    { session: 0, sequence: 0, op: { case: "openSession", value: {} } },
    { session: 0, sequence: 1, op: { case: "put", value: { key: text("a"), value: text("new") } } },
  ] as const;
  for (const step of steps) {
    writer.send({ ...step, session: writer.session });
    while (writer.received().length === 0) cluster.run(1);
    writer.session = writer.take()?.session ?? 0;
  }
}

const SEEDS = Array.from({ length: 30 }, (_, place) => place + 1);

only("a leader that was cut off answers nothing older than what its successor confirmed", () => {
  let whileLeading = 0;
  for (const seed of SEEDS) {
    const { cluster, leader, client } = leased(seed);
    client.send(GET);
    cluster.run(5);
    expect(value(client)).toBe("ok old");
    client.take();
    writeBehind(cluster, leader);
    if (cluster.node(leader).running.status().role === "leader") whileLeading++;
    client.send(GET);
    cluster.run(5);
    expect(value(client), `seed ${seed}`).not.toBe("ok old");
  }
  // The claim is empty unless the old leader still believed in itself.
  expect(whileLeading).toBeGreaterThan(0);
});

only.for([
  { why: "was paused", aheadMs: 0, pausedMs: 400 },
  { why: "had its clock set back", aheadMs: -10_000, pausedMs: 0 },
  { why: "had its clock set forward", aheadMs: 10_000, pausedMs: 0 },
])("nor one that $why", ({ aheadMs, pausedMs }) => {
  for (const seed of SEEDS) {
    const { cluster, leader, client } = leased(seed);
    client.send(GET);
    cluster.run(5);
    client.take();
    const untilMs = cluster.time.nowMs() + pausedMs;
    cluster.time.heldUntilMs = (owner) => (owner === leader ? untilMs : 0);
    cluster.node(leader).clockAheadMs = aheadMs;
    writeBehind(cluster, leader);
    client.send(GET);
    cluster.run(Math.max(0, untilMs - cluster.time.nowMs()) + 5);
    expect(value(client), `seed ${seed}`).not.toBe("ok old");
  }
});

only("a transfer ends the lease: the successor does not wait for an election timeout", () => {
  for (const seed of SEEDS.slice(0, 10)) {
    const { cluster, leader, client } = leased(seed);
    client.send(GET);
    cluster.run(5);
    client.take();
    const to = leader === 1 ? 2 : 1;
    cluster.node(leader).running.transferLeadership(to, () => {});
    cluster.run(3);
    writeBehind(cluster, leader);
    client.send(GET);
    cluster.run(5);
    expect(value(client), `seed ${seed}`).not.toBe("ok old");
  }
});

only("under a lease a read costs no round of messages", () => {
  const { cluster, client } = leased(1);
  let heartbeats = 0;
  cluster.network.weather = {
    isReachable: () => true,
    pass: (_from, _to, { kind }) => {
      if (kind === FrameKind.heartbeat) heartbeats++;
      return { delays: [1] };
    },
  };
  for (let count = 0; count < 100; count++) expect(client.get("a")).toBe("old");
  const underLease = heartbeats;
  expect(underLease).toBeLessThan(200);
  expect(heartbeats).toBeGreaterThan(0);
});
