/**
 * A live node under bytes that no honest member or client sends: on the peer port, the client port
 * and the admin port. It must keep serving its client all the while, live on, and count each kind
 * under its own reason (law 2, law 3).
 */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../raft/client/index.ts";
import { readExposition } from "../raft/server/testing/exposition.ts";
import {
  ClientRequest,
  type FrameHeader,
  FrameKind,
  RELEASE,
  VoteRequest,
  wireProtocol,
  writeFrame,
  writeHello,
} from "../raft/wire/index.ts";
import { CLUSTER_ID, LiveCluster, type LiveNode } from "./support/live-cluster.ts";

let cluster: LiveCluster;
let node: LiveNode;
let client: Client;
let ports: Record<"peer" | "client" | "admin", number>;

beforeAll(async () => {
  cluster = await LiveCluster.make(1);
  node = await cluster.start(1);
  client = cluster.connect();
  const port = (side: "peer" | "client" | "admin"): number =>
    Number(cluster.address(1, side).split(":")[1]);
  ports = { peer: port("peer"), client: port("client"), admin: port("admin") };
  expect((await client.put("alive", "0")).kind).toBe("done");
});
afterAll(async () => await cluster?.close());

/** Sends bytes over a connection of their own and waits until the node, or we after a moment, close it. */
async function send(
  side: keyof typeof ports,
  parts: readonly Uint8Array[],
  lingerMs = 0,
): Promise<void> {
  await new Promise<void>((done) => {
    const socket = connect({ host: "127.0.0.1", port: ports[side] });
    socket.on("error", () => {});
    socket.on("close", () => done());
    socket.on("data", () => {});
    for (const part of parts) socket.write(part);
    socket.end();
    setTimeout(() => socket.destroy(), 500 + lingerMs).unref();
  });
}

/** At most this many connections at once, so that the test does not measure the machine's backlog. */
async function sendAll(
  side: keyof typeof ports,
  streams: readonly (readonly Uint8Array[])[],
): Promise<void> {
  for (let at = 0; at < streams.length; at += 32)
    await Promise.all(streams.slice(at, at + 32).map((parts) => send(side, parts)));
}

async function counted(): Promise<Map<string, number>> {
  return readExposition(await node.metrics());
}

/** By how much all samples rose whose name and labels contain these texts. */
function rise(before: Map<string, number>, after: Map<string, number>, ...texts: string[]): number {
  let sum = 0;
  for (const [name, value] of after)
    if (texts.every((text) => name.includes(text))) sum += value - (before.get(name) ?? 0);
  return sum;
}

async function stillServes(): Promise<void> {
  const value = `${Math.random()}`;
  expect(await client.put("alive", value)).toMatchObject({ kind: "done" });
  const read = await client.get("alive");
  expect(read.kind === "done" && new TextDecoder().decode(read.value)).toBe(value);
}

const HEADER: FrameHeader = {
  kind: FrameKind.hello,
  flags: 0,
  wireVersion: 0,
  clusterId: CLUSTER_ID,
  sender: 1_000_001,
  addressee: 1,
  incarnation: 1,
};

function frame(change: Partial<FrameHeader>, body: Uint8Array): Buffer {
  return Buffer.concat(writeFrame({ ...HEADER, ...change }, body));
}

const range = wireProtocol.range;
const hello = (change: Partial<FrameHeader> = {}, role: "peer" | "client" = "client"): Buffer =>
  frame(change, writeHello({ range, release: RELEASE, role }));
const request = (change: Partial<FrameHeader> = {}): Buffer => {
  const op = { case: "get", value: { key: Uint8Array.of(1) } } as const;
  const { bytes } = wireProtocol.encode(ClientRequest, range.min, { session: 0, sequence: 1, op });
  return frame({ kind: FrameKind.clientRequest, wireVersion: range.min, ...change }, bytes);
};
const vote = (change: Partial<FrameHeader> = {}): Buffer => {
  const value = {
    term: 99,
    candidate: 2,
    lastIndex: 99,
    lastTerm: 99,
    transfer: false,
    preVote: false,
  };
  const { bytes } = wireProtocol.encode(VoteRequest, range.min, value);
  return frame({ kind: FrameKind.voteRequest, wireVersion: range.min, ...change }, bytes);
};

const REFUSED = "wirespan_frames_refused_total";

test.for(["peer", "client"] as const)(
  "frames cut at every length do no harm on the %s port",
  async (side) => {
    const before = await counted();
    const first = hello();
    const whole = Buffer.concat([first, side === "client" ? request() : vote()]);
    const cuts = Array.from({ length: whole.length }, (_, length) => [whole.subarray(0, length)]);
    await sendAll(side, cuts);
    await stillServes();
    // All but the empty stream and, on the side that takes this hello, the one that ends behind it.
    const inFrame = side === "client" ? cuts.length - 2 : first.length - 1;
    expect(rise(before, await counted(), "wirespan_streams_cut_total")).toBe(inFrame);
  },
);

test.for(["peer", "client"] as const)(
  "frames with any bit flipped do no harm on the %s port, and are counted",
  async (side) => {
    const before = await counted();
    const whole = Buffer.concat([hello(), side === "client" ? request() : vote()]);
    const flipped = Array.from({ length: whole.length * 8 }, (_, bit) => {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return [bytes];
    });
    await sendAll(side, flipped);
    await stillServes();
    // Every single flip falls under one of the checksums or a check before it.
    expect(rise(before, await counted(), REFUSED)).toBeGreaterThanOrEqual(flipped.length);
  },
);

