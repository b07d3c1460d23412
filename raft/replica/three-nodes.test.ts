/**
 * Three replicas on virtual disks and a virtual network, each test one story. Chance is seeded, so a
 * failure repeats.
 */

import { describe, expect, test } from "vitest";
import {
  addressOf,
  CLUSTER_ID,
  text,
  type VirtualClient,
  VirtualCluster,
} from "../../sim/world/index.ts";
import { FrameKind, TimeoutNow, wireProtocol, writeFrame, writeHello } from "../wire/index.ts";
import type { Outcome } from "./ports.ts";
import { READABLE } from "./stored.ts";

const OTHERS: Readonly<Record<number, readonly [number, number]>> = {
  1: [2, 3],
  2: [1, 3],
  3: [1, 2],
};

function others(id: number): readonly [number, number] {
  return OTHERS[id] ?? [0, 0];
}

function connected(cluster: VirtualCluster): VirtualClient {
  const client = cluster.client();
  client.connect(cluster.leader());
  return client;
}

function put(client: VirtualClient, count: number, size = 1): void {
  for (let place = 0; place < count; place++)
    expect(client.put(`key-${place}`, `${place}`.repeat(size)).status).toBe("ok");
}

describe("replication", () => {
  test("what the leader acknowledged is on every node, with the same digest", () => {
    const cluster = VirtualCluster.found(3);
    put(connected(cluster), 20);
    cluster.converge();
    const [status] = cluster.running().map(({ running }) => running.status());
    expect(status?.members.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(status?.applied).toBeGreaterThan(20);
  });

  test("the digest of an index is the same wherever it is asked, and unknown for a later one", () => {
    const cluster = VirtualCluster.found(3);
    put(connected(cluster), 10);
    cluster.converge();
    const { applied } = cluster.node(1).running.status();
    const digests = [1, 2, 3].map((id) => cluster.node(id).running.digestAt(applied - 3));
    expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(digests).size).toBe(1);
    expect(cluster.node(1).running.digestAt(applied + 1)).toBeUndefined();
  });

  test("all nodes lose power at once and come back with everything acknowledged", () => {
    const cluster = VirtualCluster.found(3);
    put(connected(cluster), 20);
    for (const id of [1, 2, 3]) cluster.crash(id);
    for (const id of [1, 2, 3]) expect(cluster.start(id)).toEqual({ started: true });
    const client = connected(cluster);
    for (let place = 0; place < 20; place++) expect(client.get(`key-${place}`)).toBe(`${place}`);
    cluster.converge();
  });

  test("a leader that lost the others answers neither reads nor writes, and steps down", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    put(client, 1);
    const leader = cluster.leader();
    for (const other of others(leader)) cluster.network.separate(`node ${leader}`, `node ${other}`);
    const read = { case: "get", value: { key: text("key-0") } } as const;
    const write = { case: "put", value: { key: text("key-0"), value: text("late") } } as const;
    client.send({ session: 0, sequence: 7, op: read });
    client.send({ session: client.session, sequence: 99, op: write });
    cluster.run(50);
    expect(client.received()).toEqual([]);
    cluster.run(2_000);
    const statuses = client.received().map(({ status }) => status);
    expect(statuses.toSorted()).toEqual(["notLeader", "unavailable"]);
    expect(cluster.node(leader).running.status().role).not.toBe("leader");
    const next = cluster
      .running()
      .map(({ running }) => running.status())
      .find(({ role }) => role === "leader");
    expect(others(leader)).toContain(next?.nodeId);
    cluster.network.heal();
    cluster.converge();
  });

  test("a follower names the leader and its address", () => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    const client = cluster.client();
    client.connect(others(leader)[0]);
    const op = { case: "get", value: { key: text("a") } } as const;
    expect(client.request({ session: 0, sequence: 1, op })).toMatchObject({
      status: "notLeader",
      leader,
      leaderAddress: addressOf(leader).clientAddress,
    });
  });
});

