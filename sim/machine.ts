/** The cluster of a simulation: which build runs on which node, how it starts, stops and starts again. */
import type {
  HaltReason,
  ReplicaOptions,
  ReplicaStatus,
  StartOutcome,
} from "../raft/replica/index.ts";
import type { Build } from "./build.ts";
import { hasDefect } from "./known-defects.ts";
import type { CrashMoment, Schedule, StopMode } from "./schedule.ts";
import { isReadableBy, readManifest } from "./stored-bytes.ts";
import { type Oracle, Violation } from "./violation.ts";
import type { Watch } from "./watch.ts";
import { WireLedger } from "./wire-ledger.ts";
import { addressOf, SeededChance, type VirtualCluster } from "./world/index.ts";

/** A node that did not come up is tried again after so long. */
const RETRY_MS = 100;
/** What a process that is told to stop may take. */
const STOP_MS = 3_000;

/** By these a node stops that meets what its release can not read. */
const STRAY_CODES = ["activated_version_unsupported", "entry_version_unsupported"];

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
  /** Likewise the errors of the disk. */
  failuresBefore: number;
  isDown: boolean;
  isStopping: boolean;
  /** How much earlier its clock begins in the next life. */
  clockBackMs: number;
}

export class Machine {
  readonly places: Map<number, Place> = new Map();
  readonly releases: Set<string> = new Set();
  readonly wire: WireLedger;
  private readonly parts: MachineParts;
  /** Every release that was ever started on a node. */
  private readonly ranOn: Map<number, Set<string>> = new Map();
  /** Nodes that may have lost what they had not synced. */
  private readonly powerCuts: Set<number> = new Set();
  private activeMax = 0;
  private readonly couldReadMax: Map<number, number> = new Map();
  /** The highest version whose activation was ordered. */
  orderedVersion = 0;
  starts = 0;
  refusedStarts = 0;
  halts = 0;

  constructor(parts: MachineParts) {
    this.parts = parts;
    const { cluster, watch } = parts;
    watch.excusesUnnamed = (id) =>
      [...(this.ranOn.get(id) ?? [])].some((release) => hasDefect(release, "versionNamedLate"));
    this.wire = new WireLedger({
      taking: () => cluster.network.taking,
      ignorable: watch.ignorable,
      excuses: (id, defect) => hasDefect(this.places.get(id)?.release ?? "", defect),
      excusesSnapshot: (id) =>
        this.powerCuts.has(id) || [...cluster.nodes.values()].some(({ disk }) => disk.rotten > 0),
      rangeOf: (id) => this.buildOf(id)?.range,
      activeVersionOf: (id) => watch.sightOf(id)?.activeVersion,
      fail: (message) => watch.fail("WIRE", message),
    });
    parts.cluster.onHalt = (id, reason) => this.onHalt(id, reason);
  }

  /** A founder, or with no founders one that waits to be added. */
  place(id: number, release: string, options: Partial<ReplicaOptions>): void {
    const { snapshotEvery, readLease = false, seed } = this.parts.schedule;
    const state = { rottenBefore: 0, failuresBefore: 0, isDown: true, isStopping: false };
    const clockBackMs = 0;
    const chosen = { snapshotEvery, readLease, ...options };
    this.places.set(id, { release, options: chosen, clockBackMs, ...state });
    const node = this.parts.cluster.node(id);
    node.isLogging = false;
    node.onEvent = (event) => this.wire.observe(id, event);
    node.disk.powerCut = () => this.end(id, "power");
    node.disk.drawPace(new SeededChance(seed * 31 + id));
    this.parts.watch.follow(node);
  }

  /** Numbers of the addresses that somebody has, whoever it is. */
  listening(): readonly number[] {
    return [...this.places].map(([id, { options }]) => {
      const [, number] = /^client-(\d+):/.exec(options.clientAddress ?? "") ?? [];
      return number === undefined ? id : Number(number);
    });
  }

