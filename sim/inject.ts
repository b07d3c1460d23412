/** Carries out the faults of a schedule on a running cluster. */
import type { Machine } from "./machine.ts";
import { isMemberFault, Members } from "./members.ts";
import { describeFault, type Fault, type FaultKind, LEADER } from "./schedule.ts";
import type { SimulatedWeather } from "./weather.ts";
import type { VirtualCluster } from "./world/index.ts";

const IO_ERROR = { code: "EIO", message: "the virtual disk could not sync" };
const NOBODY = (): void => {};
/** Fields that may say `LEADER`. */
const NODE_FIELDS = ["node", "from", "to"];
/** Before a laggard is back, the others have to write their snapshots. */
const SNAPSHOT_TAKES_MS = 60;

export class Injector {
  readonly cluster: VirtualCluster;
  readonly machine: Machine;
  private readonly weather: SimulatedWeather;
  private readonly pausedUntilMs: Map<number, number> = new Map();
  /** Carried out so far, for the story of a failure. */
  readonly story: string[] = [];
  /** How many of each kind. */
  readonly counts: Map<FaultKind["kind"], number> = new Map();
  private readonly members: Members;
  /** What waits for the next election. */
  private readonly onElected: ((id: number) => void)[] = [];
  /** What waits for the next part of a snapshot. */
  private readonly onChunk: ((from: number, to: number) => void)[] = [];
  private isOver = false;

  constructor(cluster: VirtualCluster, machine: Machine, weather: SimulatedWeather) {
    this.cluster = cluster;
    this.machine = machine;
    this.weather = weather;
    this.members = new Members(cluster, machine);
    machine.onElected = (id) => this.onElected.shift()?.(id);
    cluster.time.heldUntilMs = (owner) => this.pausedUntilMs.get(owner) ?? 0;
  }

  plan(faults: readonly Fault[]): void {
    for (const fault of faults)
      this.cluster.time.after(fault.atMs, () => {
        if (this.isOver) return;
        const now = this.resolved(fault);
        this.story.push(describeFault(now));
        this.inject(now);
      });
  }

  /** Everything is well from now on; what was planned for later does not happen. */
  heal(): void {
    this.isOver = true;
    this.members.isOver = true;
    this.pausedUntilMs.clear();
    this.weather.heal();
    for (const node of this.cluster.nodes.values()) {
      const { disk } = node;
      node.tickTimes = 1;
      disk.isFull = false;
      disk.failNextSync = undefined;
      disk.cutAt = undefined;
      disk.rotsBelow = undefined;
      disk.jitterMs = 0;
    }
  }

  /** Something that happens now. */
  inject(meant: FaultKind): void {
    if (this.isOver) return;
    const fault = this.resolved(meant);
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    if (isMemberFault(fault)) return this.members.order(fault);
    this.disturb(fault);
  }

  /** With the node that leads now in the place of `LEADER`. */
  private resolved<T extends FaultKind>(fault: T): T {
    const who = (id: number): number => (id === LEADER ? (this.machine.leader()?.nodeId ?? 1) : id);
    const named = Object.entries(fault).map(([name, value]): [string, unknown] => {
      if (Array.isArray(value) && name === "side") return [name, value.map(who)];
      return [name, NODE_FIELDS.includes(name) ? who(value as number) : value];
    });
    return Object.fromEntries(named) as unknown as T;
  }

  /** To be called when a part of a snapshot is sent. */
  onSnapshotSent(from: number, to: number): void {
    this.onChunk.shift()?.(from, to);
  }

  private crashSoon(
    id: number,
    { afterMs, when, forMs }: Extract<FaultKind, { readonly kind: "electionCrash" | "chunkCrash" }>,
  ): void {
    this.cluster.time.after(afterMs, () => {
      if (!this.isOver) this.machine.crash(id, when, forMs);
    });
  }

