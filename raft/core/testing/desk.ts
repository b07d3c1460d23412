/** One node on a desk: messages go in by hand, and what it wants is carried out at once. */
import { assert } from "../../../base/index.ts";
import {
  type Config,
  EMPTY_CONF_STATE,
  type Entry,
  type HardState,
  MemoryStorage,
  type Message,
  message,
  RawNode,
  type Ready,
} from "../index.ts";

export const NO_BYTES: Uint8Array = new Uint8Array(0);

export interface Start extends Partial<Config> {
  /** Terms of the entries 2, 3, … behind the founding snapshot at index 1, term 1. */
  readonly terms?: readonly number[];
  readonly hardState?: Partial<HardState>;
  readonly voters?: readonly number[];
}

export class Desk {
  readonly storage: MemoryStorage = new MemoryStorage();
  readonly node: RawNode;
  readonly config: Config;

  constructor({ terms = [], hardState = {}, voters = [1, 2, 3], ...config }: Start = {}) {
    const metadata = { confState: { ...EMPTY_CONF_STATE, voters }, index: 1, term: 1 };
    this.storage.applySnapshot({ data: NO_BYTES, metadata });
    this.storage.append(terms.map((term, place) => entry(term, place + 2)));
    this.storage.setHardState({ term: terms.at(-1) ?? 1, vote: 0, commit: 1, ...hardState });
    this.config = {
      id: 1,
      storage: this.storage,
      electionTick: 10,
      heartbeatTick: 1,
      checkQuorum: false,
      preVote: false,
      readOnlyOption: "safe",
      maxInflightMsgs: 8,
      random: () => 0,
      confChangeOf: () => ({ transition: "auto", changes: [], context: NO_BYTES }),
      ...config,
    };
    this.node = new RawNode(this.config);
  }

  /** Everything the node wants now, with its own answers to its writes. */
  carryOut(): readonly Ready[] {
    const readies: Ready[] = [];
    while (this.node.hasReady()) {
      const ready = this.node.ready();
      readies.push(ready);
      if (ready.hardState) this.storage.setHardState(ready.hardState);
      this.storage.append(ready.entries);
      this.node.advance(ready);
    }
    return readies;
  }

  step(draft: Parameters<typeof message>[0]): readonly Message[] {
    this.node.step(message({ to: 1, ...draft }));
    return this.carryOut().flatMap(({ messages }) => messages);
  }

  elect(): void {
    this.node.campaign();
    this.carryOut();
    for (const from of [2, 3]) {
      this.step({ type: "MsgVoteResp", from, term: this.node.status().term });
    }
    assert(this.node.status().raftState === "leader", "two votes of three make a leader");
  }

  terms(): readonly number[] {
    const [first, last] = [this.storage.firstIndex(), this.storage.lastIndex()];
    return last < first ? [] : this.storage.entries(first, last + 1, Infinity).map((e) => e.term);
  }
}

export function entry(term: number, index: number): Entry {
  return { term, index, type: "normal", data: NO_BYTES };
}