  set onElected(tell: (id: number) => void) {
    this.parts.watch.onElected = tell;
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
    place.failuresBefore = node.disk.failures;
    place.rottenBefore = rotten;
    node.clockAheadMs -= place.clockBackMs;
    place.clockBackMs = 0;
    this.ranOn.set(id, (this.ranOn.get(id) ?? new Set()).add(build.name));
    cluster.programs.set(id, { release: build.name, createReplica: build.createReplica });
    this.starts++;
    const isReadable = isReadableBy(node.disk, build.range);
    const before = isReadable ? "" : node.disk.picture();
    const outcome = this.begin(id, place.options);
    if (outcome.started && !isReadable)
      this.parts.watch.fail(
        "FLOOR",
        `node ${id} starts with ${place.release}, which does not read what its manifest names`,
      );
    if (outcome.started) {
      const { max } = build.range;
      this.couldReadMax.set(id, Math.max(this.couldReadMax.get(id) ?? 0, max));
      return;
    }
    this.refusedStarts++;
    place.isDown = true;
    if (!isReadable && node.disk.picture() !== before)
      this.parts.watch.fail("FLOOR", `node ${id} refuses to start, and has changed its disk`);
    if (isReadable && node.disk.rotten === rotten)
      throw new Violation(
        "ALIVE",
        `node ${id} (${place.release}) does not start: ${outcome.code}: ${outcome.message}`,
      );
    this.startLater(id, RETRY_MS);
  }

  /** What a start throws would end a process. */
  private begin(id: number, options: Place["options"]): StartOutcome {
    try {
      return this.parts.cluster.start(id, options);
    } catch (error) {
      if (error instanceof Violation) throw error;
      return { started: false, code: "thrown", message: String(error) };
    }
  }

  fail(oracle: Oracle, message: string): never {
    return this.parts.watch.fail(oracle, message);
  }

  /** Who leads the latest term, as far as it knows. */
  leader(): ReplicaStatus | undefined {
    const rows = this.parts.cluster.running().map(({ running }) => running.status());
    const leaders = rows.filter(({ role }) => role === "leader");
    return leaders.sort((one, other) => other.term - one.term)[0];
  }

  /** What the cluster writes by now: a manifest names it before anybody writes it. */
  activeVersion(): number {
    for (const { disk } of this.parts.cluster.nodes.values())
      this.activeMax = Math.max(this.activeMax, readManifest(disk)?.activeVersion ?? 0);
    return this.activeMax;
  }

  reads(release: string, version: number): boolean {
    const range = this.parts.builds.get(release)?.range;
    return range !== undefined && range.min <= version && version <= range.max;
  }

  rangeOf(release: string): { readonly min: number; readonly max: number } | undefined {
    return this.parts.builds.get(release)?.range;
  }

  /** Whether some life of this node could read the version. */
  couldRead(id: number, version: number): boolean {
    return (this.couldReadMax.get(id) ?? 0) >= version;
  }

  addressOf(id: number): Pick<ReplicaOptions, "peerAddress" | "clientAddress"> | undefined {
    const { peerAddress, clientAddress } = this.places.get(id)?.options ?? {};
    return peerAddress === undefined || clientAddress === undefined
      ? undefined
      : { peerAddress, clientAddress };
  }

  setClockBack(id: number, byMs: number): void {
    const place = this.places.get(id);
    if (place) place.clockBackMs += byMs;
  }

  /** Takes effect at the next start. */
  setRelease(id: number, release: string): void {
    const place = this.places.get(id);
    if (place) place.release = release;
  }

  private buildOf(id: number): Build | undefined {
    return this.parts.builds.get(this.places.get(id)?.release ?? "");
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
    if (how === "power") {
      this.powerCuts.add(id);
      cluster.crash(id);
    } else cluster.kill(id);
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

  private onHalt(id: number, { code, message }: HaltReason): void {
    if (this.parts.watch.found) throw this.parts.watch.found;
    const place = this.places.get(id);
    const { disk } = this.parts.cluster.node(id);
    this.halts++;
    this.powerCuts.add(id);
    disk.crash();
    this.parts.watch.forget(id);
    const isExcused =
      this.isStray(id, code) ||
      (code === "disk_failed" && disk.failures > (place?.failuresBefore ?? 0)) ||
      disk.rotten > (place?.rottenBefore ?? 0);
    if (!place || !isExcused)
      this.fail("ALIVE", `node ${id} (${place?.release}) halts: ${code}: ${message}`);
    place.isDown = true;
    this.startLater(id, RETRY_MS);
  }

  /** It was started with a release that can not read what is active, or is about to be: it must stop. */
  private isStray(id: number, code: string): boolean {
    const { release = "" } = this.places.get(id) ?? {};
    if (!STRAY_CODES.includes(code)) return false;
    return !this.reads(release, Math.max(this.activeVersion(), this.orderedVersion));
  }
}

export function founderOptions(nodes: number): Partial<ReplicaOptions> {
  return { founders: Array.from({ length: nodes }, (_, place) => addressOf(place + 1)) };
}
