/** Upgrades, rollbacks and activations: one step after the other while faults go on. */
import type { Machine } from "./machine.ts";
import { describeRollStep, type FaultKind, type RollStep, type StopMode } from "./schedule.ts";
import { readManifest } from "./stored-bytes.ts";
import type { VirtualCluster, VirtualNode } from "./world/index.ts";

const LOOK_EVERY_MS = 50;
/** A node that can not lead now is not waited for. */
const LEAD_MS = 3_000;

export interface RollParts {
  readonly steps: readonly RollStep[];
  readonly story: string[];
  readonly inject: (fault: FaultKind) => void;
}

export class Roll {
  private readonly cluster: VirtualCluster;
  private readonly machine: Machine;
  private readonly parts: RollParts;
  private next = 0;
  private isAsked = false;
  private askedMs = 0;
  /** What ran on a node before a stray one. */
  private before = "";
  /** A replacement that waits until what is stored can be read by its release. */
  private waiting:
    | { readonly node: number; readonly release: string; readonly mode: StopMode }
    | undefined;
  /** As the last leader said that was seen; undefined: the founders. */
  private memberIds: readonly number[] | undefined;
  /** The release that the cluster rolls to. */
  target: string | undefined;

  constructor(cluster: VirtualCluster, machine: Machine, parts: RollParts) {
    this.cluster = cluster;
    this.machine = machine;
    this.parts = parts;
  }

  get isDone(): boolean {
    return this.next >= this.parts.steps.length;
  }

  get present(): RollStep | undefined {
    return this.parts.steps[this.next];
  }

  start(): void {
    const step = this.present;
    if (!step) return;
    if (!this.isAsked) {
      this.isAsked = true;
      this.askedMs = this.cluster.time.nowMs();
      this.parts.story.push(
        `${String(Math.round(this.askedMs)).padStart(6)} ms ${describeRollStep(step)}`,
      );
      this.begin(step);
    }
    const isReached = this.isReached(step);
    const waitMs = "forMs" in step ? this.askedMs + step.forMs - this.cluster.time.nowMs() : 0;
    this.cluster.time.after(isReached ? Math.max(0, waitMs) : LOOK_EVERY_MS, () => {
      if (isReached) this.end(step);
      this.start();
    });
  }

  /** Brings a member that nobody rolls any more to a release that reads what is active, and removes the dead. */
  repair(): void {
    const { machine, target, cluster } = this;
    const leader = machine.leader();
    // An addition that was on its way when its node was ended for good.
    for (const { id } of leader?.members ?? [])
      if (!machine.places.has(id))
        cluster.nodes
          .get(leader?.nodeId ?? 0)
          ?.replica?.changeMembership({ kind: "remove", id }, () => {});
    if (target === undefined || !this.isDone) return;
    for (const [id, { release }] of machine.places)
      if (this.isMember(id) && !machine.reads(release, machine.activeVersion()))
        machine.replace(id, target, "process");
  }

  private begin(step: RollStep): void {
    const { machine } = this;
    switch (step.kind) {
      case "replace":
        this.waiting = step;
        return;
      case "replaceRest":
        this.target = step.release;
        return;
      case "replaceAll":
        for (const id of machine.places.keys()) machine.end(id, "power");
        for (const [place, release] of step.releases.entries())
          if (this.mayRun(place + 1, release)) machine.setRelease(place + 1, release);
        for (const id of machine.places.keys()) machine.startLater(id, step.forMs);
        return;
      case "activateEarly":
        return this.activateEarly(step.version);
      case "stray":
        this.before = machine.places.get(step.node)?.release ?? "";
        return machine.replace(step.node, step.release, "process");
      case "inject":
        return this.parts.inject(step.fault);
      default:
        return;
    }
  }

  private end(step: RollStep): void {
    this.next++;
    this.isAsked = false;
    if (step.kind === "stray") this.machine.replace(step.node, this.before, "process");
  }

  private isReached(step: RollStep): boolean {
    switch (step.kind) {
      case "replace":
        return this.isReplaced(step.node, step.release);
      case "replaceRest":
        return this.isRestReplaced(step);
      case "replaceAll":
        return this.cluster.time.nowMs() >= this.askedMs + step.forMs;
      case "activate":
        this.machine.orderedVersion = Math.max(this.machine.orderedVersion, step.version);
        return this.onAll(
          ({ running }) => running.activate(step.version, () => {}),
          ({ running }) => running.status().activeVersion >= step.version,
        );
      case "rewrite":
        return this.onAll(
          ({ running }) => running.takeSnapshot(() => {}),
          (node) => readManifest(node.disk) !== undefined && lowestVersion(node) >= step.version,
        );
      case "lead":
        return this.leads(step.node);
      case "catchUp":
        return this.hasCaughtUp(step.node);
      default:
        return true;
    }
  }