  private slowTicks({
    node,
    times,
    forMs,
  }: Extract<FaultKind, { readonly kind: "slowTicks" }>): void {
    this.cluster.node(node).tickTimes = times;
    this.cluster.time.after(forMs, () => {
      this.cluster.node(node).tickTimes = 1;
    });
  }

  private disturb(fault: Exclude<FaultKind, Parameters<Members["order"]>[0]>): void {
    const { machine, weather } = this;
    // biome-ignore lint/nursery/useExhaustiveSwitchCases: it takes the narrowed union for the whole one.
    switch (fault.kind) {
      case "crash":
        return machine.crash(fault.node, fault.when, fault.forMs);
      case "electionCrash":
        this.onElected.push((id) => this.crashSoon(id, fault));
        return;
      case "chunkCrash":
        this.onChunk.push((from, to) => this.crashSoon(fault.side === "sender" ? from : to, fault));
        return;
      case "slowTicks":
        return this.slowTicks(fault);
      case "fullStop":
        for (const id of machine.places.keys()) machine.crash(id, "power", fault.forMs);
        return;
      case "noise":
        return weather.makeNoise(fault, fault.forMs);
      case "partition":
        return this.partition(fault);
      case "clog":
        return weather.clog(`node ${fault.from}`, `node ${fault.to}`, fault.forMs);
      case "pause":
        this.pausedUntilMs.set(fault.node, this.cluster.time.nowMs() + fault.forMs);
        return;
      case "clockJump":
        this.cluster.node(fault.node).clockAheadMs += fault.byMs;
        return;
      case "slowDisk":
      case "fullDisk":
      case "syncError":
      case "bitRot":
        return this.spoilDisk(fault);
      case "clockBack":
        machine.setClockBack(fault.node, fault.byMs);
        return;
      case "snapshot":
        return this.cluster.nodes.get(fault.node)?.replica?.takeSnapshot(NOBODY);
      case "transfer":
        return this.cluster.nodes.get(fault.node)?.replica?.transferLeadership(fault.to, NOBODY);
      case "laggard":
        return this.leaveBehind(fault.node, fault.forMs);
    }
  }

  private partition({
    side,
    oneWay,
    forMs,
  }: Pick<Extract<FaultKind, { readonly kind: "partition" }>, "side" | "oneWay" | "forMs">): void {
    const names = [...this.machine.places.keys()].map((id): [number, string] => [id, `node ${id}`]);
    const inside = names.filter(([id]) => side.includes(id));
    const outside = names.filter(([id]) => !side.includes(id));
    const pairs = inside.flatMap(([, one]) =>
      outside.flatMap(([, other]): [string, string][] =>
        oneWay
          ? [[one, other]]
          : [
              [one, other],
              [other, one],
            ],
      ),
    );
    this.weather.cut(pairs, forMs);
  }

  private spoilDisk(
    fault: Extract<FaultKind, { readonly kind: "slowDisk" | "fullDisk" | "syncError" | "bitRot" }>,
  ): void {
    const { disk } = this.cluster.node(fault.node);
    const { time } = this.cluster;
    if (fault.kind === "bitRot") {
      disk.rotsBelow = `${fault.folder}/`;
      return;
    }
    if (fault.kind === "slowDisk") {
      disk.jitterMs = fault.byMs;
      time.after(fault.forMs, () => {
        disk.jitterMs = 0;
      });
      return;
    }
    if (fault.kind === "syncError") disk.failNextSync = IO_ERROR;
    else disk.isFull = true;
    time.after(fault.forMs, () => {
      disk.isFull = false;
      disk.failNextSync = undefined;
    });
  }

  /** When it is back, the entries that it lacks stand in no log any more. */
  private leaveBehind(id: number, forMs: number): void {
    this.partition({ side: [id], oneWay: false, forMs });
    this.cluster.time.after(Math.max(0, forMs - SNAPSHOT_TAKES_MS), () => {
      for (const { id: other, replica } of this.cluster.nodes.values())
        if (other !== id) replica?.takeSnapshot(NOBODY);
    });
  }
}
