/** One node of an interaction script with its storage, its applied states and its storage threads. */
import {
  type Config,
  type ConfState,
  EMPTY_CONF_STATE,
  type Entry,
  type HardState,
  MemoryStorage,
  type Message,
  RawNode,
  type Snapshot,
} from "../../../raft/core/index.ts";
import { decodeConfChange } from "./describe.ts";

/** A follower that needs a snapshot gets the newest applied state, as in etcd's harness. */
class HistoryStorage extends MemoryStorage {
  history: Snapshot[] = [];

  override snapshot(): Snapshot {
    return this.history.at(-1) as Snapshot;
  }
}

export type MemberOptions = Partial<Config> & {
  readonly id: number;
  readonly index: number;
  readonly confState: ConfState;
};

export const ELECTION_TICK = 3;
export const HEARTBEAT_TICK = 1;

export class Member {
  readonly id: number;
  readonly node: RawNode;
  readonly storage = new HistoryStorage();
  readonly isAsync: boolean;
  appendWork: Message[] = [];
  applyWork: Message[] = [];
  /** What the next draws of the election timeout add to the shortest one. */
  #extraTicks = ELECTION_TICK - 1;

  constructor({ id, index, confState, ...config }: MemberOptions) {
    this.id = id;
    this.isAsync = config.asyncStorageWrites ?? false;
    const data = new Uint8Array(0);
    const isFounder = index > 0;
    const metadata = { confState, index, term: isFounder ? 1 : 0 };
    const snapshot: Snapshot = { data, metadata };
    if (isFounder) this.storage.applySnapshot(snapshot);
    this.storage.history.push(snapshot);
    this.node = new RawNode({
      electionTick: ELECTION_TICK,
      heartbeatTick: HEARTBEAT_TICK,
      checkQuorum: false,
      preVote: false,
      readOnlyOption: "safe",
      maxInflightMsgs: Number.MAX_SAFE_INTEGER,
      ...config,
      id,
      storage: this.storage,
      applied: index,
      random: () => this.#extraTicks,
      confChangeOf: decodeConfChange,
    });
  }

  setElectionTimeout(ticks: number): void {
    const usual = this.#extraTicks;
    this.#extraTicks = ticks - ELECTION_TICK;
    this.node.setRules({});
    this.#extraTicks = usual;
  }

  append(
    hardState: HardState | undefined,
    entries: readonly Entry[],
    snapshot: Snapshot | undefined,
  ): void {
    if (hardState) this.storage.setHardState(hardState);
    if (snapshot) this.storage.applySnapshot(snapshot);
    this.storage.append(entries);
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const change = entry.type === "normal" ? undefined : decodeConfChange(entry);
      const confState = change ? this.node.applyConfChange(change) : this.#confState();
      const { index, term, data } = entry;
      this.storage.history.push({ data, metadata: { confState, index, term } });
    }
  }

  #confState(): ConfState {
    return this.storage.history.at(-1)?.metadata.confState ?? EMPTY_CONF_STATE;
  }
}
