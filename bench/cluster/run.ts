/** Interleaved runs: round by round every side gets a fresh cluster, so that all see the same machine. */
import { cpus, loadavg } from "node:os";
import { loadRelease, type Release, TREE } from "../../release/index.ts";
import { ETCD_VERSION, EtcdCluster, etcdPrograms } from "./etcd-cluster.ts";
import { OurCluster } from "./our-cluster.ts";
import { BenchImpossible, type Load, type Puts, type Side } from "./puts.ts";

export interface ClusterOptions {
  readonly runs: number;
  readonly clients: readonly number[];
  /** 0: one for each client. */
  readonly connections: number;
  readonly total: number;
  readonly warm: number;
  readonly clientProcesses: number;
  /** Names of sides; none means all. */
  readonly sides: readonly string[];
  readonly flags: readonly string[];
  readonly tell: (line: string) => void;
}

export interface ClusterRow {
  readonly side: string;
  readonly clients: number;
  readonly connections: number;
  readonly runs: readonly Puts[];
}

export interface ClusterReport {
  readonly machine: string;
  readonly etcd: string;
  readonly options: Omit<ClusterOptions, "tell">;
  readonly rows: readonly ClusterRow[];
}

export const ETCD = "etcd";
/** Measured only when they are asked for by name. */
export const EXTRA_SIDES = ["r4.1 v4", "r3.1 v3"];
const VALUE_BYTES = 256;
const KEY_SPACE = 100_000;

export async function benchCluster(options: ClusterOptions): Promise<ClusterReport> {
  const releases = new Map<string, Release & { close(): void }>();
  try {
    for (const name of ["r1.1", "r2.1", "r3.1", "r4.1", TREE])
      releases.set(name, await loadRelease(name));
    const { sides, etcd } = sidesOf(releases, options);
    const others = loadavg()[0]?.toFixed(1);
    const rows = await runAll(sides, options);
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}, load ${others} before the first run`;
    const { tell: _, ...asked } = options;
    return { machine, etcd, options: asked, rows };
  } finally {
    for (const release of releases.values()) release.close();
  }
}

function sidesOf(
  releases: ReadonlyMap<string, Release>,
  { sides, clientProcesses, flags, tell }: ClusterOptions,
): { readonly sides: readonly Side[]; readonly etcd: string } {
  const ours = (
    name: string,
    founder: string,
    version: number,
    then: readonly string[] = [],
  ): Side => {
    const release = (of: string): Release => releases.get(of) as Release;
    const replaced = then.length > 0 ? { replacedBy: then.map(release) } : {};
    const side = { founding: release(founder), version, clientProcesses, flags, ...replaced };
    return { name, start: () => OurCluster.start(side) };
  };
  const all = [
    ours("tree v4", TREE, 4),
    ours("tree v3", TREE, 3),
    ours("r3.1 v3, r4.1 and tree mixed", "r3.1", 3, ["r4.1", TREE]),
    ours("r4.1 v4", "r4.1", 4),
    ours("r3.1 v3", "r3.1", 3),
    ours("r2.1 v2", "r2.1", 2),
    ours("r1.1 v1", "r1.1", 1),
  ];
  const isWanted = ({ name }: Side): boolean =>
    sides.length === 0 ? !EXTRA_SIDES.includes(name) : sides.includes(name);
  const wanted = all.filter(isWanted);
  if (sides.length > 0 && !sides.includes(ETCD)) return { sides: wanted, etcd: "not asked for" };
  try {
    const programs = etcdPrograms();
    const etcd = { name: ETCD, start: () => EtcdCluster.start(programs) };
    return { sides: [etcd, ...wanted], etcd: ETCD_VERSION };
  } catch (error) {
    if (!(error instanceof BenchImpossible)) throw error;
    tell(error.message);
    return { sides: wanted, etcd: `missing: ${error.message}` };
  }
}

async function runAll(sides: readonly Side[], options: ClusterOptions): Promise<ClusterRow[]> {
  const rows: ClusterRow[] = [];
  for (const clients of options.clients) {
    const connections = Math.min(clients, options.connections || clients);
    const runs = new Map<string, Puts[]>(sides.map(({ name }) => [name, []]));
    const load = {
      clients,
      connections,
      total: options.total,
      warm: options.warm,
      valueBytes: VALUE_BYTES,
      keySpace: KEY_SPACE,
    };
    for (let run = 1; run <= options.runs; run++)
      for (const side of sides) {
        const puts = await runOne(side, load);
        runs.get(side.name)?.push(puts);
        options.tell(`${clients} clients, run ${run}, ${side.name}: ${lineOf(puts)}`);
      }
    for (const [side, done] of runs) rows.push({ side, clients, connections, runs: done });
  }
  return rows;
}

async function runOne(side: Side, load: Load): Promise<Puts> {
  const cluster = await side.start();
  try {
    return await cluster.measure(load);
  } finally {
    await cluster.close();
  }
}

function lineOf({ perSecond, p50Ms, p99Ms, serverCpuSeconds, clientCpuSeconds }: Puts): string {
  return `${perSecond.toFixed(0)} puts/s, p50 ${p50Ms.toFixed(1)} p99 ${p99Ms.toFixed(1)} ms, CPU ${serverCpuSeconds.toFixed(2)} + ${clientCpuSeconds.toFixed(2)} s`;
}