describe("sessions", () => {
  test("a write that is sent again is applied once and gets the first answer", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    client.openSession();
    const append = {
      session: client.session,
      sequence: 1,
      op: { case: "append", value: { key: text("log"), value: text("x") } },
    } as const;
    const first = client.request(append);
    expect(client.request(append)).toEqual(first);
    // Both copies may also be under way at once.
    const second = { ...append, sequence: 2 };
    client.send(second);
    client.send(second);
    cluster.until("two answers", () => client.received().length === 2);
    expect(client.received()[0]).toEqual(client.received()[1]);
    const reader = connected(cluster);
    expect(reader.get("log")).toBe("xx");
  });

  test("a write acknowledged by a leader that died is answered alike by the next one", () => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    const leader = cluster.leader();
    const first = client.write({
      case: "compareAndSwap",
      value: { key: text("a"), expected: undefined, value: text("1") },
    });
    cluster.crash(leader);
    client.connect(cluster.leader());
    const again = client.request({
      session: client.session,
      sequence: client.sequence,
      op: {
        case: "compareAndSwap",
        value: { key: text("a"), expected: undefined, value: text("1") },
      },
    });
    expect(again).toEqual(first);
    expect(first.status).toBe("ok");
  });

  test.for([
    { why: "older than the last one", session: true, sequence: 1, status: "staleSequence" },
    {
      why: "of a session that was never opened",
      session: false,
      sequence: 1,
      status: "unknownSession",
    },
  ])("a write is refused: $why", ({ session, sequence, status }) => {
    const cluster = VirtualCluster.found(1);
    const client = connected(cluster);
    put(client, 3);
    const op = { case: "put", value: { key: text("a"), value: text("b") } } as const;
    expect(client.request({ session: session ? client.session : 12345, sequence, op }).status).toBe(
      status,
    );
  });

  test("a write is numbered from 1 on: 0 stands for the opening of the session", () => {
    const cluster = VirtualCluster.found(1);
    const client = connected(cluster);
    client.openSession();
    const op = { case: "put", value: { key: text("a"), value: text("b") } } as const;
    // Taken for a repetition of the opening it would be answered "ok" and not be done.
    expect(client.request({ session: client.session, sequence: 0, op }).status).toBe("malformed");
    expect(client.get("a")).toBeUndefined();
  });

  test("key and value have limits", () => {
    const cluster = VirtualCluster.found(1);
    const client = connected(cluster);
    client.openSession();
    const large = new Uint8Array(4097);
    const op = { case: "put", value: { key: large, value: text("") } } as const;
    expect(client.request({ session: client.session, sequence: 1, op }).status).toBe("malformed");
    expect(client.request({ session: 0, sequence: 1, op: undefined }).status).toBe("malformed");
  });
});

describe("leadership and members", () => {
  test("leadership goes to the node that was named", () => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    const [to] = others(leader);
    const order = cluster.node(leader).running;
    expect(cluster.outcome((done) => order.transferLeadership(to, done))).toEqual({ ok: true });
    expect(cluster.leader()).toBe(to);
    const late = cluster.outcome((done) => order.transferLeadership(to, done));
    expect(late).toMatchObject({ ok: false, code: "not_leader" });
  });

  test("leadership is not given to a node that is away", () => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    const [to] = others(leader);
    cluster.kill(to);
    const outcome = cluster.outcome((done) =>
      cluster.node(leader).running.transferLeadership(to, done),
    );
    expect(outcome).toMatchObject({ ok: false, code: "transfer_failed" });
  });

  test("a node joins as learner by a snapshot, becomes a voter, and another one leaves", () => {
    const cluster = VirtualCluster.found(3);
    put(connected(cluster), 30);
    cluster.start(4);
    const change = (leader: number, order: Parameters<typeof changeOn>[2]): Outcome =>
      changeOn(cluster, leader, order);
    let leader = cluster.leaderAmong([1, 2, 3]);
    expect(change(leader, { kind: "addLearner", member: addressOf(4) })).toMatchObject({
      ok: true,
    });
    cluster.converge();
    expect(cluster.node(4).running.status().role).toBe("learner");
    leader = cluster.leader();
    expect(change(leader, { kind: "addVoter", member: addressOf(4) })).toMatchObject({ ok: true });
    const [leaving] = others(leader);
    expect(change(leader, { kind: "remove", id: leaving })).toMatchObject({ ok: true });
    const term = cluster.node(leader).running.status().term;
    cluster.run(3_000);
    // The one that left may campaign for itself, but nobody's term moves.
    expect(cluster.node(leader).running.status()).toMatchObject({ term, role: "leader" });
    cluster.kill(leaving);
    put(connected(cluster), 5);
    cluster.converge();
    expect(
      cluster
        .node(4)
        .running.status()
        .members.map(({ id }) => id),
    ).not.toContain(leaving);
  });

  test("a leader that is removed steps down and the others go on", () => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    put(connected(cluster), 3);
    expect(changeOn(cluster, leader, { kind: "remove", id: leader })).toMatchObject({ ok: true });
    cluster.run(3_000);
    expect(cluster.node(leader).running.status().role).not.toBe("leader");
    cluster.kill(leader);
    const client = connected(cluster);
    expect(client.get("key-1")).toBe("1");
  });

  test("of two voters the leader is removed by the other one only", () => {
    const cluster = VirtualCluster.found(2);
    const leader = cluster.leader();
    const other = 3 - leader;
    const change = { kind: "remove", id: leader } as const;
    const joint = { kind: "joint", changes: [change] } as const;
    for (const each of [change, joint])
      expect(changeOn(cluster, leader, each)).toMatchObject({
        ok: false,
        code: "leads_one_of_two",
      });
    cluster.outcome((done) => cluster.node(leader).running.transferLeadership(other, done));
    cluster.until("the other leads", () => cluster.leader() === other);
    expect(changeOn(cluster, other, change)).toMatchObject({ ok: true });
    expect(cluster.leaderAmong([other])).toBe(other);
  });

  test.for([
    { why: "the last voter", change: { kind: "remove", id: 1 }, code: "last_voter" },
    { why: "nobody", change: { kind: "remove", id: 9 }, code: "no_member" },
    {
      why: "a voter again",
      change: { kind: "addVoter", member: addressOf(1) },
      code: "already_voter",
    },
  ] as const)("a change of the members is refused: $why", ({ change, code }) => {
    const cluster = VirtualCluster.found(1);
    cluster.leader();
    expect(changeOn(cluster, 1, change)).toMatchObject({ ok: false, code });
  });
});

