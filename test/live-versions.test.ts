/** What later wire versions bring, on real processes: each works only once its version is active. */
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
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

/** The members report themselves every second, and none may be missing. */
async function activate(live: LiveCluster, version: number): Promise<void> {
  await eventually(`wire version ${version}`, async () => {
    const leader = await live.leader();
    const answer = await live.node(leader).post("/activate", { version });
    return answer.ok || undefined;
  });
}

test("two members change at once, through a joint phase that ends by itself", async () => {
  const live = await run(3);
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  const leader = await live.leader();
  const removed = [1, 2, 3].find((id) => id !== leader) ?? 0;
  const member = {
    id: 4,
    peerAddress: live.address(removed, "peer"),
    clientAddress: live.address(removed, "client"),
  };
  await live.node(removed).end("SIGKILL");
  live.nodes.delete(removed);
  const dataDirectory = join(live.folder, "data-4");
  await live.start(removed, { nodeId: 4, founders: [], join: true, dataDirectory });
  const changes = [
    { kind: "remove", id: removed },
    { kind: "addVoter", member },
  ];
  expect(await live.node(leader).post("/members", { kind: "joint", changes })).toMatchObject({
    ok: true,
  });
  await eventually("the joint phase to end everywhere", async () => {
    const rows = await Promise.all([...live.nodes.values()].map((node) => node.status()));
    const ids = rows.map(({ members }) =>
      members
        .map(({ id }) => id)
        .sort()
        .join(),
    );
    const wanted = [1, 2, 3, 4].filter((id) => id !== removed).join();
    return ids.every((seen) => seen === wanted) || undefined;
  });
  expect((await client.put("a", "2")).kind).toBe("done");
});

test("a session is ended only once version 4 is active", async () => {
  const live = await run(1);
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  expect(await client.endSession()).toMatchObject({ kind: "failed", code: "malformed" });
  await activate(live, 4);
  expect(await client.endSession()).toMatchObject({ kind: "done", value: true });
  expect((await client.put("a", "2")).kind).toBe("done");
});

test("a leader that is told to stop hands over first", async () => {
  const live = await run(3);
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  await activate(live, 4);
  const leader = await live.leader();
  const { term } = await live.node(leader).status();
  expect((await live.node(leader).end("SIGTERM")).code).toBe(0);
  live.nodes.delete(leader);
  await eventually("the next leader", async () => {
    const rows = await Promise.all([...live.nodes.values()].map((node) => node.status()));
    return rows.some((row) => row.role === "leader") || undefined;
  });
  const rows = await Promise.all([...live.nodes.values()].map((node) => node.status()));
  // One election, ordered by the old leader: nobody waited for a timeout and nobody tried twice.
  expect(Math.max(...rows.map((row) => row.term))).toBe(term + 1);
  expect((await client.put("a", "2")).kind).toBe("done");
});

test("reads by lease are answered when version and operator allow them", async () => {
  const live = await run(3, () => ({ readLease: true }));
  const client = live.connect(10_000);
  expect((await client.put("a", "1")).kind).toBe("done");
  await activate(live, 4);
  for (let turn = 0; turn < 20; turn++) {
    expect((await client.put("a", `${turn}`)).kind).toBe("done");
    const outcome = await client.get("a");
    expect(outcome.kind === "done" && new TextDecoder().decode(outcome.value)).toBe(`${turn}`);
  }
});
