/** What must hold after every event, whatever was done to the cluster. */
import type { Codecs } from "./build.ts";
import { Configuration } from "./configuration.ts";
import { type LoggedEntry, LogLedger, type Skippable } from "./log-ledger.ts";
import { brokenPromise } from "./promises.ts";
import { isSameSight, type Sight, sightOf, VotersTexts } from "./sight.ts";
import type { StoredManifest } from "./stored-bytes.ts";
import { type Oracle, Violation } from "./violation.ts";
import type { VirtualCluster, VirtualNode } from "./world/index.ts";

/** More terms than any run has: index and term make one number. */
const TERMS_MAX = 2 ** 20;

interface Digest {
  readonly version: number;
  readonly high: number;
  readonly low: number;
}

export class Watch {
  private readonly cluster: Pick<VirtualCluster, "nodes">;
  private readonly codecs: Codecs;
  private readonly ledgers: Map<number, LogLedger> = new Map();
  private readonly leaders: Map<number, number> = new Map();
  private readonly digests: Map<number, Digest> = new Map();
  private readonly members: Map<number, string> = new Map();
  private readonly seen: Map<number, Sight> = new Map();
  private readonly manifests: Map<number, StoredManifest> = new Map();
  /** Those that wrote no manifest in their present life. */
  private readonly fresh: Set<number> = new Set();
  /** What an entry of this index and term is, on whatever disk it stands. */
  private readonly logged: Map<number, number> = new Map();
  private readonly committedTerms: Map<number, number> = new Map();
  /** By the term of the node that told of it first: at least the one in which it was committed. */
  private readonly commits: Map<number, number> = new Map();
  /** What may be skipped has been written somewhere. */
  readonly ignorable: Set<Skippable> = new Set();
  private readonly votersTexts: VotersTexts = new VotersTexts();
  private readonly configuration: Configuration = new Configuration();
  /** Whether a release that ran on this node is known to name versions late. */
  excusesUnnamed: (id: number) => boolean = () => false;
  /** The first one: what is thrown inside a replica's own call ends as its halt. */
  found: Violation | undefined;
  commit = 0;
  compared = 0;
  scans = 0;

  constructor(cluster: Pick<VirtualCluster, "nodes">, codecs: Codecs) {
    this.cluster = cluster;
    this.codecs = codecs;
  }

  /** Begins to follow the disk of a node. */
  follow({ id, disk }: Pick<VirtualNode, "id" | "disk">): void {
    if (this.ledgers.has(id)) return;
    const ledger = new LogLedger(disk, this.codecs, {
      onEntry: (index, entry) => this.onEntry(id, index, entry),
      onCut: (index, entry) => this.onCut(id, index, entry),
      onManifest: (manifest) => this.onManifest(id, manifest),
      onUnnamed: (version, what) => {
        if (!this.excusesUnnamed(id))
          this.fail("WIRE", `node ${id}: the manifest does not name version ${version} of ${what}`);
      },
      onUnreadable: (version) =>
        this.fail("WIRE", `node ${id} wrote an entry that nobody can read at version ${version}`),
      onIgnorable: (what) => this.ignorable.add(what),
    });
    disk.watcher = ledger;
    this.ledgers.set(id, ledger);
  }

  /** A node leads that did not lead in this term before. */
  onElected: ((id: number) => void) | undefined;

  get isJoint(): boolean {
    return this.configuration.isJoint;
  }

  /** Its life is over. */
  forget(id: number): void {
    this.seen.delete(id);
    this.fresh.add(id);
  }

  /** What it was last seen as, in this life. */
  sightOf(id: number): Sight | undefined {
    return this.seen.get(id);
  }

  /** A send as it leaves this node. */
  lookAtSend(sender: number, bytes: Uint8Array): void {
    const ledger = this.ledgers.get(sender);
    const broken = ledger && brokenPromise(bytes, { sender, ledger, codecs: this.codecs });
    if (broken !== undefined) this.fail("DUR", `node ${sender} ${broken}`);
  }

  look(id: number): void {
    const replica = this.cluster.nodes.get(id)?.replica;
    if (replica) this.see(id, sightOf(replica));
  }

  see(id: number, sight: Sight): void {
    const before = this.seen.get(id);
    if (before && isSameSight(before, sight)) return;
    this.seen.set(id, sight);
    this.configuration.learn(sight);
    this.lookAtRole(id, sight, before);
    if (before) this.lookBack(id, sight, before);
    if (sight.commit > this.commit) {
      this.commits.set(sight.term, sight.commit);
      this.onCommit(id, sight.commit);
    }
    if (sight.applied !== before?.applied) this.lookAtState(id, sight, before?.applied ?? 0);
  }

  /** Every quorum that could elect somebody must hold what was committed (DUR). */
  scanDisks(): void {
    this.scans++;
    const term = this.committedTerms.get(this.commit);
    if (term !== undefined) this.demandQuorum("DUR", this.commit, term);
  }

  private lookAtRole(id: number, { leads, term }: Sight, before: Sight | undefined): void {
    if (!leads) return;
    const known = this.leaders.get(term) ?? id;
    if (known !== id) this.fail("ES", `nodes ${known} and ${id} lead in term ${term}`);
    this.leaders.set(term, id);
    if (before?.leads && before.term === term) return;
    this.onElected?.(id);
    const commit = this.committedBefore(term);
    const committed = this.committedTerms.get(commit);
    if (committed === undefined || this.ledgers.get(id)?.has(commit, committed)) return;
    this.fail("LC", `node ${id} leads in term ${term} without the committed entry ${commit}`);
  }