  /** Members are replaced once the release can read what they stored; whoever is none is left alone. */
  private isReplaced(id: number, release: string): boolean {
    const { machine, cluster, waiting } = this;
    const place = machine.places.get(id);
    if (!place || !this.isMember(id)) return true;
    // What was activated meanwhile, by whatever leader, rules out the way back.
    if (!machine.reads(release, machine.activeVersion())) return true;
    if (waiting) {
      if (!this.isReadyFor(id, release)) return false;
      this.waiting = undefined;
      machine.replace(id, release, waiting.mode);
      return false;
    }
    return machine.isUp(id) && cluster.node(id).running.status().release === release;
  }

  /** A member, once the release can read what is active and what it stored. */
  private mayRun(id: number, release: string): boolean {
    const { machine } = this;
    if (!this.isMember(id) || !machine.places.has(id)) return false;
    return machine.reads(release, machine.activeVersion()) && this.isReadyFor(id, release);
  }

  private isReadyFor(id: number, release: string): boolean {
    const node = this.cluster.node(id);
    const min = this.machine.rangeOf(release)?.min ?? 0;
    if (lowestVersion(node) >= min) return true;
    if (this.machine.isUp(id)) node.running.takeSnapshot(() => {});
    return false;
  }

  private isRestReplaced({ release, mode }: Extract<RollStep, { kind: "replaceRest" }>): boolean {
    const { machine } = this;
    const late = [...machine.places].find(([id, place]) => {
      return this.isMember(id) && place.release !== release;
    });
    if (!late) return true;
    const [id] = late;
    if (!machine.reads(release, machine.activeVersion())) return true;
    if (this.isReadyFor(id, release)) machine.replace(id, release, mode);
    return false;
  }

  /** Nobody may agree while a member never could read it. */
  private activateEarly(version: number): void {
    const { machine } = this;
    machine.orderedVersion = Math.max(machine.orderedVersion, version);
    for (const { id, running } of this.cluster.running()) {
      const blind = running
        .status()
        .members.filter((member) => !machine.couldRead(member.id, version));
      running.activate(version, ({ ok }) => {
        if (ok && blind.length > 0)
          machine.fail(
            "FLOOR",
            `node ${id} activates version ${version}, which members ${blind.map((member) => member.id).join(", ")} never could read`,
          );
      });
    }
  }

  private leads(id: number): boolean {
    const leader = this.machine.leader();
    const isOver = this.cluster.time.nowMs() > this.askedMs + LEAD_MS;
    if (leader?.nodeId === id || isOver || !this.isMember(id)) return true;
    if (leader) this.cluster.node(leader.nodeId).running.transferLeadership(id, () => {});
    return false;
  }

  private hasCaughtUp(id: number): boolean {
    const leader = this.machine.leader();
    if (!this.isMember(id) || !this.machine.places.has(id)) return true;
    if (!leader || !this.machine.isUp(id)) return false;
    return this.cluster.node(id).running.status().applied >= leader.snapshotIndex;
  }

  private isMember(id: number): boolean {
    const leader = this.machine.leader();
    if (leader) this.memberIds = leader.members.map((member) => member.id);
    return this.memberIds?.includes(id) ?? true;
  }

  /** Every member must be up and have reached it; whoever has not is asked again. */
  private onAll(ask: (node: VirtualNode) => void, holds: (node: VirtualNode) => boolean): boolean {
    const leader = this.machine.leader();
    let all = leader !== undefined;
    for (const { id } of leader?.members ?? []) {
      const place = this.machine.places.get(id);
      if (!place) continue;
      const node = this.cluster.node(id);
      // A member that joined with another release holds up everybody else.
      if (
        this.target !== undefined &&
        place.release !== this.target &&
        this.isReadyFor(id, this.target)
      )
        this.machine.replace(id, this.target, "process");
      if (!node.replica) all = false;
      else if (!holds(node)) {
        all = false;
        ask(node);
      }
    }
    return all;
  }
}

/** Of what is stored, and of what the manifest still announces: it is the last to be written. */
function lowestVersion({ replica, disk }: VirtualNode): number {
  const named = readManifest(disk)?.named;
  const stored = replica?.status().content.map(({ version }) => version) ?? [];
  return Math.min(...(named ?? []), ...stored);
}
