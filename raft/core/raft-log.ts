/** The whole log: what is stable in `Storage`, and behind it what is not (etcd raft, log.go). */
import { assert } from "../../base/index.ts";
import { CompactedError, UnavailableError } from "./errors.ts";
import { entrySize, limitSize } from "./storage.ts";
import type { Entry, Snapshot, Storage } from "./types.ts";
import { Unstable } from "./unstable.ts";

export class RaftLog {
  readonly storage: Storage;
  readonly unstable: Unstable;
  /** Highest index known to be on stable storage of a quorum. Invariant: applied <= applying <= committed. */
  committed: number;
  /** Highest index that was handed out to be applied. */
  applying: number;
  applied: number;
  readonly #maxApplyingSize: number;
  #applyingSize = 0;
  #applyingPaused = false;

  constructor(storage: Storage, maxApplyingSize: number) {
    this.storage = storage;
    this.#maxApplyingSize = maxApplyingSize;
    this.unstable = new Unstable(storage.lastIndex() + 1);
    this.committed = storage.firstIndex() - 1;
    this.applying = this.committed;
    this.applied = this.committed;
  }

  /** Follows the leader: the last new index, or undefined when the previous entry does not match. */
  maybeAppend(
    prevIndex: number,
    prevTerm: number,
    committed: number,
    entries: readonly Entry[],
  ): number | undefined {
    if (!this.matchTerm(prevIndex, prevTerm)) return undefined;
    const lastNew = prevIndex + entries.length;
    const conflict = this.findConflict(entries);
    assert(conflict === 0 || conflict > this.committed, "a committed entry is never replaced");
    if (conflict > 0) this.append(entries.slice(conflict - prevIndex - 1));
    this.commitTo(Math.min(committed, lastNew));
    return lastNew;
  }

  append(entries: readonly Entry[]): number {
    const [first] = entries;
    if (!first) return this.lastIndex();
    assert(first.index - 1 >= this.committed, "a committed entry is never replaced");
    this.unstable.truncateAndAppend(entries);
    return this.lastIndex();
  }

  /** First given index that is new or has another term; 0 when all are there. */
  findConflict(entries: readonly Entry[]): number {
    for (const { index, term } of entries) if (!this.matchTerm(index, term)) return index;
    return 0;
  }

  /** Largest index at or below `index` whose term is at most `term` (the hint of a refused append). */
  findConflictByTerm(
    index: number,
    term: number,
  ): { readonly index: number; readonly term: number } {
    for (let at = index; at > 0; at--) {
      const found = this.maybeTerm(at);
      if (found === undefined) return { index: at, term: 0 };
      if (found <= term) return { index: at, term: found };
    }
    return { index: 0, term: 0 };
  }

  nextUnstableEntries(): readonly Entry[] {
    return this.unstable.nextEntries();
  }

  hasNextUnstableEntries(): boolean {
    return this.nextUnstableEntries().length > 0;
  }

