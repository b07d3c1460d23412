/** Three nodes of ours as processes, of one release or of several, and clients in processes of their own. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freeAddresses, type Release } from "../../release/index.ts";
import type { ClientReport } from "./client.ts";
import { cpuSeconds } from "./cpu.ts";
import { type BenchCluster, BenchImpossible, type Load, type Puts } from "./puts.ts";

export interface OurSide {
  /** What the nodes are started with. */
  readonly founding: Release;
  /** Activated before anything is measured. */
  readonly version: number;
  /** Replaces nodes 1, 2 … one after the other once the version is active. The last one replaced leads then. */
  readonly replacedBy?: readonly Release[];
  readonly clientProcesses: number;
  /** Flags for the processes of the nodes and of the clients, such as `--cpu-prof`. */
  readonly flags?: readonly string[];
}

const CLUSTER_ID = "00112233445566778899aabbccddeeff";
/** Ours hold the whole state, etcd's none of it, so a run has none of either. */
export const SNAPSHOT_EVERY = 100_000;
const TIMEOUT_MS = 20_000;
const IDS = [1, 2, 3] as const;

interface Status {
  readonly role: string;
  readonly activeVersion: number;
  readonly leader: number;
  readonly applied: number;
}

export class OurCluster implements BenchCluster {
  readonly #side: OurSide;
  readonly #folder: string = mkdtempSync(join(tmpdir(), "wirespan-bench-"));
  readonly #nodes: Map<number, ChildProcess> = new Map();
  readonly #addresses: readonly string[];

