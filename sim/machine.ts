/** The cluster of a simulation: which build runs on which node, how it starts, stops and starts again. */
import type { HaltReason, ReplicaOptions } from "../raft/replica/index.ts";
import type { Build } from "./build.ts";
import type { CrashMoment, Schedule, StopMode } from "./schedule.ts";
import { Violation } from "./violation.ts";
import type { Watch } from "./watch.ts";
import { addressOf, type VirtualCluster } from "./world/index.ts";

/** A node that did not come up is tried again after so long. */
const RETRY_MS = 100;
/** What a process that is told to stop may take. */
const STOP_MS = 3_000;

export interface MachineParts {
  readonly cluster: VirtualCluster;
  readonly schedule: Schedule;
  readonly builds: ReadonlyMap<string, Build>;
  readonly watch: Watch;
}

interface Place {
  release: string;
  readonly options: Partial<ReplicaOptions>;
  /** Bits that had rotted when this life began; more of them excuse its end. */
  rottenBefore: number;
  diskFailed: boolean;
  isDown: boolean;
  isStopping: boolean;
}

export class Machine {
  readonly places: Map<number, Place> = new Map();
  readonly releases: Set<string> = new Set();
  private readonly parts: MachineParts;
  starts = 0;
  refusedStarts = 0;
  halts = 0;

  constructor(parts: MachineParts) {
    this.parts = parts;
    parts.cluster.onHalt = (id, reason) => this.onHalt(id, reason);
  }

  /** A founder, or with no founders one that waits to be added. */
  place(id: number, release: string, options: Partial<ReplicaOptions>): void {
    const { snapshotEvery } = this.parts.schedule;
    const state = { rottenBefore: 0, diskFailed: false, isDown: true, isStopping: false };
    this.places.set(id, { release, options: { snapshotEvery, ...options }, ...state });
    const node = this.parts.cluster.node(id);
    node.isLogging = false;
    node.disk.powerCut = () => this.end(id, "power");
    this.parts.watch.follow(node);
  }

  isUp(id: number): boolean {
    return this.parts.cluster.nodes.get(id)?.replica !== undefined;
  }

  start(id: number): void {
    const place = this.places.get(id);
    if (!place || this.isUp(id)) return;
    const { cluster, builds } = this.parts;
    const node = cluster.node(id);
    const build = builds.get(place.release);
    if (!build) throw new RangeError(`Cannot start node ${id}: no release "${place.release}"`);
    const rotten = node.disk.rotten;
    place.isDown = false;
    place.isStopping = false;
    place.diskFailed = false;
    place.rottenBefore = rotten;
    cluster.programs.set(id, { release: build.name, createReplica: build.createReplica });
    this.starts++;
    const outcome = cluster.start(id, place.options);
    if (outcome.started) return;
    this.refusedStarts++;
    place.isDown = true;
    if (node.disk.rotten === rotten)
      throw new Violation(
        "ALIVE",
        `node ${id} (${place.release}) does not start: ${outcome.code}: ${outcome.message}`,
      );
    this.startLater(id, RETRY_MS);
  }

  startLater(id: number, afterMs: number): void {
    this.parts.cluster.time.after(afterMs, () => this.start(id));
  }

  startAll(): void {
    for (const id of this.places.keys()) this.start(id);
  }

  /** Ends a life now; `watch` looks at what the disks still hold. */
  end(id: number, how: "process" | "power"): void {
    const place = this.places.get(id);
    if (!place) return;
    const { cluster, watch } = this.parts;
    if (how === "power") cluster.crash(id);
    else cluster.kill(id);
    place.isDown = true;
    watch.forget(id);
    watch.scanDisks();
  }

  crash(id: number, when: CrashMoment, forMs: number): void {
    if (!this.isUp(id)) return;
    const { disk } = this.parts.cluster.node(id);
    if (when === "process" || when === "power") {
      this.end(id, when);
      return this.startLater(id, forMs);
    }
    disk.cutAt = when;
    disk.powerCut = () => {
      this.end(id, "power");
      this.startLater(id, forMs);
    };
  }

  /** Stops the node, in one of the ways in which nodes stop, and starts it with this release. */
  replace(id: number, release: string, mode: StopMode): void {
    const place = this.places.get(id);
    if (!place) return;
    const go = (): void => {
      if (this.isUp(id)) this.end(id, mode === "power" ? "power" : "process");
      place.release = release;
      this.start(id);
    };
    const replica = this.parts.cluster.nodes.get(id)?.replica;
    if (mode !== "stop" || !replica) return go();
    let isGone = false;
    const once = (): void => {
      if (isGone) return;
      isGone = true;
      go();
    };
    place.isStopping = true;
    replica.stop(once);
    this.parts.cluster.time.after(STOP_MS, once);
  }

  expectDiskFailure(id: number): void {
    const place = this.places.get(id);
    if (place) place.diskFailed = true;
  }

  private onHalt(id: number, { code, message }: HaltReason): void {
    if (this.parts.watch.found) throw this.parts.watch.found;
    const place = this.places.get(id);
    const { disk } = this.parts.cluster.node(id);
    this.halts++;
    disk.crash();
    this.parts.watch.forget(id);
    const isExcused =
      (place?.diskFailed && code === "disk_failed") || disk.rotten > (place?.rottenBefore ?? 0);
    if (!place || !isExcused)
      throw new Violation("ALIVE", `node ${id} (${place?.release}) halts: ${code}: ${message}`);
    place.isDown = true;
    this.startLater(id, RETRY_MS);
  }
}

export function founderOptions(nodes: number): Partial<ReplicaOptions> {
  return { founders: Array.from({ length: nodes }, (_, place) => addressOf(place + 1)) };
}