function changeOn(
  cluster: VirtualCluster,
  leader: number,
  change: Parameters<
    NonNullable<ReturnType<VirtualCluster["node"]>["replica"]>["changeMembership"]
  >[0],
): Outcome {
  return cluster.outcome((done) => cluster.node(leader).running.changeMembership(change, done));
}

describe("snapshots", () => {
  test("a snapshot drops the log, and a restart goes on from it", () => {
    const cluster = VirtualCluster.found(1);
    const client = connected(cluster);
    put(client, 50);
    const before = cluster.node(1).running.status();
    const outcome = cluster.outcome((done) => cluster.node(1).running.takeSnapshot(done));
    expect(outcome).toEqual({ ok: true, index: before.applied });
    const files = [...cluster.node(1).disk.files.keys()].sort();
    expect(files).toHaveLength(3);
    expect(cluster.node(1).running.status().snapshotIndex).toBe(before.applied);
    put(client, 3);
    cluster.crash(1);
    cluster.start(1);
    const again = connected(cluster);
    expect(again.get("key-49")).toBe("49");
    expect(again.session).toBe(0);
    // Sessions are in the snapshot too: the last write is still known.
    const op = { case: "put", value: { key: text("key-2"), value: text("2") } } as const;
    const { session, sequence } = client;
    expect(again.request({ session, sequence, op }).status).toBe("ok");
    expect(again.request({ session, sequence: sequence - 1, op }).status).toBe("staleSequence");
  });

  test("a snapshot is taken by itself after so many entries", () => {
    const cluster = VirtualCluster.found(3, 1, { snapshotEvery: 20 });
    // To ten keys: a larger state has fewer of them.
    for (let round = 0; round < 10; round++) put(connected(cluster), 10);
    for (const { running } of cluster.running())
      expect(running.status().snapshotIndex).toBeGreaterThan(80);
    cluster.converge();
  });

  test.for([1, 2, 3, 4, 5, 6])(
    "a follower far behind gets it in chunks although connections break (seed %i)",
    (seed) => {
      const cluster = VirtualCluster.found(3, seed);
      const leader = cluster.leader();
      const [away] = others(leader);
      cluster.kill(away);
      const client = connected(cluster);
      put(client, 8, 200_000);
      for (const id of others(away))
        cluster.outcome((done) => cluster.node(id).running.takeSnapshot(done));
      cluster.start(away);
      for (let round = 0; round < 8; round++) {
        cluster.run(5 + cluster.chance.below(40));
        cluster.network.separate(`node ${leader}`, `node ${away}`);
        cluster.run(20);
        cluster.network.heal();
        if (round === 4) {
          // Half of it is there; the power goes, what was not synced is spoilt.
          cluster.crash(away);
          cluster.start(away);
        }
      }
      cluster.converge();
      expect(cluster.node(away).running.status().snapshotIndex).toBeGreaterThan(1);
      const parts = [...cluster.node(away).disk.files.keys()].filter((name) =>
        name.endsWith(".part"),
      );
      expect(parts).toEqual([]);
      cluster.kill(away);
      expect(cluster.start(away)).toEqual({ started: true });
      cluster.converge();
    },
  );
});

