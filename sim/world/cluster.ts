/** Virtual nodes on virtual disks and a virtual network: a cluster that runs in one thread from one seed. */

import type {
  HaltReason,
  Outcome,
  Replica,
  ReplicaEvent,
  ReplicaOptions,
  StartOutcome,
} from "../../raft/replica/index.ts";
import { createReplica } from "../../raft/replica/index.ts";
import { addressOf, CLUSTER_ID } from "./addresses.ts";
import { type Speech, TREE_SPEECH, VirtualClient } from "./virtual-client.ts";
import { VirtualDisk } from "./virtual-disk.ts";
import { VirtualNetwork } from "./virtual-network.ts";
import { SeededChance, VirtualTime } from "./virtual-time.ts";

const TICK_MS = 10;
/** A life may begin with an earlier clock than the one before it, but none counts from before its start. */
const CLOCK_START_MS = 1_000_000_000;

export interface Program {
  readonly release: string;
  readonly createReplica: typeof createReplica;
}

export class VirtualNode {
  readonly id: number;
  readonly disk: VirtualDisk;
  replica: Replica | undefined;
  halted: HaltReason | undefined;
  /** Its clock is ahead of the others by so much. */
  clockAheadMs = 0;
  /** Its ticks take so many times as long as they should. */
  tickTimes = 1;
  isLogging = true;
  /** Sees what the replica reports. */
  onEvent: ((event: ReplicaEvent) => void) | undefined;
  readonly counts: Map<string, number> = new Map();
  readonly log: string[] = [];

  constructor(id: number, disk: VirtualDisk) {
    this.id = id;
    this.disk = disk;
  }

  get running(): Replica {
    if (!this.replica) throw new Error(`node ${this.id} does not run`);
    return this.replica;
  }

