/**
 * The nodes of a rehearsal: which release each of them should run, and the process that does. Every
 * change to one node waits for the change before, so that the plan and the random kills do not
 * trample on each other.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freeAddresses, type NodeExit, type NodeProcess } from "../../release/index.ts";
import type { RehearsalRelease } from "../options.ts";
import { StepFailed } from "../options.ts";
import type { Signal } from "../plan/index.ts";
import { Admin } from "./admin.ts";
import type { Workspace } from "./workspace.ts";

export type ClusterEvent =
  | { readonly kind: "start"; readonly node: number; readonly release: string }
  | { readonly kind: "ready"; readonly node: number; readonly release: string }
  | {
      readonly kind: "exit";
      readonly node: number;
      readonly release: string;
      readonly exit: NodeExit;
    };

export interface ClusterOptions {
  readonly workspace: Workspace;
  readonly clusterId: string;
  readonly nodes: number;
  readonly releases: ReadonlyMap<string, RehearsalRelease>;
  readonly captureFolder?: string;
  readonly onEvent: (event: ClusterEvent) => void;
}

export interface Addresses {
  readonly peer: string;
  readonly client: string;
  readonly admin: string;
}

interface Member {
  readonly id: number;
  readonly addresses: Addresses;
  readonly folder: string;
  readonly admin: Admin;
  starts: number;
  /** Release that should run now. */
  wanted: string | undefined;
  process: NodeProcess | undefined;
  /** The last change of this node. */
  busy: Promise<unknown>;
}