  /** Entries to apply now. With `allowUnstable` also those whose own write has not finished. */
  nextCommittedEntries(allowUnstable: boolean): readonly Entry[] {
    if (this.#applyingPaused || this.hasNextOrInProgressSnapshot()) return [];
    const [lo, hi] = [this.applying + 1, this.#maxAppliable(allowUnstable) + 1];
    if (lo >= hi) return [];
    const room = this.#maxApplyingSize - this.#applyingSize;
    assert(room > 0, "applying stops before its limit is passed");
    return this.slice(lo, hi, room);
  }

  hasNextCommittedEntries(allowUnstable: boolean): boolean {
    if (this.#applyingPaused || this.hasNextOrInProgressSnapshot()) return false;
    return this.#maxAppliable(allowUnstable) > this.applying;
  }

  #maxAppliable(allowUnstable: boolean): number {
    return allowUnstable ? this.committed : Math.min(this.committed, this.unstable.offset - 1);
  }

  nextUnstableSnapshot(): Snapshot | undefined {
    return this.unstable.nextSnapshot();
  }

  hasNextOrInProgressSnapshot(): boolean {
    return this.unstable.snapshot !== undefined;
  }

  snapshot(): Snapshot {
    return this.unstable.snapshot ?? this.storage.snapshot();
  }

  firstIndex(): number {
    return this.unstable.maybeFirstIndex() ?? this.storage.firstIndex();
  }

  lastIndex(): number {
    return this.unstable.maybeLastIndex() ?? this.storage.lastIndex();
  }

  commitTo(index: number): void {
    if (index <= this.committed) return;
    assert(index <= this.lastIndex(), "only what is in the log can be committed");
    this.committed = index;
  }

  appliedTo(index: number, size: number): void {
    assert(
      index <= this.committed && index >= this.applied,
      "applied grows and stays behind commit",
    );
    this.applied = index;
    this.applying = Math.max(this.applying, index);
    this.#applyingSize = Math.max(0, this.#applyingSize - size);
    this.#applyingPaused = this.#applyingSize >= this.#maxApplyingSize;
  }

  acceptApplying(index: number, size: number, allowUnstable: boolean): void {
    assert(index <= this.committed, "only committed entries are applied");
    this.applying = index;
    this.#applyingSize += size;
    this.#applyingPaused =
      this.#applyingSize >= this.#maxApplyingSize || index < this.#maxAppliable(allowUnstable);
  }

  stableTo(index: number, term: number): void {
    this.unstable.stableTo(index, term);
  }

  stableSnapTo(index: number): void {
    this.unstable.stableSnapTo(index);
  }

  acceptUnstable(): void {
    this.unstable.acceptInProgress();
  }

  lastTerm(): number {
    return this.term(this.lastIndex());
  }

  /** Throws `CompactedError` or `UnavailableError`: a missing term is never 0, which would match. */
  term(index: number): number {
    const found = this.unstable.maybeTerm(index);
    if (found !== undefined) return found;
    if (index + 1 < this.firstIndex()) throw new CompactedError(index);
    if (index > this.lastIndex()) throw new UnavailableError(index);
    return this.storage.term(index);
  }

  maybeTerm(index: number): number | undefined {
    const found = this.unstable.maybeTerm(index);
    if (found !== undefined) return found;
    // Asked before the storage is: each append looks one entry past the end, and a throw is slow.
    if (index + 1 < this.firstIndex() || index > this.lastIndex()) return undefined;
    try {
      return this.storage.term(index);
    } catch (error) {
      if (error instanceof CompactedError || error instanceof UnavailableError) return undefined;
      throw error;
    }
  }

  entriesFrom(index: number, bytesMax: number): readonly Entry[] {
    return index > this.lastIndex() ? [] : this.slice(index, this.lastIndex() + 1, bytesMax);
  }

  /** Later term wins; at equal terms the longer log (Raft §5.4.1). */
  isUpToDate(index: number, term: number): boolean {
    const lastTerm = this.lastTerm();
    return term > lastTerm || (term === lastTerm && index >= this.lastIndex());
  }

  matchTerm(index: number, term: number): boolean {
    return this.maybeTerm(index) === term;
  }

  /** An entry of an earlier term is never committed by counting (Raft §5.4.2). */
  maybeCommit(index: number, term: number): boolean {
    if (term === 0 || index <= this.committed || this.maybeTerm(index) !== term) return false;
    this.commitTo(index);
    return true;
  }

  restore(snapshot: Snapshot): void {
    this.committed = snapshot.metadata.index;
    this.unstable.restore(snapshot);
  }

  slice(lo: number, hi: number, bytesMax: number): readonly Entry[] {
    if (lo < this.firstIndex()) throw new CompactedError(lo);
    if (lo >= hi) return [];
    const { offset } = this.unstable;
    if (lo >= offset) return limitSize(this.unstable.slice(lo, hi), bytesMax);
    const cut = Math.min(hi, offset);
    const stable = this.storage.entries(lo, cut, bytesMax);
    if (hi <= offset || stable.length < cut - lo) return stable;
    const size = stable.reduce((sum, entry) => sum + entrySize(entry), 0);
    if (size >= bytesMax) return stable;
    const rest = limitSize(this.unstable.slice(offset, hi), bytesMax - size);
    const [first] = rest;
    if (rest.length === 1 && first && size + entrySize(first) > bytesMax) return stable;
    return [...stable, ...rest];
  }
}
