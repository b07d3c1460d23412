/** The safety properties of Raft figure 3, watched over the whole life of a cluster. */
import { assert } from "../../../base/index.ts";
import type { Member } from "./member.ts";

export class Safety {
  readonly #leaders = new Map<number, number>();
  /** Content and term of the entry before, for each index and term that was ever in a log. */
  readonly #entries = new Map<string, string>();
  /** What was applied at an index, and in which term that was first seen. */
  readonly #applied = new Map<number, { readonly text: string; readonly seenIn: number }>();
  readonly #appliedUpTo = new WeakMap<Member, Map<number, string>>();
  #lastIndex = 0;

  get leaders(): number {
    return this.#leaders.size;
  }

  get appliedIndices(): number {
    return this.#applied.size;
  }

  check(member: Member): void {
    this.#logMatching(member);
    this.#stateMachineSafety(member);
    const { raftState, term } = member.node.status();
    if (raftState !== "leader") return;
    const known = this.#leaders.get(term);
    assert(known === undefined || known === member.id, `election safety in term ${term}`);
    this.#leaders.set(term, member.id);
    if (known === undefined) this.#leaderCompleteness(member, term);
  }

  /** The same index and term: the same entry, and by induction the same log before it. */
  #logMatching({ log, storage }: Member): void {
    for (const { index, term, type, data } of log.values()) {
      const before = log.get(index - 1)?.term;
      const content = `${type} ${new TextDecoder().decode(data)}`;
      const key = `${index}/${term}`;
      const known = this.#entries.get(key);
      assert(known === undefined || known === content, `log matching at ${key}`);
      this.#entries.set(key, content);
      if (before === undefined || index <= storage.firstIndex()) continue;
      const predecessor = this.#entries.get(`before ${key}`);
      const isSame = predecessor === undefined || predecessor === String(before);
      assert(isSame, `log matching before ${key}`);
      this.#entries.set(`before ${key}`, String(before));
    }
  }

  #stateMachineSafety(member: Member): void {
    const { term } = member.node.status();
    const checked = this.#appliedUpTo.get(member);
    // The same map only grows at its end; another one came from a snapshot or a restart.
    const from = checked === member.applied ? this.#lastIndex - 50 : 0;
    for (let index = member.appliedIndex; index > Math.max(1, from); index--) {
      const text = member.applied.get(index);
      if (text === undefined) continue;
      const known = this.#applied.get(index);
      assert(known === undefined || known.text === text, `state machine safety at ${index}`);
      if (known === undefined) this.#applied.set(index, { text, seenIn: term });
    }
    this.#appliedUpTo.set(member, member.applied);
    this.#lastIndex = Math.max(this.#lastIndex, member.appliedIndex);
  }

  /** What was committed in an earlier term is in the log of every later leader. */
  #leaderCompleteness({ log, storage, applied }: Member, term: number): void {
    for (const [index, { text, seenIn }] of this.#applied) {
      if (seenIn >= term || index < storage.firstIndex()) continue;
      const entry = log.get(index);
      const own = entry
        ? `${entry.term}/${entry.type}/${new TextDecoder().decode(entry.data)}`
        : applied.get(index);
      assert(own === text, `leader completeness at ${index} in term ${term}`);
    }
  }
}
