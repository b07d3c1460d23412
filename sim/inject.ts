/** Carries out the faults of a schedule on a running cluster. */
import type { Machine } from "./machine.ts";
import { describeFault, type Fault } from "./schedule.ts";
import type { SimulatedWeather } from "./weather.ts";
import { addressOf, type VirtualCluster } from "./world/index.ts";

const IO_ERROR = { code: "EIO", message: "the virtual disk could not sync" };
const NOBODY = (): void => {};

export class Injector {
  readonly cluster: VirtualCluster;
  readonly machine: Machine;
  private readonly weather: SimulatedWeather;
  private readonly pausedUntilMs: Map<number, number> = new Map();
  /** Carried out so far, for the story of a failure. */
  readonly story: string[] = [];
  private isOver = false;

  constructor(cluster: VirtualCluster, machine: Machine, weather: SimulatedWeather) {
    this.cluster = cluster;
    this.machine = machine;
    this.weather = weather;
    cluster.time.heldUntilMs = (owner) => this.pausedUntilMs.get(owner) ?? 0;
  }

  plan(faults: readonly Fault[]): void {
    for (const fault of faults)
      this.cluster.time.after(fault.atMs, () => {
        if (this.isOver) return;
        this.story.push(describeFault(fault));
        this.inject(fault);
      });
  }

  /** Everything is well from now on; what was planned for later does not happen. */
  heal(): void {
    this.isOver = true;
    this.pausedUntilMs.clear();
    this.weather.heal();
    for (const { disk } of this.cluster.nodes.values()) {
      disk.isFull = false;
      disk.failNextSync = undefined;
      disk.cutAt = undefined;
      disk.rotsBelow = undefined;
      disk.jitterMs = 0;
    }
  }

  private inject(fault: Fault): void {
    const { machine, weather } = this;
    switch (fault.kind) {
      case "crash":
        return machine.crash(fault.node, fault.when, fault.forMs);
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
      default:
        return this.order(fault);
    }
  }

  private partition({ side, oneWay, forMs }: Extract<Fault, { readonly kind: "partition" }>): void {
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
    fault: Extract<Fault, { readonly kind: "slowDisk" | "fullDisk" | "syncError" | "bitRot" }>,
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
    this.machine.expectDiskFailure(fault.node);
    if (fault.kind === "syncError") disk.failNextSync = IO_ERROR;
    else disk.isFull = true;
    time.after(fault.forMs, () => {
      disk.isFull = false;
      disk.failNextSync = undefined;
    });
  }

  private order(
    fault: Extract<
      Fault,
      { readonly kind: "snapshot" | "transfer" | "add" | "remove" | "reuseAddress" }
    >,
  ): void {
    const { cluster, machine } = this;
    const replica = cluster.nodes.get(fault.node)?.replica;
    // biome-ignore lint/nursery/useExhaustiveSwitchCases: it takes the narrowed union for the whole one.
    switch (fault.kind) {
      case "snapshot":
        return replica?.takeSnapshot(NOBODY);
      case "transfer":
        return replica?.transferLeadership(fault.to, NOBODY);
      case "add":
        return this.add(fault.node, addressOf(fault.node), fault.as);
      case "remove":
        return this.onEach((id) =>
          cluster.nodes
            .get(id)
            ?.replica?.changeMembership({ kind: "remove", id: fault.node }, NOBODY),
        );
      case "reuseAddress": {
        if (!machine.places.has(fault.node)) return;
        this.onEach((id) =>
          cluster.nodes
            .get(id)
            ?.replica?.changeMembership({ kind: "remove", id: fault.node }, NOBODY),
        );
        machine.end(fault.node, "process");
        machine.places.delete(fault.node);
        return this.add(
          fault.newcomer,
          { ...addressOf(fault.node), id: fault.newcomer },
          "learner",
        );
      }
    }
  }

  private add(id: number, member: ReturnType<typeof addressOf>, as: "voter" | "learner"): void {
    const { cluster, machine } = this;
    const { peerAddress, clientAddress } = member;
    if (!machine.places.has(id)) {
      const release = [...machine.places.values()][0]?.release ?? "";
      machine.place(id, release, { founders: [], peerAddress, clientAddress });
      machine.start(id);
    }
    const kind = as === "voter" ? "addVoter" : "addLearner";
    this.onEach((each) =>
      cluster.nodes.get(each)?.replica?.changeMembership({ kind, member }, NOBODY),
    );
  }

  /** Only the leader carries out such an order; the others refuse it. */
  private onEach(order: (id: number) => void): void {
    for (const id of this.machine.places.keys()) order(id);
  }
}
