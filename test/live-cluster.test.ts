/** Three real processes on loopback: what a user of the cluster sees while its nodes die, return and move. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Client } from "../raft/client/index.ts";
import { Authority } from "../raft/server/testing/certificates.ts";
import { eventually, LiveCluster } from "./support/live-cluster.ts";

let cluster: LiveCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function run(...options: Parameters<typeof LiveCluster.make>): Promise<LiveCluster> {
  cluster = await LiveCluster.make(...options);
  await cluster.startAll();
  return cluster;
}

/** Writes until it is told to stop, and remembers what was acknowledged. */
class Writer {
  readonly acknowledged: string[] = [];
  readonly unknown: string[] = [];
  readonly #client: Client;
  readonly #done: Promise<void>;
  #isStopped = false;

  constructor(client: Client) {
    this.#client = client;
    this.#done = this.#write();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #write(): Promise<void> {
    for (let count = 0; !this.#isStopped; count++) {
      const outcome = await this.#client.append("all", `${count},`);
      if (outcome.kind === "done") this.acknowledged.push(`${count}`);
      if (outcome.kind === "unknown") this.unknown.push(`${count}`);
    }
  }
}

async function read(client: Client, key: string): Promise<string> {
  return await eventually(`a value of ${key}`, async () => {
    const outcome = await client.get(key);
    return outcome.kind === "done" ? new TextDecoder().decode(outcome.value) : undefined;
  });
}

/** Same applied index on all nodes, same digest at it. */
async function agree(live: LiveCluster): Promise<void> {
  await eventually("equal digests", async () => {
    const rows = await Promise.all([...live.nodes.values()].map((node) => node.status()));
    const places = new Set(rows.map(({ digest }) => `${digest.index} ${digest.value}`));
    return places.size === 1 || undefined;
  });
}

test("kill -9 of the leader loses nothing acknowledged and applies nothing twice", async () => {
  const live = await run(3);
  const leader = await live.leader();
  const writer = new Writer(live.connect(10_000));
  await eventually("some writes", async () => writer.acknowledged.length > 20 || undefined);
  await live.node(leader).end("SIGKILL");
  const before = writer.acknowledged.length;
  await eventually(
    "writes under the next leader",
    async () => writer.acknowledged.length > before + 20 || undefined,
  );
  await live.start(leader);
  await eventually("the killed node to catch up", async () => {
    const [back, ...others] = await Promise.all(
      [leader, ...[1, 2, 3].filter((id) => id !== leader)].map((id) => live.node(id).status()),
    );
    return (
      (back && back.incarnation === 2 && back.applied >= (others[0]?.commit ?? 0) - 50) || undefined
    );
  });
  await writer.stop();
  const written = (await read(live.connect(), "all")).split(",").slice(0, -1);
  expect(new Set(written).size).toBe(written.length);
  expect(writer.acknowledged.filter((each) => !written.includes(each))).toEqual([]);
  expect(
    written.filter((each) => ![...writer.acknowledged, ...writer.unknown].includes(each)),
  ).toEqual([]);
  await agree(live);
});

test("all nodes killed at once come back with everything that was acknowledged", async () => {
  const live = await run(3);
  const client = live.connect(10_000);
  for (let count = 0; count < 20; count++)
    expect((await client.put(`key-${count}`, `${count}`)).kind).toBe("done");
  await Promise.all([1, 2, 3].map((id) => live.node(id).end("SIGKILL")));
  await live.startAll();
  for (let count = 0; count < 20; count++)
    expect(await read(client, `key-${count}`)).toBe(`${count}`);
  await agree(live);
});

test("a snapshot drops the log, and a follower that was away longer gets it in chunks", async () => {
  const live = await run(3);
  const leader = await live.leader();
  const away = leader === 1 ? 2 : 1;
  await live.node(away).end("SIGKILL");
  const client = live.connect(10_000);
  const large = "x".repeat(100_000);
  for (let count = 0; count < 10; count++)
    expect((await client.put(`key-${count}`, large)).kind).toBe("done");
  for (const id of [1, 2, 3].filter((each) => each !== away))
    expect(await live.node(id).post("/snapshot")).toMatchObject({ ok: true });
  const folder = join(live.folder, `data-${leader}`, "snapshot");
  expect(readdirSync(folder).filter((name) => name.endsWith(".snap"))).toHaveLength(1);
  const back = await live.start(away);
  await eventually(
    "the snapshot to arrive",
    async () => (await back.status()).snapshotIndex > 0 || undefined,
  );
  await agree(live);
});

test("a snapshot is taken by itself after the configured number of entries", async () => {
  const live = await run(1, () => ({ snapshotEvery: 20 }));
  const client = live.connect(10_000);
  for (let count = 0; count < 50; count++) await client.put("a", `${count}`);
  await eventually(
    "a snapshot",
    async () => (await live.node(1).status()).snapshotIndex >= 20 || undefined,
  );
  expect(await read(client, "a")).toBe("49");
});

test("leadership is transferred to the node that was named", async () => {
  const live = await run(3);
  const leader = await live.leader();
  const to = (leader % 3) + 1;
  expect(await live.node(leader).post("/transfer", { to })).toMatchObject({ ok: true });
  await eventually("the new leader", async () => (await live.leader()) === to || undefined);
  expect((await live.connect().put("a", "1")).kind).toBe("done");
  expect(await live.node(leader).post("/transfer", { to: 99 })).toMatchObject({ ok: false });
});

test("a member is removed and another one joins with a snapshot", async () => {
  const live = await run(3);
  const leader = await live.leader();
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  const removed = [1, 2, 3].find((id) => id !== leader) ?? 0;
  expect(await live.node(leader).post("/members", { kind: "remove", id: removed })).toMatchObject({
    ok: true,
  });
  await live.node(removed).end("SIGKILL");
  live.nodes.delete(removed);
  const member = {
    id: 4,
    peerAddress: live.address(removed, "peer"),
    clientAddress: live.address(removed, "client"),
  };
  const dataDirectory = join(live.folder, "data-4");
  const change = { nodeId: 4, founders: [], join: true, dataDirectory };
  await live.start(removed, change);
  expect(await live.node(leader).post("/members", { kind: "addVoter", member })).toMatchObject({
    ok: true,
  });
  await eventually("the new member to follow", async () => {
    const row = await live.node(removed).status();
    return (row.nodeId === 4 && row.leader === leader && row.members.length === 3) || undefined;
  });
  expect(await read(client, "a")).toBe("1");
  await agree(live);
});

test("members talk over mutual TLS, and one without a certificate stays outside", async () => {
  const [ours, theirs] = await Promise.all([Authority.create(), Authority.create()]);
  const live = await run(3, async (id, { folder }) => ({
    tls: await (id === 3 ? theirs : ours).issue({ folder, name: `node-${id}` }),
  }));
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  const leader = (await live.node(1).status()).leader;
  expect([1, 2]).toContain(leader);
  const row = await live.node(leader).status();
  expect(row.peers.find(({ id }) => id === 3)?.connected ?? false).toBe(false);
  expect(await live.node(leader).metrics()).toMatch(
    /wirespan_link_failures_total\{side="peer",reason="unknown_authority"\} [1-9]/,
  );
  // With a certificate of the right authority it comes in.
  await live.node(3).end("SIGTERM");
  await live.start(3, { tls: await ours.issue({ folder: live.folder, name: "node-3-new" }) });
  await agree(live);
});
