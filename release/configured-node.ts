/**
 * One node with the configuration it was given: started from a bundle, asked over the admin protocol,
 * stopped or killed. Whatever happens, `close` leaves no process behind.
 */
import { randomInt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type NodeExit, NodeProcess } from "./node-process.ts";

export interface NodeConfiguration {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly dataDirectory: string;
  readonly peer: string;
  readonly client: string;
  readonly admin: string;
  readonly founders: readonly { id: number; peerAddress: string; clientAddress: string }[];
  readonly join?: boolean;
  readonly tickMs?: number;
  readonly snapshotEvery?: number;
}

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;

export class ConfiguredNode {
  readonly configuration: NodeConfiguration;
  readonly #process: NodeProcess;

  private constructor(process: NodeProcess, configuration: NodeConfiguration) {
    this.#process = process;
    this.configuration = configuration;
  }

  /** Starts `node.mjs` of a release; settles as soon as the process runs, ready or not. */
  static spawn(
    bundle: string,
    configuration: NodeConfiguration,
    workFolder: string,
  ): ConfiguredNode {
    mkdirSync(workFolder, { recursive: true });
    const file = join(workFolder, `node-${configuration.nodeId}.json`);
    writeFileSync(file, JSON.stringify(configuration));
    return new ConfiguredNode(new NodeProcess(bundle, file), configuration);
  }

  /** Settles when the process has ended. */
  get exited(): Promise<NodeExit> {
    return this.#process.exited;
  }

  /** True when the node serves, false when it ended instead. */
  async ready(): Promise<boolean> {
    return await within(
      START_TIMEOUT_MS,
      this.#process.ready,
      `node ${this.configuration.nodeId} neither became ready nor ended`,
    );
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`http://${this.configuration.admin}${path}`);
    return (await response.json()) as T;
  }

  async post(path: string, body: unknown = {}): Promise<{ ok: boolean; message?: string }> {
    const response = await fetch(`http://${this.configuration.admin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { ok: boolean; message?: string };
  }

  /** Asks the node to stop and waits for its end. */
  async stop(): Promise<NodeExit> {
    this.#process.kill("SIGTERM", "stop");
    return await within(
      STOP_TIMEOUT_MS,
      this.exited,
      `node ${this.configuration.nodeId} did not stop`,
    );
  }

  /** SIGKILL; also the way out when anything went wrong. */
  async close(): Promise<NodeExit> {
    this.#process.kill("SIGKILL", "close");
    return await this.exited;
  }
}

/** Fails with a sentence when something takes too long. */
export async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Repeats `attempt` until it gives a value. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let problem = "";
  while (Date.now() < deadline) {
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      problem = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`${what} did not happen within ${timeoutMs} ms${problem}`);
}

/** Below the ports that systems give to outgoing connections, which take a free one at any moment. */
const PORTS = { first: 15_000, count: 17_000 } as const;
const given: Set<number> = new Set();

/** `count` loopback addresses that were free a moment ago; none is given twice by this process. */
export async function freeAddresses(count: number): Promise<string[]> {
  const addresses: string[] = [];
  for (let tries = 0; addresses.length < count; tries++) {
    if (tries > PORTS.count) throw new Error(`Cannot find ${count} free ports on 127.0.0.1`);
    if (given.size >= PORTS.count) given.clear();
    const port = PORTS.first + randomInt(PORTS.count);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    addresses.push(`127.0.0.1:${port}`);
  }
  return addresses;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((fulfil) => {
    const server = createServer();
    server.once("error", () => fulfil(false));
    server.listen(port, "127.0.0.1", () => server.close(() => fulfil(true)));
  });
}
