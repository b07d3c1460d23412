/**
 * Operations with unknown outcome. They have no return, so nothing ever forces a place on them; those
 * that do the same in every state are one group, whose members are used in the order of their calls.
 */
import type { Entry } from "./entries.ts";

interface Group {
  readonly entries: readonly Entry[];
  /** So many, from the first on, have a place. */
  used: number;
}

/** How many of which groups were said to have taken effect. */
export type Used = ReadonlyMap<number, number>;

export class Doubts {
  readonly #groups: readonly Group[];
  #used = new Map<number, number>();

  constructor(entries: readonly Entry[], alike: (operation: number) => string) {
    const groups = new Map<string, Entry[]>();
    for (const entry of entries) {
      const name = alike(entry.operation);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [entry]);
      else group.push(entry);
    }
    this.#groups = [...groups.values()].map((of) => ({ entries: of, used: 0 }));
  }

  get count(): number {
    return this.#groups.length;
  }

  /** The next of this group to use; undefined when none of it was called before the position. */
  candidate(group: number, before: number): Entry | undefined {
    const { entries = [], used = 0 } = this.#groups[group] ?? {};
    const entry = entries[used];
    return entry !== undefined && entry.position < before ? entry : undefined;
  }

  use(group: number, by: 1 | -1): void {
    const of = this.#groups[group] as Group;
    of.used += by;
    if (of.used === 0) this.#used.delete(group);
    else this.#used.set(group, of.used);
  }

  used(): Used {
    return this.#used.size === 0 ? NONE : new Map(this.#used);
  }

  /** Whether at least so many of each are in use now. */
  coversAll(earlier: Used): boolean {
    for (const [group, used] of earlier) if ((this.#used.get(group) ?? 0) < used) return false;
    return true;
  }
}

const NONE: Used = new Map();
