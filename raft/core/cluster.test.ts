/**
 * Whole clusters in memory under a seeded schedule that loses, repeats and reorders messages and
 * restarts nodes. After every step the properties of Raft figure 3 are checked; then everything
 * heals and the cluster must agree. `WIRESPAN_SEED=<n>` replays one schedule.
 */
import { expect, test } from "vitest";
import { EMPTY_CONF_STATE, MemoryStorage, type Message, RawNode, type Ready } from "./index.ts";

/** Small seeded generator (mulberry32), so that a failing schedule can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Member {
  readonly id: number;
  readonly storage = new MemoryStorage();
  readonly applied: string[] = [];
  node: RawNode;
  readonly #make: (applied: number) => RawNode;
  constructor(id: number, voters: readonly number[], random: (limit: number) => number) {
    this.id = id;
    const confState = { ...EMPTY_CONF_STATE, voters };
    this.storage.applySnapshot({
      data: new Uint8Array(),
      metadata: { confState, index: 1, term: 1 },
    });
    this.#make = (applied) =>
      new RawNode({
        id,
        storage: this.storage,
        applied,
        electionTick: 10,
        heartbeatTick: 1,
        checkQuorum: true,
        preVote: true,
        readOnlyOption: "safe",
        maxInflightMsgs: 4,
        maxSizePerMsg: 100,
        random,
        confChangeOf: () => ({ transition: "auto", changes: [], context: new Uint8Array() }),
      });
    this.node = this.#make(1);
  }

  /** Comes back with what was on disk; the state machine keeps what it had applied. */
  restart(): void {
    this.node = this.#make(1 + this.applied.length);
  }

  /** Persists, applies, and returns what may be sent. */
  carryOut(): readonly Message[] {
    if (!this.node.hasReady()) return [];
    const ready: Ready = this.node.ready();
    this.storage.append(ready.entries);
    if (ready.hardState) this.storage.setHardState(ready.hardState);
    for (const entry of ready.committedEntries) {
      this.applied.push(`${entry.index}/${entry.term}/${new TextDecoder().decode(entry.data)}`);
    }
    this.node.advance(ready);
    return ready.messages;
  }
}

class Cluster {
  readonly members: Member[];
  readonly leaders = new Map<number, number>();
  network: Message[] = [];
  readonly #next: () => number;

  constructor(size: number, seed: number) {
    this.#next = chance(seed);
    const ids = Array.from({ length: size }, (_, place) => place + 1);
    const random = (limit: number) => Math.floor(this.#next() * limit);
    this.members = ids.map((id) => new Member(id, ids, random));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#next() * from.length)] as T;
  }

  step(trouble: number): void {
    const roll = this.#next();
    const member = this.pick(this.members);
    if (roll < 0.3) member.node.tick();
    else if (roll < 0.4)
      member.node.propose(new TextEncoder().encode(`v${Math.floor(this.#next() * 1e6)}`));
    else if (roll < 0.4 + 0.002 * trouble) member.restart();
    else this.#deliver(trouble);
    this.network.push(...member.carryOut());
    this.check();
  }

  #deliver(trouble: number): void {
    if (this.network.length === 0) return;
    const place = Math.floor(this.#next() * this.network.length);
    const message = this.network[place] as Message;
    const fate = this.#next();
    if (fate > 0.05 * trouble) this.network.splice(place, 1);
    if (fate < 0.1 * trouble && fate > 0.05 * trouble) return;
    const target = this.members.find(({ id }) => id === message.to);
    target?.node.step(message);
    if (target) this.network.push(...target.carryOut());
  }

  check(): void {
    for (const { id, node, applied } of this.members) {
      const { raftState, term } = node.status();
      if (raftState === "leader") {
        const other = this.leaders.get(term);
        expect(other ?? id, `election safety (§5.2): two leaders in term ${term}`).toBe(id);
        this.leaders.set(term, id);
      }
      const longest = this.longest();
      const last = applied.length - 1;
      expect(applied[last], "state machine safety (§5.4.3)").toBe(longest[last]);
    }
  }

  longest(): readonly string[] {
    return this.members.reduce<readonly string[]>(
      (best, { applied }) => (applied.length > best.length ? applied : best),
      [],
    );
  }
}

const SEEDS = process.env.WIRESPAN_SEED
  ? [Number(process.env.WIRESPAN_SEED)]
  : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

test.for(SEEDS)("a cluster stays safe under trouble and agrees when it heals (seed %i)", (seed) => {
  const cluster = new Cluster(seed % 2 === 0 ? 3 : 5, seed);
  for (let step = 0; step < 6_000; step++) cluster.step(1);
  for (let step = 0; step < 4_000; step++) cluster.step(0);
  const leader = cluster.members.find(({ node }) => node.status().raftState === "leader");
  expect(leader, "a healed cluster has a leader").toBeDefined();
  for (let step = 0; step < 600; step++) {
    for (const member of cluster.members) {
      member.node.tick();
      cluster.network.push(...member.carryOut());
    }
    const due = cluster.network;
    cluster.network = [];
    for (const message of due) {
      const target = cluster.members.find(({ id }) => id === message.to);
      target?.node.step(message);
      if (target) cluster.network.push(...target.carryOut());
    }
  }
  const longest = cluster.longest();
  expect(longest.length).toBeGreaterThan(50);
  for (const { applied } of cluster.members) expect(applied).toEqual(longest);
});
