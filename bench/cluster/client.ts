/**
 * A process of clients: each puts, waits for the answer and puts again, until all together have done
 * their number. Started by `our-cluster.ts`; loads the client of the release that is measured.
 */

interface Task {
  readonly bundle: string;
  readonly clusterId: string;
  readonly addresses: readonly string[];
  readonly clients: number;
  readonly connections: number;
  readonly total: number;
  readonly warm: number;
  readonly valueBytes: number;
  readonly keySpace: number;
}

interface PutClient {
  put(
    key: Uint8Array,
    value: Uint8Array,
  ): Promise<{ readonly kind: string; readonly code?: string }>;
  close(): Promise<void>;
}

interface ClientModule {
  createClient(options: object): PutClient;
  /** Releases up to r4 have a connection for each client. */
  shareConnections?(count: number): object;
}

export interface ClientReport {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cpuSeconds: number;
  /** One for each put, in microseconds. */
  readonly latencies: readonly number[];
  readonly problems: readonly string[];
}

const KEY_BYTES = 16;

async function main(task: Task): Promise<ClientReport> {
  const { createClient, shareConnections } = (await import(task.bundle)) as ClientModule;
  const { clusterId, addresses } = task;
  const shared = shareConnections?.(task.connections);
  const options = { clusterId, addresses, timeoutMs: 30_000, attemptTimeoutMs: 10_000 };
  const clients = Array.from({ length: task.clients }, () =>
    createClient(shared ? { ...options, shared } : options),
  );
  // Each opens its connection and its session first: that is no put.
  await Promise.all(clients.map((client) => client.put(randomKey(task), new Uint8Array(1))));
  await run(task, clients, task.warm);
  process.send?.("warm");
  await new Promise((go) => process.once("message", go));
  const cpu = process.cpuUsage();
  const startedAt = Date.now();
  const done = await run(task, clients, task.total);
  const endedAt = Date.now();
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(clients.map((client) => client.close()));
  return { startedAt, endedAt, cpuSeconds: (user + system) / 1e6, ...done };
}

async function run(
  task: Task,
  clients: readonly PutClient[],
  total: number,
): Promise<Pick<ClientReport, "latencies" | "problems">> {
  const value = new Uint8Array(task.valueBytes).fill(0x61);
  const latencies: number[] = [];
  const problems: string[] = [];
  let left = total;
  const work = async (client: PutClient): Promise<void> => {
    while (left > 0) {
      left--;
      const key = randomKey(task);
      const startedAt = performance.now();
      const outcome = await client.put(key, value);
      latencies.push(Math.round((performance.now() - startedAt) * 1000));
      if (outcome.kind !== "done") problems.push(`${outcome.kind} ${outcome.code}`);
    }
  };
  await Promise.all(clients.map(work));
  return { latencies, problems };
}

function randomKey({ keySpace }: Task): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  const number = Math.floor(Math.random() * keySpace);
  new DataView(key.buffer).setUint32(0, number, true);
  return key;
}

const report = await main(JSON.parse(process.argv[2] ?? "") as Task);
process.send?.(report, () => process.disconnect());
