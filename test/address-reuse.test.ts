/**
 * A new node at the address of one that left, while the others still try to reach the old one (law 3; in
 * the wild a whole cluster died of it). On real processes and sockets, also with frozen releases among them.
 */
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Client, createClient } from "../raft/client/index.ts";
import { CLUSTER_ID, eventually, LiveCluster, type LiveNode } from "./support/live-cluster.ts";

const GONE = 5;
const NEW = 9;

let cluster: LiveCluster | undefined;
let client: Client | undefined;
afterEach(async () => {
  await client?.close();
  await cluster?.close();
  cluster = undefined;
  client = undefined;
});

/** Sum of a counter over its labels, or of those that name `reason`. */
async function counted(node: LiveNode, name: string, reason = ""): Promise<number> {
  const lines = (await node.metrics()).split("\n");
  const own = lines.filter((line) => line.startsWith(`${name}{`) && line.includes(reason));
  return own.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

function bundleOf(live: LiveCluster, release: string): string {
  return release === "tree"
    ? join(live.folder, "node.mjs")
    : resolve(`fixtures/releases/${release}/node.mjs`);
}

async function clientOf(live: LiveCluster, release: string): Promise<Client> {
  if (release === "tree") return live.connect(20_000);
  const file = resolve(`fixtures/releases/${release}/client.mjs`);
  const module = (await import(file)) as { createClient: typeof createClient };
  const addresses = live.configurations.map(({ client: address }) => String(address));
  return module.createClient({ addresses, clusterId: CLUSTER_ID, timeoutMs: 20_000 });
}

async function post(live: LiveCluster, path: string, body: unknown): Promise<void> {
  await eventually(`${path} ${JSON.stringify(body)}`, async () => {
    const answer = await live.node(await live.leader()).post(path, body);
    return answer.ok || undefined;
  });
}

/** Five nodes of the older release, of which 1 and 2 are then of the newer one. */
async function mixed(older: string, newer: string): Promise<LiveCluster> {
  const live = await LiveCluster.make(5);
  cluster = live;
  await Promise.all([1, 2, 3, 4, 5].map((id) => live.start(id, {}, bundleOf(live, older))));
  client = await clientOf(live, older);
  expect((await client.put("a", "0")).kind).toBe("done");
  if (older === newer) return live;
  const { range } = await live.node(1).status();
  await post(live, "/activate", { version: range.max });
  for (const id of [1, 2]) {
    // What is stored at the old version would keep the next release out.
    await eventually(
      "a snapshot",
      async () => (await live.node(id).post("/snapshot")).ok || undefined,
    );
    expect((await live.node(id).end("SIGTERM")).code).toBe(0);
    live.nodes.delete(id);
    const node = await live.start(id, {}, bundleOf(live, newer));
    expect(await node.ready, node.stderr).toBe(true);
  }
  expect(await client.put("a", "1")).toMatchObject({ kind: "done" });
  return live;
}

/** Whom the leader is not: it goes away. */
async function kill(live: LiveCluster, id: number): Promise<void> {
  if ((await live.leader()) === id) await post(live, "/transfer", { to: 1 });
  await live.node(id).end("SIGKILL");
  live.nodes.delete(id);
}

test.for([
  { older: "tree", newer: "tree", joins: "tree" },
  { older: "r3", newer: "tree", joins: "tree" },
  { older: "r3", newer: "tree", joins: "r3" },
  { older: "r2", newer: "r3", joins: "r3" },
])("$older and $newer: a new node of $joins at the address of a removed one", async (row) => {
  const live = await mixed(row.older, row.newer);
  const put = async (value: string): Promise<void> => {
    expect(await client?.put("a", value)).toMatchObject({ kind: "done" });
  };
  await kill(live, GONE);
  // It comes before anybody was told, and is dialled as the old one by all of them.
  const dataDirectory = join(live.folder, `data-${NEW}`);
  const change = { nodeId: NEW, founders: [], join: true, dataDirectory };
  const fresh = await live.start(GONE, change, bundleOf(live, row.joins));
  live.nodes.delete(GONE);
  await eventually("the new node to be taken for the old one", async () => {
    const times = await counted(fresh, "wirespan_frames_refused_total", "wrong_addressee");
    return times >= 4 || undefined;
  });
  const others = [1, 2, 3, 4].map((id) => live.node(id));
  for (const node of others)
    await eventually("the others to see who answers there", async () => {
      return (
        (await counted(node, "wirespan_frames_refused_total", "wrong_sender")) > 0 || undefined
      );
    });
  await put("2");
  // One of them learns of the removal only when the new node is a member already.
  const lagging = (await live.leader()) === 3 ? 2 : 3;
  process.kill(live.node(lagging).pid, "SIGSTOP");
  const stopped = live.node(lagging);
  live.nodes.delete(lagging);
  try {
    await post(live, "/members", { kind: "remove", id: GONE });
    const member = {
      id: NEW,
      peerAddress: live.address(GONE, "peer"),
      clientAddress: live.address(GONE, "client"),
    };
    await post(live, "/members", { kind: "addLearner", member });
    live.nodes.set(NEW, fresh);
    await live.leader();
    await put("3");
  } finally {
    process.kill(stopped.pid, "SIGCONT");
  }
  live.nodes.set(lagging, stopped);
  const member = {
    id: NEW,
    peerAddress: live.address(GONE, "peer"),
    clientAddress: live.address(GONE, "client"),
  };
  await post(live, "/members", { kind: "addVoter", member });
  await put("4");
  await eventually("the same state on all members", async () => {
    const rows = await Promise.all([...live.nodes.values()].map((node) => node.status()));
    const states = new Set(rows.map(({ digest }) => `${digest.index} ${digest.value}`));
    const members = new Set(rows.map((status) => status.members.map(({ id }) => id).join()));
    return (states.size === 1 && [...members].join() === `1,2,3,4,${NEW}`) || undefined;
  });
  // The new node counts: without it three of five would be no majority any more.
  await kill(live, lagging);
  await kill(live, 4);
  await put("5");
  for (const node of live.nodes.values()) expect((await node.status()).applied).toBeGreaterThan(0);
});
