/** Upgrades, rollbacks and activations: one step after the other while faults go on. */
import type { Machine } from "./machine.ts";
import { describeRollStep, type RollStep } from "./schedule.ts";
import type { VirtualCluster, VirtualNode } from "./world/index.ts";

const LOOK_EVERY_MS = 50;

export class Roll {
  private readonly cluster: VirtualCluster;
  private readonly machine: Machine;
  private readonly steps: readonly RollStep[];
  private readonly story: string[];
  private next = 0;
  private isAsked = false;

  constructor(
    cluster: VirtualCluster,
    machine: Machine,
    { steps, story }: { readonly steps: readonly RollStep[]; readonly story: string[] },
  ) {
    this.cluster = cluster;
    this.machine = machine;
    this.steps = steps;
    this.story = story;
  }

  get isDone(): boolean {
    return this.next >= this.steps.length;
  }

  get present(): RollStep | undefined {
    return this.steps[this.next];
  }

  start(): void {
    const step = this.steps[this.next];
    if (!step) return;
    if (!this.isAsked) {
      this.isAsked = true;
      const atMs = Math.round(this.cluster.time.nowMs());
      this.story.push(`${String(atMs).padStart(6)} ms ${describeRollStep(step)}`);
      if (step.kind === "replace") this.machine.replace(step.node, step.release, step.mode);
      if (step.kind === "wait") return this.later(step.forMs, true);
    }
    this.later(LOOK_EVERY_MS, this.isReached(step));
  }

  private later(afterMs: number, isReached: boolean): void {
    this.cluster.time.after(afterMs, () => {
      if (isReached) {
        this.next++;
        this.isAsked = false;
      }
      this.start();
    });
  }

  private isReached(step: RollStep): boolean {
    switch (step.kind) {
      case "wait":
        return true;
      case "replace":
        return (
          this.machine.isUp(step.node) &&
          this.cluster.node(step.node).running.status().release === step.release
        );
      case "activate":
        return this.onAll(
          ({ running }) => running.activate(step.version, () => {}),
          ({ running }) => running.status().activeVersion >= step.version,
        );
      case "rewrite":
        return this.onAll(
          ({ running }) => running.takeSnapshot(() => {}),
          (node) => lowestVersion(node) >= step.version,
        );
    }
  }

  /** Every member must be up and have reached it; whoever has not is asked again. */
  private onAll(ask: (node: VirtualNode) => void, holds: (node: VirtualNode) => boolean): boolean {
    const rows = this.cluster.running().map(({ running }) => running.status());
    const leader = rows.find(({ role }) => role === "leader");
    let all = leader !== undefined;
    for (const { id } of leader?.members ?? []) {
      if (!this.machine.places.has(id)) continue;
      const node = this.cluster.node(id);
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
function lowestVersion({ running, disk }: VirtualNode): number {
  if (!disk.files.has("manifest.json")) return 0;
  const manifest = JSON.parse(new TextDecoder().decode(disk.bytes("manifest.json"))) as {
    readonly features: { readonly incompatible: readonly string[] };
  };
  const named = manifest.features.incompatible.map((feature) => Number(feature.slice(5)));
  return Math.min(...named, ...running.status().content.map(({ version }) => version));
}
