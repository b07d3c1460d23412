/** Changes of the members, as an operator orders them: asked until it has happened or is given up. */
import type {
  MembershipChange,
  ReplicaStatus,
  SingleMembershipChange,
} from "../raft/replica/index.ts";
import { hasDefect, type KnownDefect } from "./known-defects.ts";
import type { Machine } from "./machine.ts";
import type { Fault, FaultKind, JointChange } from "./schedule.ts";
import { addressOf, type VirtualCluster } from "./world/index.ts";

type MemberFault = Extract<
  FaultKind,
  {
    readonly kind:
      | "add"
      | "promote"
      | "remove"
      | "removeAndAdd"
      | "removeLeader"
      | "joint"
      | "reuseAddress";
  }
>;

export function isMemberFault(fault: FaultKind): fault is MemberFault {
  return KINDS.has(fault.kind);
}

const KINDS: ReadonlySet<FaultKind["kind"]> = new Set([
  "add",
  "promote",
  "remove",
  "removeAndAdd",
  "removeLeader",
  "joint",
  "reuseAddress",
]);
const LOOK_EVERY_MS = 50;
/** An order that nobody could carry out for so long is given up. */
const PATIENCE_MS = 2_000;
/** Since this version there are joint phases. */
const JOINT_VERSION_MIN = 3;
const NOBODY = (): void => {};

export class Members {
  private readonly cluster: VirtualCluster;
  private readonly machine: Machine;
  /** Whose address is taken: nobody adds them again. */
  private readonly retired: Set<number> = new Set();
  /** Nobody orders anything any more. */
  isOver = false;

  constructor(cluster: VirtualCluster, machine: Machine) {
    this.cluster = cluster;
    this.machine = machine;
  }

  order(fault: MemberFault & Partial<Pick<Fault, "atMs">>): void {
    // biome-ignore lint/nursery/useExhaustiveSwitchCases: it takes the narrowed union for the whole one.
    switch (fault.kind) {
      case "add":
        if (this.place(fault.node, addressOf(fault.node), fault.release))
          this.add(fault.node, fault.as);
        return;
      case "promote":
        return this.promote(fault.node);
      case "remove":
        return this.orderAll({ kind: "remove", id: fault.node });
      case "removeAndAdd":
        return this.removeAndAdd(fault.node, fault.forMs);
      case "removeLeader": {
        const leader = this.machine.leader();
        return leader ? this.removeAndAdd(leader.nodeId, fault.forMs) : undefined;
      }
      case "joint":
        return this.joint(fault.changes);
      case "reuseAddress":
        return this.reuseAddress(fault);
    }
  }

  /** Whoever is not yet there is started; false: what it runs can not read what is active. */
  private place(id: number, member: ReturnType<typeof addressOf>, release: string): boolean {
    const { machine } = this;
    // An activation that was ordered may be on its way: both would be carried out.
    const version = Math.max(machine.activeVersion(), machine.orderedVersion);
    if (!machine.reads(machine.places.get(id)?.release ?? release, version)) return false;
    if (machine.places.has(id)) return true;
    const { peerAddress, clientAddress } = member;
    // Where a newcomer listens by now nobody else can.
    for (const other of machine.places.keys())
      if (this.addressOf(other).peerAddress === peerAddress) return false;
    machine.place(id, release, { founders: [], peerAddress, clientAddress });
    machine.start(id);
    return true;
  }

  /** Asked again while another change is under way, or nobody leads. */
  private add(id: number, as: "voter" | "learner"): void {
    const member = this.addressOf(id);
    const deadlineMs = this.cluster.time.nowMs() + PATIENCE_MS;
    const look = (): void => {
      if (this.isOver || this.retired.has(id) || this.cluster.time.nowMs() > deadlineMs) return;
      const row = this.machine.leader()?.members.find((each) => each.id === id);
      if (row && !(row.learner && as === "voter")) return;
      this.orderAll({ kind: as === "voter" ? "addVoter" : "addLearner", member });
      this.cluster.time.after(LOOK_EVERY_MS, look);
    };
    look();
  }

  private promote(id: number): void {
    const row = this.machine.leader()?.members.find((member) => member.id === id);
    if (row?.learner) this.add(id, "voter");
  }

