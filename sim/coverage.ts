/**
 * Which situations of an upgrade a run has been in, looked at every so often: where the leader and the
 * quorum stood, who was sent a snapshot by whom, and how far activation and rollback had come.
 */
import type { Build } from "./build.ts";
import type { Machine } from "./machine.ts";
import type { VirtualCluster } from "./world/index.ts";

const LOOK_EVERY_MS = 50;
const SNAPSHOTS = {
  same: ["none", "same>same"],
  old: ["none", "old>old", "old>new"],
  new: ["none", "new>old", "new>new"],
} as const;
const ROLLBACKS = ["none", "back", "again"] as const;

type Side = keyof typeof SNAPSHOTS;

export interface Cell {
  readonly leader: Side;
  readonly quorum: Side;
  readonly snapshot: string;
  readonly activation: "held" | "under-way" | "active";
  /** `back`: a node runs what it ran before the upgrade. `again`: it was, and was upgraded again. */
  readonly rollback: (typeof ROLLBACKS)[number];
}

export class Coverage {
  readonly cells: Set<string> = new Set();
  private readonly cluster: VirtualCluster;
  private readonly machine: Machine;
  private readonly releases: readonly Build[];
  private snapshot: { readonly from: number; readonly to: number } | undefined;
  private highest: Map<number, number> = new Map();
  private wentBack = false;
  private hop = "";

  /** `releases` in the order of the upgrades. */
  constructor(cluster: VirtualCluster, machine: Machine, releases: readonly Build[]) {
    this.cluster = cluster;
    this.machine = machine;
    this.releases = releases;
  }

  start(): void {
    if (this.releases.length < 2) return;
    this.cluster.time.after(LOOK_EVERY_MS, () => {
      this.look();
      this.start();
    });
  }

  onSnapshotSent(from: number, to: number): void {
    this.snapshot = { from, to };
  }

  private look(): void {
    const leader = this.machine.leader();
    const rows = (leader?.members ?? []).filter(({ id }) => this.machine.places.has(id));
    const places = new Map(rows.map(({ id }) => [id, this.placeOf(id)]));
    if (!leader || places.size === 0) return;
    const newest = Math.max(...places.values());
    const oldest = Math.min(...places.values());
    // When all are equal, the hop that has just ended is meant, or the first one.
    const from = this.releases[newest === oldest ? Math.max(0, newest - 1) : oldest];
    const to = this.releases[newest === oldest ? Math.max(1, newest) : newest];
    if (!from || !to) return;
    const hop = `${from.name}>${to.name}`;
    const rollback = this.followRollback(hop, places);
    const sideOf = (id: number): Side => {
      if (newest === oldest) return "same";
      return places.get(id) === newest ? "new" : "old";
    };
    const voters = rows.filter(({ learner }) => !learner).map(({ id }) => sideOf(id));
    const quorum = (["same", "old", "new"] as const).find(
      (side) => voters.filter((each) => each === side).length > voters.length >> 1,
    );
    const { snapshot } = this;
    this.snapshot = undefined;
    // Half of an even number on either side is no side.
    if (!quorum) return;
    this.cells.add(
      nameOf(hop, {
        leader: sideOf(leader.nodeId),
        quorum,
        snapshot: snapshot ? `${sideOf(snapshot.from)}>${sideOf(snapshot.to)}` : "none",
        activation: this.activation([...places.keys()], to.range.max),
        rollback,
      }),
    );
  }

  private placeOf(id: number): number {
    const { release } = this.machine.places.get(id) ?? {};
    return this.releases.findIndex(({ name }) => name === release);
  }

  private followRollback(hop: string, places: ReadonlyMap<number, number>): Cell["rollback"] {
    if (hop !== this.hop) {
      this.hop = hop;
      this.wentBack = false;
      this.highest = new Map();
    }
    let isBack = false;
    for (const [id, place] of places) {
      const highest = Math.max(this.highest.get(id) ?? 0, place);
      this.highest.set(id, highest);
      if (place < highest) isBack = true;
    }
    if (isBack) this.wentBack = true;
    return isBack ? "back" : this.wentBack ? "again" : "none";
  }

  private activation(members: readonly number[], version: number): Cell["activation"] {
    const running = this.cluster.running().filter(({ id }) => members.includes(id));
    const active = new Set(running.map(({ running: each }) => each.status().activeVersion));
    if (active.size > 1) return "under-way";
    return active.has(version) ? "active" : "held";
  }
}

/**
 * Every cell that a hop can be in. With one range of versions on both sides nothing is to be
 * activated; else the old side can not take part once it is, and only tries to.
 */
export function cellsOf(from: Build["range"], to: Build["range"], hop: string): readonly string[] {
  const isOneRange = from.max === to.max;
  const sides = ["old", "new"] as const;
  const mixed = sides.flatMap((leader) =>
    sides.flatMap((quorum) => SNAPSHOTS[leader].map((snapshot) => ({ leader, quorum, snapshot }))),
  );
  const equal = SNAPSHOTS.same.map((snapshot) => {
    return { leader: "same", quorum: "same", snapshot } as const;
  });
  const cells: Cell[] = [
    ...product(mixed, [isOneRange ? "active" : "held"], ROLLBACKS),
    ...product(equal, [isOneRange ? "active" : "held"], ROLLBACKS),
    ...product(equal, isOneRange ? [] : ["under-way", "active"], ["none", "again"]),
  ];
  // A release from before the activation is tried, and refused.
  const stray = SNAPSHOTS.new
    .filter((snapshot) => snapshot !== "new>old")
    .map((snapshot) => ({ leader: "new", quorum: "new", snapshot }) as const);
  if (!isOneRange) cells.push(...product(stray, ["active"], ["back"]));
  return cells.map((cell) => nameOf(hop, cell));
}

function product(
  sides: readonly Pick<Cell, "leader" | "quorum" | "snapshot">[],
  activations: readonly Cell["activation"][],
  rollbacks: readonly Cell["rollback"][],
): readonly Cell[] {
  return sides.flatMap((side) =>
    activations.flatMap((activation) =>
      rollbacks.map((rollback) => ({ ...side, activation, rollback })),
    ),
  );
}

function nameOf(hop: string, { leader, quorum, snapshot, activation, rollback }: Cell): string {
  return `${hop} leader=${leader} quorum=${quorum} snapshot=${snapshot} activation=${activation} rollback=${rollback}`;
}
