/**
 * One node of a cluster in memory: it persists, applies and sends as `Ready` demands. Its disk is a
 * `MemoryStorage`; a restart keeps that and nothing else.
 */
import {
  type ConfChangeV2,
  type Config,
  type ConfState,
  EMPTY_CONF_STATE,
  type Entry,
  MemoryStorage,
  type Message,
  RawNode,
  type Ready,
} from "../index.ts";

export type MemberConfig = Pick<Config, "preVote" | "checkQuorum" | "random" | "trace"> & {
  readonly asyncStorageWrites: boolean;
};

/** The core has no bytes, so the tests choose an encoding of their own. */
export function encodeChange(change: ConfChangeV2): Uint8Array {
  const { transition, changes } = change;
  return new TextEncoder().encode(JSON.stringify({ transition, changes }));
}

export function decodeChange({ data }: Entry): ConfChangeV2 {
  const context = new Uint8Array(0);
  if (data.length === 0) return { transition: "auto", changes: [], context };
  return { ...JSON.parse(new TextDecoder().decode(data)), context };
}

export class Member {
  readonly id: number;
  readonly storage: MemoryStorage = new MemoryStorage();
  node: RawNode;
  /** Everything handed out to be persisted, whether it is yet or not: index to entry. */
  log: Map<number, Entry> = new Map();
  /** The state machine: each applied entry as text, by index. */
  applied: Map<number, string> = new Map();
  appliedIndex = 0;
  appendWork: Message[] = [];
  applyWork: Message[] = [];
  confState: ConfState = EMPTY_CONF_STATE;
  readonly #config: MemberConfig;

  constructor(id: number, voters: readonly number[], config: MemberConfig) {
    this.id = id;
    this.#config = config;
    if (voters.includes(id)) {
      const confState = { ...EMPTY_CONF_STATE, voters };
      const data = encodeState(new Map());
      this.storage.applySnapshot({ data, metadata: { confState, index: 1, term: 1 } });
    }
    this.node = this.#start();
  }

  restart(): void {
    this.node = this.#start();
  }

  #start(): RawNode {
    const { data, metadata } = this.storage.snapshot();
    this.applied = decodeState(data);
    this.appliedIndex = metadata.index;
    this.confState = metadata.confState;
    this.appendWork = [];
    this.applyWork = [];
    const [first, last] = [this.storage.firstIndex(), this.storage.lastIndex()];
    const stored = last < first ? [] : this.storage.entries(first, last + 1, Infinity);
    this.log = new Map(stored.map((entry) => [entry.index, entry]));
    return new RawNode({
      ...this.#config,
      id: this.id,
      storage: this.storage,
      applied: metadata.index,
      electionTick: 10,
      heartbeatTick: 1,
      readOnlyOption: "safe",
      maxInflightMsgs: 4,
      maxSizePerMsg: 200,
      maxUncommittedEntriesSize: 10_000,
      confChangeOf: decodeChange,
    });
  }

  /** Takes one Ready; returns what may be sent now. */
  carryOut(): readonly Message[] {
    if (!this.node.hasReady()) return [];
    const ready = this.node.ready();
    if (ready.snapshot) this.log.clear();
    for (const entry of ready.entries) this.#record(entry);
    if (!this.#config.asyncStorageWrites) return this.#carryOutNow(ready);
    this.appendWork.push(...ready.messages.filter(({ type }) => type === "MsgStorageAppend"));
    this.applyWork.push(...ready.messages.filter(({ type }) => type === "MsgStorageApply"));
    return ready.messages.filter(({ type }) => !type.startsWith("MsgStorage"));
  }

  #record(entry: Entry): void {
    for (let index = entry.index; this.log.delete(index); index++);
    this.log.set(entry.index, entry);
  }

  #carryOutNow(ready: Ready): readonly Message[] {
    this.#persist(ready);
    this.#apply(ready.committedEntries);
    this.node.advance(ready);
    return ready.messages;
  }

  #persist({ entries, snapshot, hardState }: Pick<Ready, "entries" | "snapshot" | "hardState">) {
    if (snapshot) {
      this.storage.applySnapshot(snapshot);
      this.applied = decodeState(snapshot.data);
      this.appliedIndex = snapshot.metadata.index;
      this.confState = snapshot.metadata.confState;
    }
    this.storage.append(entries);
    if (hardState) this.storage.setHardState(hardState);
  }

  /** The append thread finishes its oldest write; its answers may go out. */
  finishAppend(): readonly Message[] {
    const work = this.appendWork.shift();
    if (!work) return [];
    const { term, vote, commit, entries, snapshot, responses } = work;
    const hardState = term === 0 && vote === 0 && commit === 0 ? undefined : { term, vote, commit };
    this.#persist({ entries, snapshot, hardState });
    return responses;
  }

  finishApply(): readonly Message[] {
    const work = this.applyWork.shift();
    if (!work) return [];
    this.#apply(work.entries);
    return work.responses;
  }

  #apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.type !== "normal") this.confState = this.node.applyConfChange(decodeChange(entry));
      const text = new TextDecoder().decode(entry.data);
      this.applied.set(entry.index, `${entry.term}/${entry.type}/${text}`);
      this.appliedIndex = entry.index;
    }
  }

  /** Everything applied goes into a snapshot, and the log before it goes. */
  compact(): void {
    if (this.appliedIndex <= this.storage.snapshot().metadata.index) return;
    // A stored commit index before the snapshot could not be started from.
    if (this.appliedIndex > this.storage.initialState().hardState.commit) return;
    this.storage.createSnapshot(this.appliedIndex, this.confState, encodeState(this.applied));
    this.storage.compact(this.appliedIndex);
  }
}

function encodeState(applied: ReadonlyMap<number, string>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([...applied]));
}

function decodeState(data: Uint8Array): Map<number, string> {
  return new Map(data.length === 0 ? [] : JSON.parse(new TextDecoder().decode(data)));
}