describe("activation", () => {
  test.for([
    { why: "an older version", version: READABLE.min - 1, code: "already_active" },
    { why: "one is skipped", version: READABLE.min + 2, code: "version_skipped" },
  ])("a version is refused: $why", ({ version, code }) => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    cluster.run(2_000);
    const outcome = cluster.outcome((done) => cluster.node(leader).running.activate(version, done));
    expect(outcome).toMatchObject({ ok: false, code });
    const follower = cluster.node(others(leader)[0]).running;
    expect(cluster.outcome((done) => follower.activate(version, done))).toMatchObject({
      code: "not_leader",
    });
  });

  test("the active version may be activated again, which changes nothing", () => {
    const cluster = VirtualCluster.found(3);
    const leader = cluster.leader();
    cluster.run(1_500);
    const before = cluster.node(leader).running.status().digest.value;
    const outcome = cluster.outcome((done) =>
      cluster.node(leader).running.activate(READABLE.min, done),
    );
    expect(outcome.ok).toBe(true);
    cluster.converge();
    expect(cluster.node(leader).running.status()).toMatchObject({
      activeVersion: READABLE.min,
      digest: { value: before },
    });
  });
});

describe("status", () => {
  test("each node hears of the others every second, and a row ages when one is gone", () => {
    const cluster = VirtualCluster.found(3);
    cluster.leader();
    cluster.run(3_000);
    const rows = cluster.node(1).running.status().peers;
    expect(rows.map(({ id, connected: isConnected }) => [id, isConnected])).toEqual([
      [2, true],
      [3, true],
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ negotiated: READABLE.max, release: "tree", incarnation: 1 });
      expect(row.ageMs).toBeLessThanOrEqual(1_100);
    }
    const sequence = rows[0]?.sequence ?? 0;
    cluster.kill(2);
    cluster.run(5_000);
    const [gone] = cluster.node(1).running.status().peers;
    expect(gone).toMatchObject({ id: 2, connected: false });
    expect(gone?.ageMs).toBeGreaterThan(4_000);
    cluster.start(2);
    cluster.run(3_000);
    const [back] = cluster.node(1).running.status().peers;
    expect(back).toMatchObject({ id: 2, connected: true, incarnation: 2 });
    expect(back?.ageMs).toBeLessThan(1_100);
    expect(sequence).toBeGreaterThan(0);
  });
});

describe("misdirected frames", () => {
  const hello = writeHello({ range: READABLE, release: "x", role: "peer" });
  // A term far ahead: whoever took it would step down.
  const order = wireProtocol.encode(TimeoutNow, READABLE.min, { term: 999 }).bytes;
  const header = {
    kind: FrameKind.hello as number,
    flags: 0,
    wireVersion: 0,
    clusterId: CLUSTER_ID,
    sender: 9,
    addressee: 1,
    incarnation: 1,
  };
  const orderHeader = { ...header, kind: FrameKind.timeoutNow, wireVersion: READABLE.min };
  test.for([
    { reason: "foreign_cluster", frames: [[{ ...header, clusterId: "ff".repeat(16) }, hello]] },
    { reason: "wrong_addressee", frames: [[{ ...header, addressee: 5 }, hello]] },
    { reason: "own_id", frames: [[{ ...header, sender: 1 }, hello]] },
    { reason: "no_hello", frames: [[orderHeader, order]] },
    { reason: "stale_incarnation", frames: [[{ ...header, sender: 2, incarnation: 0 }, hello]] },
    {
      reason: "unknown_sender",
      frames: [
        [header, hello],
        [orderHeader, order],
      ],
    },
    {
      reason: "wrong_sender",
      frames: [
        [header, hello],
        [{ ...orderHeader, sender: 2 }, order],
      ],
    },
    {
      reason: "unknown_kind",
      frames: [
        [header, hello],
        [{ ...orderHeader, kind: 700 }, order],
      ],
    },
    {
      reason: "unsupported_version",
      frames: [
        [header, hello],
        [{ ...orderHeader, wireVersion: 99 }, order],
      ],
    },
    {
      reason: "decode_error",
      frames: [
        [{ ...header, sender: 2 }, hello],
        [{ ...orderHeader, sender: 2 }, text("junk")],
      ],
    },
  ] as const)("$reason: counted, closed, and the cluster goes on", ({ reason, frames }) => {
    const cluster = VirtualCluster.found(3);
    const client = connected(cluster);
    cluster.run(1_500);
    const { term } = cluster.node(1).running.status();
    const before = cluster.node(1).counts.get(`wirespan_frames_refused_total{${reason}}`) ?? 0;
    let isClosed = false;
    const link = cluster.network.attach(
      "stranger",
      {
        onAccept: () => {},
        onOpen: () => {
          for (const [head, body] of frames) link.send(connection, writeFrame(head, body));
        },
        onBytes: () => {},
        onClose: () => {
          isClosed = true;
        },
      },
      [],
    );
    const connection = link.dial(addressOf(1).peerAddress);
    cluster.run(500);
    expect(isClosed).toBe(true);
    expect(cluster.node(1).counts.get(`wirespan_frames_refused_total{${reason}}`)).toBe(before + 1);
    expect(cluster.node(1).running.status().term).toBe(term);
    put(client, 1);
  });
});
