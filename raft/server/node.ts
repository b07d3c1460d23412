/**
 * One running node: the replica and its real ports, put together. Everything is bound and locked
 * before the replica starts, so that a start which can not succeed leaves the disk as it was.
 */
import {
  createReplica,
  type HaltReason,
  type Replica,
  type ReplicaEvent,
} from "../replica/index.ts";
import { RELEASE } from "../wire/index.ts";
import { type Address, readAddress, writeAddress } from "./address.ts";
import { AdminServer } from "./admin.ts";
import { Capture } from "./capture.ts";
import { systemChance } from "./chance.ts";
import { monotonicClock } from "./clock.ts";
import type { NodeConfiguration } from "./configuration.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { FileDisk } from "./disk.ts";
import { type LinkFailure, TcpLink } from "./link.ts";
import type { Log } from "./log-line.ts";
import { Metrics } from "./metrics.ts";
import { StartRefused } from "./refusal.ts";
import { loadTls } from "./tls.ts";

export interface NodeEvents {
  readonly log: Log;
  /** The node can not go on; the process ends at once. */
  readonly onHalt: (reason: HaltReason) => void;
  /** Somebody asked for the end over the admin protocol. */
  readonly onStopRequest: () => void;
}

/** Where the node listens: as configured, with the ports that the system chose. */
export interface NodeAddresses {
  readonly peer: string;
  readonly client: string;
  readonly admin: string;
}

export class RunningNode {
  readonly #configuration: NodeConfiguration;
  readonly #events: NodeEvents;
  readonly #metrics: Metrics = new Metrics();
  readonly #lock: DirectoryLock;
  readonly #disk: FileDisk;
  readonly #link: TcpLink;
  readonly #admin: AdminServer;
  readonly #capture: Capture | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #replica: Replica | undefined;

  /** Throws `StartRefused`. */
  static async start(
    configuration: NodeConfiguration,
    events: NodeEvents,
  ): Promise<{ node: RunningNode; addresses: NodeAddresses }> {
    const node = new RunningNode(configuration, events);
    try {
      const addresses = await node.#listen();
      node.#startReplica(addresses);
      return { node, addresses };
    } catch (error) {
      await node.#closeAll();
      throw error;
    }
  }

  private constructor(configuration: NodeConfiguration, events: NodeEvents) {
    this.#configuration = configuration;
    this.#events = events;
    const { tls, dataDirectory, capture, nodeId } = configuration;
    const metrics = this.#metrics;
    this.#link = new TcpLink({
      ...(tls && { tls: loadTls(tls) }),
      observe: {
        bytes: (direction, side, count) => metrics.countBytes(direction, side, count),
        failure: (failure) => this.#onLinkFailure(failure),
      },
    });
    this.#lock = lockDirectory(dataDirectory);
    this.#disk = new FileDisk(dataDirectory, (durationMs) => metrics.observeSync(durationMs));
    this.#admin = new AdminServer({ metrics, onStop: events.onStopRequest });
    this.#capture =
      capture && new Capture(capture, nodeId, (problem) => events.log("warn", problem));
  }

  /** Finishes what is on its way to disk and to others, then lets go of everything. */
  async stop(): Promise<void> {
    const replica = this.#replica;
    // Time goes on while a leader hands over.
    if (replica) await new Promise<void>((done) => replica.stop(done));
    clearInterval(this.#ticking);
    await this.#closeAll();
  }

  /** For the way out of a process that can do nothing else any more. */
  releaseLock(): void {
    this.#lock.release();
  }

  async #listen(): Promise<NodeAddresses> {
    const { peer, client, admin } = this.#configuration;
    return {
      peer: writeAddress(await this.#link.listen("peer", checkedAddress(peer))),
      client: writeAddress(await this.#link.listen("client", checkedAddress(client))),
      admin: writeAddress(await this.#admin.listen(checkedAddress(admin))),
    };
  }

  #startReplica(addresses: NodeAddresses): void {
    const { nodeId, clusterId, founders, tickMs, readLease, snapshotEvery } = this.#configuration;
    const replica = createReplica(
      {
        nodeId,
        clusterId,
        release: RELEASE,
        peerAddress: addresses.peer,
        clientAddress: addresses.client,
        founders,
        tickMs,
        readLease,
        snapshotEvery,
      },
      {
        clock: monotonicClock,
        chance: systemChance,
        disk: this.#disk,
        link: this.#link,
        // Sockets are read one after the other in each round of the loop; this comes behind them all.
        defer: (work) => void setImmediate(work),
        observe: (event) => this.#observe(event),
        halt: this.#events.onHalt,
      },
    );
    const outcome = replica.start();
    if (!outcome.started) throw new StartRefused(outcome.code, outcome.message);
    this.#replica = replica;
    this.#metrics.showStatus(() => replica.status());
    this.#link.serve(this.#capture?.before(replica) ?? replica);
    this.#admin.serve(replica);
    this.#ticking = setInterval(() => replica.onTick(), tickMs);
  }

  #observe(event: ReplicaEvent): void {
    if (event.kind === "count") this.#metrics.count(event);
    else this.#events.log(event.level, event.message, event.fields);
  }

  #onLinkFailure(failure: LinkFailure): void {
    const { side, address, reason, text } = failure;
    this.#metrics.countFailure(failure);
    this.#events.log("warn", `Connection failed: ${text}`, { side, address, reason });
  }

  async #closeAll(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#link.closeAll()]);
    await this.#disk.close();
    await this.#capture?.end();
    this.#lock.release();
  }
}

function checkedAddress(text: string): Address {
  const address = readAddress(text);
  if (address) return address;
  throw new StartRefused("bad_configuration", `Cannot listen on "${text}": it is not host:port`);
}
