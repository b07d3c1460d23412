/** One node as a process: how it starts, refuses, stops and breaks, seen from outside. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Configuration, eventually, LiveCluster } from "./support/live-cluster.ts";

let cluster: LiveCluster;
beforeEach(async () => {
  cluster = await LiveCluster.make(1);
});
afterEach(async () => await cluster.close());

test("a node starts at once, serves, and is quiet when nobody asks", async () => {
  const started = performance.now();
  const node = await cluster.start(1);
  const startMs = performance.now() - started;
  const client = cluster.connect();
  expect((await client.put("a", "1")).kind).toBe("done");
  const before = cpuTicks(node.pid);
  await new Promise((wake) => setTimeout(wake, 1_000));
  const usedMs = (cpuTicks(node.pid) - before) * 10;
  // Generous, because this machine may be busy; both are far lower on a quiet one.
  expect(startMs).toBeLessThan(3_000);
  expect(usedMs).toBeLessThan(300);
});

test.for(["SIGTERM", "SIGINT"] as const)(
  "%s stops a node in order, with code 0 and no lock left",
  async (signal) => {
    const node = await cluster.start(1);
    const client = cluster.connect();
    const written = await client.put("a", "1");
    expect(await node.end(signal)).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(join(cluster.folder, "data-1"))).not.toContain("lock");
    await cluster.start(1);
    expect(await client.get("a")).toMatchObject({
      kind: "done",
      value: new TextEncoder().encode("1"),
    });
    expect(written.kind).toBe("done");
  },
);

test("POST /stop answers first, then stops", async () => {
  const node = await cluster.start(1);
  expect(await node.post("/stop")).toEqual({ ok: true });
  expect(await node.ended).toMatchObject({ code: 0, signal: null });
});

test("a second process on the same directory is refused and harms nothing", async () => {
  await cluster.start(1);
  const first = cluster.node(1);
  const other = { peer: "127.0.0.1:0", client: "127.0.0.1:0", admin: "127.0.0.1:0" };
  const second = await cluster.start(1, other);
  expect(await second.ended).toMatchObject({ code: 1, signal: null });
  expect(second.lastLine()).toMatchObject({ code: "directory_in_use" });
  expect((await first.status()).incarnation).toBe(1);
  await first.end("SIGKILL");
});

test("a killed node leaves a lock that does not lock out the next one", async () => {
  const killed = await cluster.start(1);
  expect((await cluster.connect().put("a", "1")).kind).toBe("done");
  await killed.end("SIGKILL");
  expect(readdirSync(join(cluster.folder, "data-1"))).toContain("lock");
  const node = await cluster.start(1);
  await eventually(
    "a second incarnation",
    async () => (await node.status()).incarnation === 2 || undefined,
  );
});

test.for<{ why: string; change: Configuration; code: string; text: string }>([
  { why: "an unknown key", change: { reedLease: 1 }, code: "bad_configuration", text: "reedLease" },
  {
    why: "an address that is no one's here",
    change: { peer: "203.0.113.1:1" },
    code: "cannot_listen",
    text: "peer 203.0.113.1:1",
  },
  {
    why: "a certificate that is not there",
    change: { tls: { key: "k", certificate: "c", authority: "a" } },
    code: "bad_certificate",
    text: "ENOENT",
  },
  {
    why: "a data directory where nothing can be written",
    change: { dataDirectory: "/sys/kernel" },
    code: "directory_unusable",
    text: "Cannot open the data directory: E",
  },
])("refused with code 1 and a last line of JSON: $why", async ({ change, code, text }) => {
  const node = await cluster.start(1, change);
  expect(await node.ended).toMatchObject({ code: 1, signal: null });
  expect(node.lastLine()).toMatchObject({ code, message: expect.stringContaining(text) });
});

test("a directory of another cluster is refused and left as it was, byte for byte", async () => {
  await (await cluster.start(1)).end("SIGTERM");
  const before = everyFile(join(cluster.folder, "data-1"));
  const node = await cluster.start(1, { clusterId: `${"00".repeat(15)}01` });
  expect(await node.ended).toMatchObject({ code: 1, signal: null });
  expect(node.lastLine().message).toContain("cluster");
  expect(everyFile(join(cluster.folder, "data-1"))).toEqual(before);
});

test("a disk that fails ends the node with 70 instead of a promise it can not keep", async () => {
  await (await cluster.start(1)).end("SIGTERM");
  // Where the next manifest would be written stands a folder, so it can not be replaced any more.
  mkdirSync(join(cluster.folder, "data-1", "manifest.json.tmp"));
  const broken = await cluster.start(1);
  expect(await broken.ended).toMatchObject({ code: 70, signal: null });
  expect(broken.lastLine().message).toContain("manifest.json");
});

test("wrong usage ends with 2 and says how it is meant", () => {
  const bundle = join(cluster.folder, "node.mjs");
  for (const args of [[], ["--config"], ["--help"], ["--config", "a", "b"]]) {
    const { status, stderr } = spawnSync(process.execPath, [bundle, ...args], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, "usage: node.mjs --config FILE\n"]);
  }
});

test("frames are captured when asked for", async () => {
  const file = join(cluster.folder, "frames");
  const node = await cluster.start(1, { capture: { file, bytesMax: 1_000_000 } });
  expect((await cluster.connect().put("a", "1")).kind).toBe("done");
  await node.end("SIGTERM");
  const captured = readFileSync(file);
  expect(captured.toString("latin1", 0, 4)).toBe("WSC1");
  // Hello, session, put: each with the magic of a frame.
  expect(captured.toString("latin1").split("WSF1").length - 1).toBeGreaterThanOrEqual(3);
});

function everyFile(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name)).toString("hex")]),
  );
}

/** User and system time of a process so far, in ticks of 10 ms. */
function cpuTicks(pid: number): number {
  if (process.platform !== "linux") return 0;
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