const CAPTURE_BYTES_MAX = 8 * 1024 * 1024;
const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 15_000;
/** Another program may take a port between two starts; it is given up soon. */
const ADDRESS_RETRIES = 5;

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #members: readonly Member[];
  /** Processes that a random kill has hit: how they end is nobody's fault. */
  readonly #struck = new WeakSet<object>();

  private constructor(options: ClusterOptions, addresses: readonly Addresses[]) {
    this.#options = options;
    this.#members = addresses.map((each, index) => ({
      id: index + 1,
      addresses: each,
      folder: join(options.workspace.folder, `node-${index + 1}`),
      admin: new Admin(each.admin),
      starts: 0,
      wanted: undefined,
      process: undefined,
      busy: Promise.resolve(),
    }));
  }

  static async prepare(options: ClusterOptions): Promise<Cluster> {
    return new Cluster(options, await takeAddresses(options.nodes));
  }

  get servers(): readonly string[] {
    return this.#members.map(({ addresses }) => addresses.client);
  }

  /** Nodes that should run and do. */
  get running(): readonly number[] {
    return this.#members.flatMap(({ id, process }) => (process === undefined ? [] : [id]));
  }

  admin(node: number): Admin {
    return this.#member(node).admin;
  }

  dataDirectory(node: number): string {
    return join(this.#member(node).folder, "data");
  }

  addresses(node: number): Addresses {
    return this.#member(node).addresses;
  }

  start(node: number, release: string): Promise<void> {
    return this.#change(node, async (member) => {
      member.wanted = release;
      await this.#startProcess(member, release);
    });
  }

  /** Waits for the end. A node that was asked to stop, and left alone until then, must end with exit code 0. */
  stop(node: number, signal: Signal): Promise<void> {
    return this.#change(node, async (member) => {
      member.wanted = undefined;
      const child = member.process;
      if (child === undefined) return;
      child.kill(signal, `the plan (${signal})`);
      const exit = await within(STOP_TIMEOUT_MS, child.exited);
      if (exit === undefined)
        throw new StepFailed(`node ${node} did not stop within ${STOP_TIMEOUT_MS} ms`);
      if (signal === "SIGTERM" && exit.code !== 0 && !this.#struck.has(child))
        throw new StepFailed(
          `node ${node} stopped with ${describeExit(exit)}, exit code 0 is needed`,
        );
    });
  }

  /** SIGKILL at any moment, then the same release again. False: there was nothing to kill. */
  killAndRestart(node: number): Promise<boolean> {
    // The kill does not wait for a change under way: the middle of a start is a moment like any other.
    const struck = this.#member(node).process;
    if (struck !== undefined) this.#struck.add(struck);
    struck?.kill("SIGKILL", "a random kill");
    return this.#change(node, async (member) => {
      if (struck === undefined) return false;
      await struck.exited;
      if (member.wanted !== undefined && member.process === undefined)
        await this.#startProcess(member, member.wanted);
      return true;
    });
  }

  writeConfiguration(file: string, node: number, own: Addresses, extra: object): void {
    const configuration = {
      clusterId: this.#options.clusterId,
      nodeId: node,
      peer: own.peer,
      client: own.client,
      admin: own.admin,
      ...extra,
    };
    writeFileSync(file, JSON.stringify(configuration));
  }

  get founders(): readonly { id: number; peerAddress: string; clientAddress: string }[] {
    return this.#members.map(({ id, addresses }) => ({
      id,
      peerAddress: addresses.peer,
      clientAddress: addresses.client,
    }));
  }

  async #startProcess(member: Member, release: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const exit = await this.#tryStart(member, release);
      if (exit === undefined) return;
      const isKilled = exit.orderedBy === "a random kill";
      const isTaken = exit.lastLine.includes("EADDRINUSE");
      if ((!isKilled && !isTaken) || attempt > ADDRESS_RETRIES)
        throw new StepFailed(`node ${member.id} (${release}) did not start: ${describeExit(exit)}`);
      // Whoever killed it restarts it, unless this start was the one that was waited for.
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  /** Undefined when the node serves. */
  async #tryStart(member: Member, release: string): Promise<NodeExit | undefined> {
    const { workspace, releases, onEvent } = this.#options;
    mkdirSync(member.folder, { recursive: true });
    const file = join(member.folder, "configuration.json");
    member.starts++;
    this.writeConfiguration(file, member.id, member.addresses, {
      dataDirectory: join(member.folder, "data"),
      founders: this.founders,
      ...this.#capture(member, release),
    });
    const child = workspace.spawn(join(releases.get(release)?.directory ?? "", "node.mjs"), file);
    member.process = child;
    onEvent({ kind: "start", node: member.id, release });
    void child.exited.then((exit) => {
      if (member.process === child) member.process = undefined;
      onEvent({ kind: "exit", node: member.id, release, exit });
    });
    const isReady = await within(READY_TIMEOUT_MS, child.ready);
    if (isReady === undefined) child.kill("SIGKILL", "the runner, because it did not become ready");
    if (isReady !== true) return await child.exited;
    onEvent({ kind: "ready", node: member.id, release });
    return undefined;
  }

  #capture(member: Member, release: string): object {
    const { captureFolder } = this.#options;
    if (captureFolder === undefined) return {};
    const file = join(captureFolder, `node-${member.id}-${member.starts}-${release}.frames`);
    return { capture: { file, bytesMax: CAPTURE_BYTES_MAX } };
  }

  #change<T>(node: number, change: (member: Member) => Promise<T>): Promise<T> {
    const member = this.#member(node);
    const done = member.busy.then(() => change(member));
    member.busy = done.catch(() => {});
    return done;
  }

  #member(node: number): Member {
    const member = this.#members[node - 1];
    if (member === undefined) throw new RangeError(`node ${node} is not in the plan`);
    return member;
  }
}

export async function takeAddresses(nodes: number): Promise<Addresses[]> {
  const free = await freeAddresses(nodes * 3);
  return Array.from({ length: nodes }, (_, index) => {
    const [peer = "", client = "", admin = ""] = free.slice(index * 3);
    return { peer, client, admin };
  });
}

export function describeExit({ code, signal, lastLine }: NodeExit): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return lastLine === "" ? how : `${how}, last line: ${lastLine}`;
}

/** Undefined when it takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((settle) => {
    timer = setTimeout(() => settle(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
