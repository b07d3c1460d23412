/**
 * Real node processes of the working tree on loopback, for tests. They run from the same bundle
 * that a release freezes, and end with this process, whatever happens to it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../raft/client/index.ts";
import type { ReplicaStatus } from "../../raft/replica/index.ts";
import { bundleRelease, type NodeExit, NodeProcess } from "../../release/index.ts";

export const CLUSTER_ID = "5f0c3a9e77d14b0ea6c2d1f08b3e4a75";

export interface AdminAnswer {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
}

export type Configuration = Readonly<Record<string, unknown>>;

export class LiveNode {
  readonly ended: Promise<NodeExit>;
  /** False: it ended instead. */
  readonly ready: Promise<boolean>;
  readonly #process: NodeProcess;
  readonly #admin: string;

  constructor(bundle: string, configurationFile: string, admin: string) {
    this.#admin = admin;
    this.#process = new NodeProcess(bundle, configurationFile);
    this.ended = this.#process.exited;
    this.ready = this.#process.ready;
  }

  get pid(): number {
    return this.#process.id ?? 0;
  }

  get stderr(): string {
    return this.#process.stderr;
  }

  /** What the process said last, which must be JSON when it refused. */
  lastLine(): { readonly code?: string; readonly message?: string } {
    return JSON.parse(this.stderr.trimEnd().split("\n").at(-1) ?? "{}");
  }

  async end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<NodeExit> {
    this.#process.kill(signal, "the test");
    return await this.ended;
  }

  async status(): Promise<ReplicaStatus> {
    return (await (await fetch(`http://${this.#admin}/status`)).json()) as ReplicaStatus;
  }

  async metrics(): Promise<string> {
    return await (await fetch(`http://${this.#admin}/metrics`)).text();
  }

  async post(path: string, body: unknown = {}): Promise<AdminAnswer> {
    const response = await fetch(`http://${this.#admin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as AdminAnswer;
  }
}

export class LiveCluster {
  readonly folder: string = mkdtempSync(join(tmpdir(), "wirespan-live-"));
  readonly configurations: Configuration[] = [];
  readonly nodes: Map<number, LiveNode> = new Map();
  readonly #clients: Client[] = [];

  /** Bundles the tree and writes configurations; `more` may add to each. Nothing runs yet. */
  static async make(
    size: number,
    more: (id: number, cluster: LiveCluster) => Configuration | Promise<Configuration> = () => ({}),
  ): Promise<LiveCluster> {
    const cluster = new LiveCluster();
    try {
      await bundleRelease({ release: "tree", into: cluster.folder, only: ["node.mjs"] });
      const founders = await Promise.all(
        Array.from({ length: size }, (_, place) => member(place + 1)),
      );
      for (const { id, peerAddress, clientAddress } of founders)
        cluster.configurations.push({
          clusterId: CLUSTER_ID,
          nodeId: id,
          dataDirectory: join(cluster.folder, `data-${id}`),
          peer: peerAddress,
          client: clientAddress,
          admin: await freeAddress(),
          founders,
          tickMs: 20,
          ...(await more(id, cluster)),
        });
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Starts a node of the tree, or of another bundle, and waits until it serves, or has ended. */
  async start(
    id: number,
    change: Configuration = {},
    bundle: string = join(this.folder, "node.mjs"),
  ): Promise<LiveNode> {
    const configuration = { ...this.configurations[id - 1], ...change };
    const file = join(this.folder, `node-${id}.json`);
    writeFileSync(file, JSON.stringify(configuration));
    const node = new LiveNode(bundle, file, String(configuration.admin));
    this.nodes.set(id, node);
    await node.ready;
    return node;
  }

  async startAll(): Promise<void> {
    await Promise.all(this.configurations.map((_, place) => this.start(place + 1)));
  }

  address(id: number, side: "peer" | "client" | "admin"): string {
    return String(this.configurations[id - 1]?.[side]);
  }

  node(id: number): LiveNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`node ${id} was never started`);
    return node;
  }

  connect(timeoutMs = 5_000): Client {
    const addresses = this.configurations.map(({ client }) => String(client));
    const client = createClient({ addresses, clusterId: CLUSTER_ID, timeoutMs });
    this.#clients.push(client);
    return client;
  }

  /** The node that leads, once all running nodes agree on it. */
  async leader(): Promise<number> {
    return await eventually("a leader that all agree on", async () => {
      const rows = await Promise.all([...this.nodes.values()].map((node) => statusOf(node)));
      const leaders = new Set(rows.flatMap((row) => (row ? [row.leader] : [])));
      const [leader = 0] = leaders;
      const leads = rows.some((row) => row?.nodeId === leader && row.role === "leader");
      return leaders.size === 1 && leads ? leader : undefined;
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all([...this.nodes.values()].map((node) => node.end("SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Repeats `attempt` until it gives a value; what it throws counts as not yet. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let problem: unknown = "";
  while (performance.now() < deadline) {
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      problem = error;
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error(`${what} did not come within ${timeoutMs} ms ${problem}`);
}

/** A loopback address that was free a moment ago. */
async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
}

async function member(
  id: number,
): Promise<{ id: number; peerAddress: string; clientAddress: string }> {
  return { id, peerAddress: await freeAddress(), clientAddress: await freeAddress() };
}

async function statusOf(node: LiveNode): Promise<ReplicaStatus | undefined> {
  try {
    return await node.status();
  } catch {
    return undefined;
  }
}