  observe(event: ReplicaEvent): void {
    this.onEvent?.(event);
    if (event.kind === "log") {
      if (this.isLogging) this.log.push(`${event.level} ${event.message}`);
      return;
    }
    const labels = Object.values(event.labels ?? {}).join(",");
    const name = labels === "" ? event.name : `${event.name}{${labels}}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + (event.by ?? 1));
  }
}

export class VirtualCluster {
  readonly time: VirtualTime = new VirtualTime();
  readonly chance: SeededChance;
  readonly network: VirtualNetwork;
  readonly nodes: Map<number, VirtualNode> = new Map();
  /** What each node runs; the tree when nothing is said. A frozen release may stand here. */
  readonly programs: Map<number, Program> = new Map();
  onHalt: ((id: number, reason: HaltReason) => void) | undefined;
  /** Transitions of the cores of all nodes, one line each, as they happen. Asked for at each start. */
  onTraceLine: ((line: string) => void) | undefined;
  private clientCount = 0;

  constructor(seed = 1) {
    this.chance = new SeededChance(seed);
    this.network = new VirtualNetwork(this.time);
  }

  /** Founders 1 … size, all started. */
  static found(size: number, seed = 1, change: Partial<ReplicaOptions> = {}): VirtualCluster {
    const cluster = new VirtualCluster(seed);
    const founders = Array.from({ length: size }, (_, place) => addressOf(place + 1));
    for (const { id } of founders) cluster.start(id, { founders, ...change });
    return cluster;
  }

  node(id: number): VirtualNode {
    const known = this.nodes.get(id);
    if (known) return known;
    const node = new VirtualNode(id, new VirtualDisk(this.time, this.chance, id));
    this.nodes.set(id, node);
    return node;
  }

  start(id: number, change: Partial<ReplicaOptions> = {}): StartOutcome {
    const node = this.node(id);
    const name = `node ${id}`;
    const { peerAddress, clientAddress } = { ...addressOf(id), ...change };
    let replica: Replica | undefined;
    const events = {
      onAccept: (connection: number, side: "peer" | "client") =>
        replica?.onAccept(connection, side),
      onOpen: (connection: number) => replica?.onOpen(connection),
      onBytes: (connection: number, bytes: Uint8Array) => replica?.onBytes(connection, bytes),
      onClose: (connection: number) => replica?.onClose(connection),
    };
    const link = this.network.attach(name, events, [peerAddress, clientAddress], id);
    node.halted = undefined;
    const program = this.programs.get(id) ?? { release: "tree", createReplica };
    replica = program.createReplica(
      {
        nodeId: id,
        clusterId: CLUSTER_ID,
        release: program.release,
        peerAddress,
        clientAddress,
        founders: [],
        tickMs: TICK_MS,
        ...change,
      },
      {
        clock: { nowMs: () => CLOCK_START_MS + this.time.nowMs() + node.clockAheadMs },
        chance: this.chance,
        disk: node.disk.port(),
        link,
        observe: (event) => node.observe(event),
        defer: (work) => this.defer(node, () => replica, work),
        halt: (reason) => {
          node.halted = reason;
          this.end(id);
          this.onHalt?.(id, reason);
        },
        ...(this.onTraceLine && { trace: this.onTraceLine }),
      },
    );
    const outcome = replica.start();
    if (!outcome.started) {
      this.network.detach(name);
      return outcome;
    }
    node.replica = replica;
    this.tick(node, replica);
    return outcome;
  }

  /** The process ends without a word; the machine keeps what was written. */
  kill(id: number): void {
    this.node(id).disk.kill();
    this.end(id);
  }

  /** The power goes: what was not synced may be lost or spoilt. */
  crash(id: number): void {
    this.node(id).disk.crash();
    this.end(id);
  }

  run(durationMs: number): void {
    this.time.advance(durationMs);
  }

  /** Runs until the claim holds. */
  until(what: string, holds: () => boolean, timeoutMs = 20_000): void {
    const deadline = this.time.nowMs() + timeoutMs;
    while (!holds()) {
      if (this.time.nowMs() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
      this.time.advance(TICK_MS);
    }
  }

  /** The node that leads, once the running nodes agree on it. */
  leader(): number {
    return this.leaderAmong(this.running().map(({ id }) => id));
  }

  leaderAmong(ids: readonly number[]): number {
    let leader = 0;
    this.until("a leader", () => {
      const rows = ids.map((id) => this.node(id).running.status());
      leader = rows.find(({ role }) => role === "leader")?.nodeId ?? 0;
      return leader > 0 && rows.every((row) => row.leader === leader);
    });
    return leader;
  }

  running(): readonly VirtualNode[] {
    return [...this.nodes.values()].filter(({ replica }) => replica !== undefined);
  }

  client(speech: Speech = TREE_SPEECH): VirtualClient {
    this.clientCount++;
    const until = (what: string, holds: () => boolean): void => this.until(what, holds);
    const id = 1_000_000 + this.clientCount;
    return new VirtualClient(this.network, until, { id, speech });
  }

  /** Calls an operator's order and runs until its outcome. */
  outcome(order: (done: (outcome: Outcome) => void) => void): Outcome {
    let result: Outcome | undefined;
    order((outcome) => {
      result = outcome;
    });
    if (result) throw new Error("an outcome came from inside the call");
    this.until("an outcome", () => result !== undefined);
    return result as unknown as Outcome;
  }

  /** Same applied index everywhere, and the same digest at it. */
  converge(): void {
    this.until("the same state on all nodes", () => {
      const rows = this.running().map(({ running }) => running.status().digest);
      return new Set(rows.map(({ index, value }) => `${index} ${value}`)).size === 1;
    });
  }

  private end(id: number): void {
    this.node(id).replica = undefined;
    this.network.detach(`node ${id}`);
  }

  /** Behind the inputs that are due at this moment; it dies with the process. */
  private defer(node: VirtualNode, owner: () => Replica | undefined, work: () => void): void {
    const run = (): void => {
      if (node.replica === owner()) work();
    };
    this.time.after(0, run, node.id);
  }

  private tick(node: VirtualNode, replica: Replica): void {
    const onTick = (): void => {
      if (node.replica !== replica) return;
      replica.onTick();
      this.tick(node, replica);
    };
    this.time.after(TICK_MS * node.tickTimes, onTick, node.id);
  }
}