  private removeAndAdd(id: number, forMs: number): void {
    if (this.machine.leader()?.members.some((member) => member.id === id) !== true) return;
    this.orderAll({ kind: "remove", id });
    this.whenRemoved(id, () =>
      this.cluster.time.after(forMs, () => {
        const release = this.machine.places.get(id)?.release;
        if (this.isOver || release === undefined) return;
        if (this.place(id, this.addressOf(id), release)) this.add(id, "voter");
      }),
    );
  }

  private joint(all: readonly JointChange[]): void {
    const changes = all.filter(({ node }) => !this.retired.has(node));
    const { machine } = this;
    const leader = machine.leader();
    if (!leader || machine.activeVersion() < JOINT_VERSION_MIN) return;
    const known = changes.filter(
      ({ change, node, release }) =>
        change === "remove" || this.place(node, addressOf(node), release),
    );
    const single = known.map(({ change, node }): SingleMembershipChange => {
      if (change === "remove") return { kind: "remove", id: node };
      const member = this.addressOf(node);
      return { kind: change === "voter" ? "addVoter" : "addLearner", member };
    });
    if (single.length === 0 || (leavesNobody(leader, single) && this.someRun("jointLeavesNobody")))
      return;
    this.orderAll({ kind: "joint", changes: single });
  }

  private someRun(defect: KnownDefect): boolean {
    return [...this.machine.places.values()].some(({ release }) => hasDefect(release, defect));
  }

  /** The peers still have the old address for the old id; whoever lags goes on to send there. */
  private reuseAddress({
    node,
    newcomer,
    release,
  }: Extract<FaultKind, { readonly kind: "reuseAddress" }>): void {
    const { machine } = this;
    if (!machine.places.has(node) || machine.places.has(newcomer)) return;
    const address = this.addressOf(node);
    this.retired.add(node);
    this.orderAll({ kind: "remove", id: node });
    this.whenRemoved(node, () => {
      if (!machine.reads(release, machine.activeVersion())) return;
      machine.end(node, "process");
      machine.places.delete(node);
      if (this.place(newcomer, { ...address, id: newcomer }, release))
        this.add(newcomer, "learner");
    });
  }

  /** Where the node listens, which is not where its id would say when it took over an address. */
  private addressOf(id: number): ReturnType<typeof addressOf> {
    return { ...addressOf(id), ...this.machine.addressOf(id), id };
  }

  /** Removed for good: what stood in the log of its leader then, an earlier addition perhaps, is applied as well. */
  private whenRemoved(id: number, go: () => void): void {
    const deadlineMs = this.cluster.time.nowMs() + PATIENCE_MS;
    let seen: { readonly term: number; readonly lastIndex: number } | undefined;
    const look = (): void => {
      if (this.isOver || this.cluster.time.nowMs() > deadlineMs) return;
      const leader = this.machine.leader();
      if (leader?.members.some((member) => member.id === id)) {
        seen = undefined;
        // Refused while another change was under way, or its leader is gone.
        this.orderAll({ kind: "remove", id });
      } else if (leader) {
        if (leader.term === seen?.term && leader.applied >= seen.lastIndex) return go();
        if (leader.term !== seen?.term) seen = { term: leader.term, lastIndex: leader.lastIndex };
      }
      this.cluster.time.after(LOOK_EVERY_MS, look);
    };
    this.cluster.time.after(LOOK_EVERY_MS, look);
  }

  /** Only the leader carries out such an order; the others refuse it. */
  private orderAll(change: MembershipChange): void {
    for (const id of this.machine.places.keys())
      this.cluster.nodes.get(id)?.replica?.changeMembership(change, NOBODY);
  }
}

function leavesNobody(
  { members }: ReplicaStatus,
  changes: readonly SingleMembershipChange[],
): boolean {
  const voters = new Set(members.filter(({ learner }) => !learner).map(({ id }) => id));
  for (const change of changes) {
    if (change.kind === "addVoter") voters.add(change.member.id);
    else voters.delete(change.kind === "remove" ? change.id : change.member.id);
  }
  return voters.size === 0;
}
