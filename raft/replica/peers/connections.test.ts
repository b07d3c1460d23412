/** Strangers, half-open connections and floods: each costs its own connection and nothing else. */
import { describe, expect, test } from "vitest";
import { addressOf, CLUSTER_ID, VirtualCluster } from "../../../sim/world/index.ts";
import {
  type FrameHeader,
  FrameKind,
  writeFrame,
  writeHello,
  writeWelcome,
} from "../../wire/index.ts";
import type { Link } from "../ports.ts";
import { READABLE } from "../stored.ts";

/** Something on the network that is no replica; it notes which of its connections were closed. */
class Stranger {
  readonly closed: number[] = [];
  readonly accepted: number[] = [];
  readonly link: Link;
  onOpen: (connection: number) => void = () => {};
  onBytes: (connection: number) => void = () => {};

  constructor(cluster: VirtualCluster, addresses: readonly string[] = []) {
    const endpoint = {
      onAccept: (connection: number) => void this.accepted.push(connection),
      onOpen: (connection: number) => this.onOpen(connection),
      onBytes: (connection: number) => this.onBytes(connection),
      onClose: (connection: number) => void this.closed.push(connection),
    };
    this.link = cluster.network.attach("stranger", endpoint, addresses);
  }

  say(connection: number, header: Partial<FrameHeader>, body: Uint8Array): void {
    const whole: FrameHeader = {
      kind: FrameKind.hello,
      flags: 0,
      wireVersion: 0,
      clusterId: CLUSTER_ID,
      sender: 4,
      addressee: 0,
      incarnation: 1,
      ...header,
    };
    this.link.send(connection, writeFrame(whole, body));
  }
}

function refused(cluster: VirtualCluster, id: number, reason: string): number {
  return cluster.node(id).counts.get(`wirespan_frames_refused_total{${reason}}`) ?? 0;
}

const HELLO = writeHello({ range: READABLE, release: "x", role: "peer" });

describe("a connection without a greeting", () => {
  test.for(["peerAddress", "clientAddress"] as const)("is closed after a while: %s", (side) => {
    const cluster = VirtualCluster.found(1);
    const stranger = new Stranger(cluster);
    const connection = stranger.link.dial(addressOf(1)[side]);
    cluster.run(4_000);
    expect(stranger.closed).toEqual([]);
    cluster.run(2_000);
    expect(stranger.closed).toEqual([connection]);
    expect(refused(cluster, 1, "hello_timeout")).toBe(1);
  });

  test("also when its hello comes one byte at a time", () => {
    const cluster = VirtualCluster.found(1);
    const stranger = new Stranger(cluster);
    const connection = stranger.link.dial(addressOf(1).peerAddress);
    cluster.run(10);
    const header = { kind: FrameKind.hello, flags: 0, wireVersion: 0, clusterId: CLUSTER_ID };
    const [head] = writeFrame({ ...header, sender: 9, addressee: 1, incarnation: 1 }, HELLO);
    for (let place = 0; place < 60; place++) {
      stranger.link.send(connection, [head.subarray(place, place + 1)]);
      cluster.run(200);
    }
    expect(stranger.closed).toEqual([connection]);
  });

  test("can not announce a large frame, which a member may", () => {
    const cluster = VirtualCluster.found(1);
    const stranger = new Stranger(cluster);
    const connection = stranger.link.dial(addressOf(1).peerAddress);
    cluster.run(10);
    stranger.say(connection, {}, new Uint8Array(65_537));
    cluster.run(10);
    expect(stranger.closed).toEqual([connection]);
    expect(refused(cluster, 1, "body_too_long")).toBe(1);
  });

  test("a client with a hello may be silent for as long as it likes", () => {
    const cluster = VirtualCluster.found(1);
    const client = cluster.client();
    client.connect(cluster.leader());
    cluster.run(120_000);
    expect(client.isConnected).toBe(true);
    expect(client.put("a", "1").status).toBe("ok");
  });
});

describe("a member that is silent", () => {
  test.for([
    { why: "accepts and never answers", isWelcoming: false, reason: "hello_timeout" },
    { why: "answers the hello and says nothing more", isWelcoming: true, reason: "silent" },
  ])("$why: it is given up, and dialled again", ({ isWelcoming, reason }) => {
    const cluster = VirtualCluster.found(1);
    const deaf = new Stranger(cluster, [addressOf(4).peerAddress]);
    deaf.onBytes = (connection) => {
      if (!isWelcoming) return;
      deaf.onBytes = () => {};
      const welcome = writeWelcome({ range: READABLE, release: "x", agreed: READABLE.max });
      deaf.say(connection, { kind: FrameKind.welcome, addressee: 1 }, welcome);
    };
    const member = addressOf(4);
    const leader = cluster.leader();
    cluster.node(leader).running.changeMembership({ kind: "addLearner", member }, () => {});
    cluster.until("the dial", () => deaf.accepted.length > 0);
    // From here on whoever dials finds the member itself; the old connection stays as it is.
    expect(cluster.start(4)).toEqual({ started: true });
    cluster.until("the member takes part", () => {
      return cluster.node(4).running.status().applied === cluster.node(1).running.status().applied;
    });
    expect(deaf.closed.length).toBeGreaterThan(0);
    expect(refused(cluster, 1, reason)).toBe(1);
  });

  test("nobody is given up in a quiet cluster", () => {
    const cluster = VirtualCluster.found(3);
    cluster.run(120_000);
    for (const id of [1, 2, 3]) {
      expect(refused(cluster, id, "silent")).toBe(0);
      expect(refused(cluster, id, "hello_timeout")).toBe(0);
    }
  });
});

describe("floods", () => {
  test("thousands of connections without a word leave no trace, and the cluster goes on", () => {
    const cluster = VirtualCluster.found(3);
    const stranger = new Stranger(cluster);
    const leader = cluster.leader();
    for (let count = 0; count < 3_000; count++) stranger.link.dial(addressOf(leader).peerAddress);
    const client = cluster.client();
    client.connect(leader);
    for (let count = 0; count < 10; count++) expect(client.put("a", `${count}`).status).toBe("ok");
    cluster.run(6_000);
    expect(stranger.closed).toHaveLength(3_000);
    expect(cluster.node(leader).running.status().role).toBe("leader");
  });
});
