/**
 * Three etcd nodes on loopback and etcd's own benchmark tool. Both are built from the Go module proxy
 * once and kept in `~/.cache/wirespan` (`WIRESPAN_CACHE`). A scratch module requires them, because
 * `go install` refuses modules with `replace` directives.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { freeAddresses } from "../../release/index.ts";
import { cpuSeconds, endedChildrenCpuSeconds } from "./cpu.ts";
import { SNAPSHOT_EVERY } from "./our-cluster.ts";
import { type BenchCluster, BenchImpossible, type Load, type Puts } from "./puts.ts";

export const ETCD_VERSION = "3.6.16";
/** The tool is part of the main module, which has fewer tags than the server. */
const TOOL_VERSION = "3.6.8";
const READY_MS = 30_000;

export interface EtcdPrograms {
  readonly server: string;
  readonly tool: string;
}

/** Throws `BenchImpossible` when there is no Go or the build fails. */
export function etcdPrograms(): EtcdPrograms {
  return {
    server: built(`etcd-${ETCD_VERSION}`, `go.etcd.io/etcd/server/v3@v${ETCD_VERSION}`),
    tool: built(
      "etcd-benchmark",
      `go.etcd.io/etcd/v3@v${TOOL_VERSION}`,
      "go.etcd.io/etcd/v3/tools/benchmark",
    ),
  };
}

function built(
  name: string,
  module: string,
  target: string = module.slice(0, module.lastIndexOf("@")),
): string {
  const cache =
    process.env.WIRESPAN_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wirespan");
  const file = join(cache, name);
  if (existsSync(file)) return file;
  process.stderr.write(`building ${name} from ${module}\n`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "wirespan-go-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module scratch\n");
    go(folder, ["get", module]);
    const output = `${file}.${process.pid}`;
    go(folder, ["build", "-trimpath", "-ldflags=-s -w", "-o", output, target]);
    renameSync(output, file);
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function go(cwd: string, args: readonly string[]): void {
  const env = {
    ...process.env,
    GOFLAGS: "-mod=mod -buildvcs=false",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
  };
  const { error, status, stderr } = spawnSync("go", args, { cwd, env, encoding: "utf8" });
  if (error)
    throw new BenchImpossible(`Cannot build etcd: Go can not be started (${error.message})`);
  if (status !== 0)
    throw new BenchImpossible(
      `Cannot build etcd: go ${args[0]} ended with ${status}: ${stderr.trim().split("\n").at(-1)}`,
    );
}

export class EtcdCluster implements BenchCluster {
  readonly #programs: EtcdPrograms;
  readonly #folder: string = mkdtempSync(join(tmpdir(), "wirespan-etcd-"));
  readonly #nodes: ChildProcess[] = [];
  readonly #clients: readonly string[];

  static async start(programs: EtcdPrograms): Promise<EtcdCluster> {
    const addresses = await freeAddresses(6);
    const cluster = new EtcdCluster(programs, addresses.slice(0, 3));
    try {
      cluster.#spawn(addresses.slice(3));
      for (const address of cluster.#clients) await isReadable(address);
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private constructor(programs: EtcdPrograms, clients: readonly string[]) {
    this.#programs = programs;
    this.#clients = clients;
  }

  async measure(load: Load): Promise<Puts> {
    if (load.warm > 0) await this.#run(load, load.warm);
    const before = this.#serverCpu();
    const clientBefore = endedChildrenCpuSeconds();
    const output = await this.#run(load, load.total);
    return {
      ...readSummary(output),
      serverCpuSeconds: this.#serverCpu() - before,
      clientCpuSeconds: endedChildrenCpuSeconds() - clientBefore,
    };
  }

  async close(): Promise<void> {
    const open = this.#nodes.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = open.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of open) child.kill("SIGKILL");
    await Promise.all(ended);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(peers: readonly string[]): void {
    const all = peers.map((peer, place) => `n${place}=http://${peer}`).join(",");
    for (const [place, peer] of peers.entries()) {
      const client = `http://${this.#clients[place]}`;
      const log = openSync(join(this.#folder, `n${place}.log`), "a");
      const flags = {
        name: `n${place}`,
        "data-dir": join(this.#folder, `n${place}`),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": `http://${peer}`,
        "initial-advertise-peer-urls": `http://${peer}`,
        "initial-cluster": all,
        "initial-cluster-state": "new",
        "log-level": "warn",
        "snapshot-count": SNAPSHOT_EVERY,
      };
      const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
      this.#nodes.push(spawn(this.#programs.server, args, { stdio: ["ignore", log, log] }));
    }
  }

  #run({ clients, connections, valueBytes, keySpace }: Load, total: number): Promise<string> {
    const flags = {
      endpoints: this.#clients.join(","),
      clients,
      conns: connections,
      total,
      "val-size": valueBytes,
      "key-size": 16,
      "key-space-size": keySpace,
    };
    const args = ["put", ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)];
    const child = spawn(this.#programs.tool, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0) resolve(output);
        else
          reject(new BenchImpossible(`etcd's benchmark ended with ${code}: ${output.slice(-300)}`));
      });
    });
  }

  #serverCpu(): number {
    return this.#nodes.reduce((sum, { pid = 0 }) => sum + cpuSeconds(pid), 0);
  }
}

/** The tool prints its summary as text. Throws when a put failed or a figure is missing. */
export function readSummary(text: string): Pick<Puts, "perSecond" | "p50Ms" | "p99Ms"> {
  const read = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined)
      throw new BenchImpossible(`etcd's benchmark does not say ${pattern.source}`);
    return Number(found);
  };
  if (text.includes("Error distribution"))
    throw new BenchImpossible(`puts to etcd failed: ${text.slice(-300)}`);
  return {
    perSecond: read(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: read(/50% in ([\d.]+) secs/) * 1000,
    p99Ms: read(/99% in ([\d.]+) secs/) * 1000,
  };
}

async function isReadable(address: string): Promise<void> {
  const end = performance.now() + READY_MS;
  for (;;) {
    try {
      // A linearizable read. Asking for its health would make an old release write to its log.
      const response = await fetch(`http://${address}/v3/kv/range`, {
        method: "POST",
        body: '{"key":"AA=="}',
      });
      if (response.ok) return;
    } catch {
      // It does not listen yet.
    }
    if (performance.now() > end) throw new BenchImpossible(`etcd at ${address} does not answer`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