  /** The last entry that was committed in a term before: who hears late of its election need not have more. */
  private committedBefore(term: number): number {
    let last = 0;
    for (const [earlier, commit] of this.commits) if (earlier < term) last = Math.max(last, commit);
    return last;
  }

  private lookBack(id: number, sight: Sight, before: Sight): void {
    for (const name of ["term", "commit", "applied", "activeVersion", "incarnation"] as const)
      if (sight[name] < before[name])
        this.fail("MONO", `${name} of node ${id} fell from ${before[name]} to ${sight[name]}`);
    if (sight.applied > sight.commit)
      this.fail("MONO", `node ${id} applied ${sight.applied}, committed are ${sight.commit}`);
    const isSameState =
      sight.digestHigh === before.digestHigh && sight.digestLow === before.digestLow;
    if (sight.applied === before.applied && !isSameState)
      this.fail("HASH", `node ${id} changed its state at index ${sight.applied} without an entry`);
  }

  private lookAtState(id: number, sight: Sight, appliedBefore: number): void {
    const { applied } = sight;
    // A node that waits to be added has no state yet, and the version of its release.
    if (applied === 0) return;
    this.lookAtApplied(id, appliedBefore, applied);
    const members = this.votersTexts.of(sight);
    const known = this.members.get(applied) ?? members;
    this.members.set(applied, known);
    if (known !== members)
      this.fail("SM", `node ${id} has the voters ${members} at index ${applied}, others ${known}`);
    this.lookAtDigest(id, sight);
  }

  /** What it applied is what was committed, as far as it still stands on its disk. */
  private lookAtApplied(id: number, before: number, applied: number): void {
    const ledger = this.ledgers.get(id);
    // A new life begins with a snapshot, or applies all of its log again.
    for (let index = before + 1; ledger && index <= applied; index++) {
      const term = ledger.at(index)?.term;
      const committed = this.committedTerms.get(index);
      if (term !== undefined && committed !== undefined && term !== committed)
        this.fail(
          "SM",
          `node ${id} applied entry ${index} of term ${term}, committed is that of term ${committed}`,
        );
    }
  }

  private lookAtDigest(id: number, sight: Sight): void {
    const { applied: index, digestVersion: version, digestHigh: high, digestLow: low } = sight;
    const known = this.digests.get(index);
    if (known === undefined) {
      this.digests.set(index, { version, high, low });
      return;
    }
    if (known.version !== version) return;
    this.compared++;
    if (known.high !== high || known.low !== low)
      this.fail("HASH", `node ${id} has another state at index ${index} than others had`);
  }

  private onEntry(id: number, index: number, { term, content }: LoggedEntry): void {
    const place = index * TERMS_MAX + term;
    const known = this.logged.get(place);
    if (known === undefined) this.logged.set(place, content);
    else if (known !== content)
      this.fail("LM", `node ${id} has another entry ${index} of term ${term} than others have`);
  }

  private onCut(id: number, index: number, { term }: LoggedEntry): void {
    if (this.committedTerms.get(index) !== term) return;
    this.fail("SM", `node ${id} removes entry ${index} of term ${term}, which is committed`);
  }

  /** What a manifest counts rises: one incarnation for each life, and no way back for a version. */
  private onManifest(id: number, manifest: StoredManifest): void {
    const before = this.manifests.get(id);
    this.manifests.set(id, manifest);
    const isFirst = this.fresh.delete(id);
    if (!before) return;
    // The incarnation rises last, so a first start that is cut off is made once more.
    const isRaised = isFirst && before.incarnation > 0;
    const least = before.incarnation + (isRaised ? 1 : 0);
    if (manifest.incarnation < least)
      this.fail(
        "MONO",
        `node ${id} writes incarnation ${manifest.incarnation} into its manifest, ${least} is due`,
      );
    if (manifest.activeVersion < before.activeVersion)
      this.fail(
        "MONO",
        `the version in the manifest of node ${id} fell from ${before.activeVersion} to ${manifest.activeVersion}`,
      );
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
    const own = this.ledgers.get(id)?.at(index)?.term;
    if (own !== undefined && !this.canElectWithout(index, own)) return own;
    for (const ledger of this.ledgers.values()) {
      const term = ledger.at(index)?.term;
      if (term !== undefined && term !== own && !this.canElectWithout(index, term)) return term;
    }
    return own;
  }

  /** Whether those that do not hold the entry are enough to elect one of them. */
  private canElectWithout(index: number, term: number): boolean {
    return this.configuration.isQuorum((id) => !this.ledgers.get(id)?.holds(index, term));
  }

  private demandQuorum(oracle: "CQ" | "DUR", index: number, term: number): void {
    if (!this.canElectWithout(index, term)) return;
    const { voters } = this.configuration;
    const without = voters.filter((id) => !this.ledgers.get(id)?.holds(index, term));
    this.fail(
      oracle,
      `entry ${index} of term ${term} is committed, but not durable on ${without.join(", ")} of the voters ${voters.join(", ")}`,
    );
  }

  /** A replica that halts of its own will catches what is thrown at it on the way out. */
  endIfFound(): void {
    if (this.found) throw this.found;
  }

  /** Ends the run, also from inside a replica's own call. */
  fail(oracle: Oracle, message: string): never {
    this.found ??= new Violation(oracle, message);
    throw this.found;
  }
}