  static async start(side: OurSide): Promise<OurCluster> {
    const cluster = new OurCluster(side, await freeAddresses(9));
    try {
      for (const id of IDS) cluster.#spawn(id, side.founding);
      await cluster.#settle(0);
      await cluster.#activate(side.version);
      // Without a snapshot the logs still hold the version before, which a newer release need not read.
      if (side.replacedBy) for (const id of IDS) await cluster.#post(id, "/snapshot", {});
      for (const [place, release] of (side.replacedBy ?? []).entries())
        await cluster.#replace(place + 1, release);
      if (side.replacedBy) await cluster.#transfer(side.replacedBy.length);
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private constructor(side: OurSide, addresses: readonly string[]) {
    this.#side = side;
    this.#addresses = addresses;
  }

  async measure(load: Load): Promise<Puts> {
    const tasks = shares(load, this.#side.clientProcesses);
    const children = tasks.map((task) => this.#forkClients(task));
    await Promise.all(children.map((child) => messageOf(child)));
    const before = this.#serverCpu();
    for (const child of children) child.send("go");
    const reports = (await Promise.all(children.map(messageOf))) as ClientReport[];
    const serverCpuSeconds = this.#serverCpu() - before;
    const problems = reports.flatMap((report) => report.problems);
    if (problems.length > 0)
      throw new BenchImpossible(`${problems.length} puts failed: ${problems[0]}`);
    const startedAt = Math.min(...reports.map((report) => report.startedAt));
    const endedAt = Math.max(...reports.map((report) => report.endedAt));
    const latencies = reports.flatMap((report) => report.latencies).sort((a, b) => a - b);
    const at = (part: number): number =>
      (latencies[Math.floor(latencies.length * part)] ?? 0) / 1000;
    return {
      perSecond: (latencies.length / (endedAt - startedAt)) * 1000,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      serverCpuSeconds,
      clientCpuSeconds: reports.reduce((sum, report) => sum + report.cpuSeconds, 0),
    };
  }

  async close(): Promise<void> {
    const { flags = [] } = this.#side;
    // A profile is written by a process that ends in order.
    for (const child of this.#nodes.values()) child.kill(flags.length > 0 ? "SIGTERM" : "SIGKILL");
    await Promise.all([...this.#nodes.values()].map(ended));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #address(id: number, use: "peer" | "client" | "admin"): string {
    return this.#addresses[(id - 1) * 3 + ["peer", "client", "admin"].indexOf(use)] ?? "";
  }

  #spawn(id: number, release: Release): void {
    const folder = join(this.#folder, `node-${id}`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "node.json");
    const founders = IDS.map((each) => ({
      id: each,
      peerAddress: this.#address(each, "peer"),
      clientAddress: this.#address(each, "client"),
    }));
    const own = Object.fromEntries(
      (["peer", "client", "admin"] as const).map((use) => [use, this.#address(id, use)]),
    );
    const content = {
      clusterId: CLUSTER_ID,
      nodeId: id,
      dataDirectory: "data",
      snapshotEvery: SNAPSHOT_EVERY,
      founders,
      ...own,
    };
    writeFileSync(file, JSON.stringify(content));
    const flags = [...(this.#side.flags ?? []), join(release.directory, "node.mjs")];
    const child = spawn(process.execPath, [...flags, "--config", file], { stdio: "ignore" });
    this.#nodes.set(id, child);
  }

  async #replace(id: number, release: Release): Promise<void> {
    const old = this.#nodes.get(id);
    old?.kill("SIGTERM");
    if (old) await ended(old);
    this.#spawn(id, release);
    const applied = Math.max(...(await this.#statuses()).map((status) => status?.applied ?? 0));
    await this.#settle(applied);
  }

  /** All serve, agree on a leader and have applied what was there. */
  async #settle(applied: number): Promise<void> {
    await until("all nodes follow one leader", async () => {
      const statuses = await this.#statuses();
      const leader = statuses[0]?.leader ?? 0;
      return (
        leader !== 0 &&
        statuses.every((status) => status?.leader === leader && status.applied >= applied)
      );
    });
  }

  async #activate(version: number): Promise<void> {
    const [status] = await this.#statuses();
    if (status === undefined || status.activeVersion >= version) return;
    for (let next = status.activeVersion + 1; next <= version; next++)
      await until(`wire version ${next} is active`, async () => {
        const { leader = 0 } = (await this.#statuses())[0] ?? {};
        if (leader !== 0) await this.#post(leader, "/activate", { version: next });
        return (await this.#statuses()).every((each) => each?.activeVersion === next);
      });
  }

  async #transfer(to: number): Promise<void> {
    await until(`node ${to} leads`, async () => {
      const { leader = 0 } = (await this.#statuses())[0] ?? {};
      if (leader !== 0 && leader !== to) await this.#post(leader, "/transfer", { to });
      return (await this.#statuses()).every((each) => each?.leader === to);
    });
  }

  #statuses(): Promise<readonly (Status | undefined)[]> {
    return Promise.all(IDS.map((id) => this.#status(id)));
  }

  async #status(id: number): Promise<Status | undefined> {
    try {
      return (await (await fetch(`http://${this.#address(id, "admin")}/status`)).json()) as Status;
    } catch {
      return undefined;
    }
  }

  async #post(id: number, path: string, body: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    const url = `http://${this.#address(id, "admin")}${path}`;
    await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  }

  #serverCpu(): number {
    return [...this.#nodes.values()].reduce((sum, { pid = 0 }) => sum + cpuSeconds(pid), 0);
  }

  #forkClients(task: Load): ChildProcess {
    const release = this.#side.replacedBy?.at(-1) ?? this.#side.founding;
    const content = {
      ...task,
      bundle: pathToFileURL(join(release.directory, "client.mjs")).href,
      clusterId: CLUSTER_ID,
      addresses: IDS.map((id) => this.#address(id, "client")),
    };
    return fork(fileURLToPath(new URL("client.ts", import.meta.url)), [JSON.stringify(content)], {
      execArgv: ["--disable-warning=ExperimentalWarning", ...(this.#side.flags ?? [])],
    });
  }
}

function shares(load: Load, processes: number): Load[] {
  const share = (whole: number, place: number): number =>
    Math.floor(whole / processes) + (place < whole % processes ? 1 : 0);
  return Array.from({ length: processes }, (_, place) => ({
    ...load,
    clients: share(load.clients, place),
    connections: share(load.connections, place),
    total: share(load.total, place),
    warm: share(load.warm, place),
  }));
}

function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) =>
      reject(new BenchImpossible(`a client process ended with ${code}`)),
    );
  });
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", resolve));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new BenchImpossible(`not within ${TIMEOUT_MS} ms: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
