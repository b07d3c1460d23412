/** The log that is on stable storage, mirrored in memory (etcd raft, storage.go, `MemoryStorage`). */
import { assert } from "../../base/index.ts";
import { CompactedError, SnapshotOutOfDateError, UnavailableError } from "./errors.ts";
import type { ConfState, Entry, HardState, Snapshot, Storage } from "./types.ts";

const NO_BYTES = new Uint8Array(0);

export const EMPTY_CONF_STATE: ConfState = {
  voters: [],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
};

export const EMPTY_HARD_STATE: HardState = { term: 0, vote: 0, commit: 0 };

export const EMPTY_SNAPSHOT: Snapshot = {
  data: NO_BYTES,
  metadata: { confState: EMPTY_CONF_STATE, index: 0, term: 0 },
};

export class MemoryStorage implements Storage {
  #hardState: HardState = EMPTY_HARD_STATE;
  #snapshot: Snapshot = EMPTY_SNAPSHOT;
  /** `#entries[0]` stands for the entry before the first one: only its index and term count. */
  #entries: Entry[] = [{ term: 0, index: 0, type: "normal", data: NO_BYTES }];

  initialState(): { readonly hardState: HardState; readonly confState: ConfState } {
    return { hardState: this.#hardState, confState: this.#snapshot.metadata.confState };
  }

  setHardState(state: HardState): void {
    this.#hardState = state;
  }

  entries(lo: number, hi: number, bytesMax: number): readonly Entry[] {
    const offset = this.#offset;
    if (lo <= offset) throw new CompactedError(lo);
    assert(hi <= this.lastIndex() + 1, "nobody asks for entries behind the last one");
    if (this.#entries.length === 1) throw new UnavailableError(lo);
    return limitSize(this.#entries.slice(lo - offset, hi - offset), bytesMax);
  }

  term(index: number): number {
    const offset = this.#offset;
    if (index < offset) throw new CompactedError(index);
    const entry = this.#entries[index - offset];
    if (!entry) throw new UnavailableError(index);
    return entry.term;
  }

  firstIndex(): number {
    return this.#offset + 1;
  }

  lastIndex(): number {
    return this.#offset + this.#entries.length - 1;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Replaces the log by the snapshot. Throws `SnapshotOutOfDateError` for one that is older than what is there. */
  applySnapshot(snapshot: Snapshot): void {
    const { index, term } = snapshot.metadata;
    if (this.#snapshot.metadata.index >= index) {
      throw new SnapshotOutOfDateError(index);
    }
    this.#snapshot = snapshot;
    this.#entries = [{ term, index, type: "normal", data: NO_BYTES }];
  }

  createSnapshot(index: number, confState: ConfState | undefined, data: Uint8Array): Snapshot {
    const { metadata } = this.#snapshot;
    if (index <= metadata.index) throw new SnapshotOutOfDateError(index);
    assert(index <= this.lastIndex(), "a snapshot ends at an entry that is there");
    const next = { confState: confState ?? metadata.confState, index, term: this.term(index) };
    this.#snapshot = { data, metadata: next };
    return this.#snapshot;
  }

  /** Drops the entries up to and including `index`; its term stays known. */
  compact(index: number): void {
    const offset = this.#offset;
    if (index <= offset) throw new CompactedError(index);
    assert(index <= this.lastIndex(), "only what is there can be compacted");
    const { term } = this.#entries[index - offset] as Entry;
    this.#entries.splice(0, index - offset + 1, { term, index, type: "normal", data: NO_BYTES });
  }

  /** Overwrites from the first given index on; entries before the first index are skipped. */
  append(entries: readonly Entry[]): void {
    const first = this.firstIndex();
    const kept = entries.filter(({ index }) => index >= first);
    const [head] = kept;
    if (!head) return;
    const place = head.index - this.#offset;
    assert(place <= this.#entries.length, "the log has no gaps");
    this.#entries.length = place;
    for (const entry of kept) this.#entries.push(entry);
  }

  get #offset(): number {
    return (this.#entries[0] as Entry).index;
  }
}

/** At least one entry, and no more than `bytesMax` bytes of them (etcd `limitSize`). */
export function limitSize(entries: readonly Entry[], bytesMax: number): readonly Entry[] {
  let size = 0;
  for (let place = 0; place < entries.length; place++) {
    size += entrySize(entries[place] as Entry);
    if (place > 0 && size > bytesMax) return entries.slice(0, place);
  }
  return entries;
}

/** What an entry counts in limits: its payload and its numbers as raftpb would write them. */
export function entrySize({ term, index, data }: Entry): number {
  const body = data.length === 0 ? 0 : data.length + 1 + varintLength(data.length);
  return 2 + 1 + varintLength(term) + 1 + varintLength(index) + body;
}

export function payloadsSize(entries: readonly Entry[]): number {
  return entries.reduce((sum, { data }) => sum + data.length, 0);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