test("random bytes do no harm on any port", async () => {
  const before = await counted();
  let state = 12_345;
  const random = (length: number): Buffer =>
    Buffer.from(
      Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 24;
      }),
    );
  const streams = Array.from({ length: 60 }, (_, count) => [random(68 + count * 13)]);
  for (const side of ["peer", "client", "admin"] as const) await sendAll(side, streams);
  // A good hello does not make what follows it any better.
  await sendAll(
    "client",
    streams.map(([bytes]) => [hello(), bytes as Buffer]),
  );
  await stillServes();
  const after = await counted();
  expect(rise(before, after, REFUSED, "bad_magic")).toBeGreaterThanOrEqual(180);
  expect(rise(before, after, "wirespan_admin_refused_total", "malformed_request")).toBeGreaterThan(
    0,
  );
});

test.for<{ why: string; side: "peer" | "client"; parts: () => Buffer[]; reason: string }>([
  {
    why: "a hello of another cluster",
    side: "peer",
    parts: () => [hello({ clusterId: "ff".repeat(16) }, "peer")],
    reason: "foreign_cluster",
  },
  {
    why: "a frame of another cluster after a good hello",
    side: "client",
    parts: () => [hello(), request({ clusterId: "ff".repeat(16) })],
    reason: "foreign_cluster",
  },
  {
    why: "a hello for another node, whose address this was",
    side: "peer",
    parts: () => [hello({ addressee: 7 }, "peer")],
    reason: "wrong_addressee",
  },
  {
    why: "a request for another node",
    side: "client",
    parts: () => [hello(), request({ addressee: 7 })],
    reason: "wrong_addressee",
  },
  {
    why: "a vote of a node that is no member",
    side: "peer",
    parts: () => [hello({ sender: 9 }, "peer"), vote({ sender: 9 })],
    reason: "unknown_sender",
  },
  {
    why: "a message before the hello",
    side: "client",
    parts: () => [request()],
    reason: "hello",
  },
  {
    why: "a body that is no message",
    side: "client",
    parts: () => [
      hello(),
      frame({ kind: FrameKind.clientRequest, wireVersion: range.min }, Buffer.alloc(9, 0xc1)),
    ],
    reason: "decode",
  },
  {
    why: "a version that was not agreed",
    side: "client",
    parts: () => [hello(), request({ wireVersion: 77 })],
    reason: "version",
  },
  {
    why: "a kind that nobody knows",
    side: "client",
    parts: () => [hello(), frame({ kind: 999, wireVersion: range.min }, Buffer.alloc(4))],
    reason: "kind",
  },
  {
    why: "a flag that nobody knows",
    side: "client",
    parts: () => [hello({ flags: 4 })],
    reason: "unknown_flag",
  },
])("refused and counted: $why", async ({ side, parts, reason }) => {
  const before = await counted();
  await send(side, parts());
  await stillServes();
  expect(rise(before, await counted(), REFUSED, reason)).toBe(1);
});

test("an ignorable frame of an unknown kind is skipped, counted, and the connection goes on", async () => {
  const before = await counted();
  const unknown = frame({ kind: 999, flags: 1, wireVersion: range.min }, Buffer.alloc(4));
  await send("client", [hello(), unknown, request()]);
  await stillServes();
  expect(rise(before, await counted(), "ignor")).toBeGreaterThan(0);
  expect(rise(before, await counted(), REFUSED)).toBe(0);
});

test.for<{ path: string; init: RequestInit; status: number; code: string }>([
  { path: "/nothing", init: {}, status: 404, code: "unknown_route" },
  { path: "//", init: {}, status: 404, code: "unknown_route" },
  { path: "/status", init: { method: "DELETE" }, status: 405, code: "wrong_method" },
  { path: "/stop", init: {}, status: 405, code: "wrong_method" },
  { path: "/transfer", init: { method: "POST", body: "{" }, status: 400, code: "bad_json" },
  { path: "/transfer", init: { method: "POST", body: "[]" }, status: 400, code: "bad_body" },
  { path: "/transfer", init: { method: "POST", body: "null" }, status: 400, code: "bad_body" },
  { path: "/transfer", init: { method: "POST", body: '{"to":-1}' }, status: 400, code: "bad_body" },
  { path: "/activate", init: { method: "POST" }, status: 400, code: "bad_body" },
  { path: "/activate", init: { method: "POST", body: '{"version":9}' }, status: 409, code: "" },
  {
    path: "/members",
    init: { method: "POST", body: '{"kind":"addVoter","member":{"id":2}}' },
    status: 400,
    code: "bad_body",
  },
  {
    path: "/members",
    init: { method: "POST", body: '{"kind":"other"}' },
    status: 400,
    code: "bad_body",
  },
  {
    path: "/snapshot",
    init: { method: "POST", headers: { origin: "http://evil.test" } },
    status: 403,
    code: "foreign_origin",
  },
  {
    path: "/transfer",
    init: { method: "POST", body: "x".repeat(100_000) },
    status: 413,
    code: "body_too_long",
  },
  { path: "/digest", init: {}, status: 400, code: "bad_query" },
  { path: "/digest?index=999999999", init: {}, status: 404, code: "unknown_index" },
])(
  "the admin port answers $init.method $path with $status $code",
  async ({ path, init, status, code }) => {
    const response = await fetch(`http://${cluster.address(1, "admin")}${path}`, init);
    const answer = (await response.json()) as { ok: boolean; code: string; message: string };
    expect([response.status, answer.ok]).toEqual([status, false]);
    if (code) expect(answer.code).toBe(code);
    expect(answer.message).toMatch(/^Cannot /);
  },
);

test("the node lived through all of it, in one piece", async () => {
  await stillServes();
  const status = await node.status();
  expect([status.incarnation, status.role]).toEqual([1, "leader"]);
  expect(await Promise.race([node.ended, Promise.resolve("alive")])).toBe("alive");
});
