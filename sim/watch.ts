/** What must hold after every event, whatever was done to the cluster. */
import type { ReplicaStatus } from "../raft/replica/index.ts";
import type { Codecs } from "./build.ts";
import { type LoggedEntry, LogLedger } from "./log-ledger.ts";
import { type Oracle, Violation } from "./violation.ts";
import type { VirtualCluster, VirtualNode } from "./world/index.ts";

export class Watch {
  private readonly cluster: VirtualCluster;
  private readonly codecs: Codecs;
  private readonly ledgers: Map<number, LogLedger> = new Map();
  private readonly leaders: Map<number, number> = new Map();
  private readonly digests: Map<number, string> = new Map();
  private readonly seen: Map<number, ReplicaStatus> = new Map();
  /** What an entry of this index and term is, on whatever disk it stands. */
  private readonly logged: Map<string, number> = new Map();
  private readonly committedTerms: Map<number, number> = new Map();
  private voters: readonly number[] = [];
  private votersAt = -1;
  /** The first one: what is thrown inside a replica's own call ends as its halt. */
  found: Violation | undefined;
  commit = 0;
  termMax = 0;
  compared = 0;
  scans = 0;

  constructor(cluster: VirtualCluster, codecs: Codecs) {
    this.cluster = cluster;
    this.codecs = codecs;
  }

  /** Begins to follow the disk of a node. */
  follow({ id, disk }: VirtualNode): void {
    if (this.ledgers.has(id)) return;
    const ledger = new LogLedger(disk, this.codecs, {
      onEntry: (index, entry) => this.onEntry(id, index, entry),
      onCut: (index, entry) => this.onCut(id, index, entry),
    });
    disk.watcher = ledger;
    this.ledgers.set(id, ledger);
  }

  forget(id: number): void {
    this.seen.delete(id);
  }

  look(id: number): void {
    const replica = this.cluster.nodes.get(id)?.replica;
    if (!replica) return;
    const status = replica.status();
    const before = this.seen.get(id);
    this.seen.set(id, status);
    if (before && isSame(before, status)) return;
    this.lookAtRole(status, before);
    if (before) this.lookBack(status, before);
    if (status.applied >= this.votersAt) {
      this.voters = status.members.filter(({ learner }) => !learner).map((member) => member.id);
      this.votersAt = status.applied;
    }
    if (status.commit > this.commit) this.onCommit(id, status.commit);
    if (status.applied !== before?.applied) this.lookAtDigest(status);
  }

  /** Every quorum that could elect somebody must hold what was committed (DUR). */
  scanDisks(): void {
    this.scans++;
    const term = this.committedTerms.get(this.commit);
    if (term !== undefined) this.demandQuorum("DUR", this.commit, term);
  }

  private lookAtRole(
    { nodeId, role, term }: ReplicaStatus,
    before: ReplicaStatus | undefined,
  ): void {
    this.termMax = Math.max(this.termMax, term);
    if (role !== "leader") return;
    const known = this.leaders.get(term) ?? nodeId;
    if (known !== nodeId) this.fail("ES", `nodes ${known} and ${nodeId} lead in term ${term}`);
    this.leaders.set(term, nodeId);
    if (before?.role === "leader" && before.term === term) return;
    const committed = this.committedTerms.get(this.commit);
    if (committed === undefined || this.ledgers.get(nodeId)?.has(this.commit, committed)) return;
    this.fail(
      "LC",
      `node ${nodeId} leads in term ${term} without the committed entry ${this.commit}`,
    );
  }

  private lookBack(status: ReplicaStatus, before: ReplicaStatus): void {
    if (before.incarnation !== status.incarnation) return;
    for (const name of ["term", "commit", "applied", "activeVersion"] as const)
      if (status[name] < before[name])
        this.fail(
          "MONO",
          `${name} of node ${status.nodeId} fell from ${before[name]} to ${status[name]}`,
        );
    if (status.applied > status.commit)
      this.fail(
        "MONO",
        `node ${status.nodeId} applied ${status.applied}, committed are ${status.commit}`,
      );
  }

  private lookAtDigest({ nodeId, digest }: ReplicaStatus): void {
    // A node that waits to be added has no state yet, and the version of its release.
    if (digest.index === 0) return;
    const name = digest.index;
    const value = `${digest.version} ${digest.value}`;
    const known = this.digests.get(name);
    if (known === undefined) this.digests.set(name, value);
    else if (known.split(" ")[0] === String(digest.version)) {
      this.compared++;
      if (known !== value)
        this.fail(
          "HASH",
          `node ${nodeId} has another state at index ${digest.index} than others had`,
        );
    }
  }

  private onEntry(id: number, index: number, { term, content }: LoggedEntry): void {
    const place = `${index} ${term}`;
    const known = this.logged.get(place);
    if (known === undefined) this.logged.set(place, content);
    else if (known !== content)
      this.fail("LM", `node ${id} has another entry ${index} of term ${term} than others have`);
  }

  private onCut(id: number, index: number, { term }: LoggedEntry): void {
    if (this.committedTerms.get(index) !== term) return;
    this.fail("SM", `node ${id} removes entry ${index} of term ${term}, which is committed`);
  }

  private onCommit(id: number, commit: number): void {
    for (let index = this.commit + 1; index <= commit; index++) {
      const term = this.termOf(id, index);
      if (term !== undefined) this.committedTerms.set(index, term);
    }
    this.commit = commit;
    const term = this.committedTerms.get(commit);
    if (term !== undefined) this.demandQuorum("CQ", commit, term);
  }

  /**
   * A node may know that an entry is committed before it has written it, and then an older one stands
   * in its place; so what a quorum holds goes before what stands on its own disk.
   */
  private termOf(id: number, index: number): number | undefined {
    const terms = new Set([...this.ledgers.values()].map((ledger) => ledger.at(index)?.term));
    for (const term of terms)
      if (term !== undefined && this.without(index, term).length < this.quorum) return term;
    return this.ledgers.get(id)?.at(index)?.term;
  }

  private get quorum(): number {
    return Math.floor(this.voters.length / 2) + 1;
  }

  private without(index: number, term: number): readonly number[] {
    return this.voters.filter((id) => !this.ledgers.get(id)?.holds(index, term));
  }

  private demandQuorum(oracle: "CQ" | "DUR", index: number, term: number): void {
    const without = this.without(index, term);
    if (without.length < this.quorum) return;
    this.fail(
      oracle,
      `entry ${index} of term ${term} is committed, but not durable on ${without.join(", ")} of the voters ${this.voters.join(", ")}`,
    );
  }

  private fail(oracle: Oracle, message: string): never {
    this.found ??= new Violation(oracle, message);
    throw this.found;
  }
}

function isSame(one: ReplicaStatus, other: ReplicaStatus): boolean {
  return (
    one.incarnation === other.incarnation &&
    one.term === other.term &&
    one.commit === other.commit &&
    one.applied === other.applied &&
    one.role === other.role &&
    one.activeVersion === other.activeVersion
  );
}
