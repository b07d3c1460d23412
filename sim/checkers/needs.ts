/**
 * Which states are still needed. A state that is there only once must not be left before everything that
 * needs it has its place; when nothing does, it is like any other state that nobody looks at.
 */
interface Foreseen {
  readonly before: readonly (number | undefined)[];
  readonly after: readonly (number | undefined)[];
}

export class Needs {
  readonly isContradiction: boolean;
  readonly #before: readonly (number | undefined)[];
  /** For each state that is there only once, how many operations without a place need it. */
  readonly #left = new Map<number, number>();

  constructor({ before, after }: Foreseen) {
    this.#before = before;
    for (const state of after) if (state !== undefined) this.#left.set(state, 0);
    for (const state of before) if (state !== undefined) this.#count(state, 1);
    this.isContradiction = isContradiction({ before, after });
  }

  /** Whether nothing but the operation itself still needs the state. */
  allowsToLeave(state: number, operation: number): boolean {
    const left = this.#left.get(state);
    return left === undefined || left === (this.#before[operation] === state ? 1 : 0);
  }

  /** Whether the state was there for somebody, and for nobody any more. */
  isSpent(state: number): boolean {
    return this.#left.get(state) === 0;
  }

  meet(operation: number, by: 1 | -1): void {
    const state = this.#before[operation];
    if (state !== undefined) this.#count(state, -by);
  }

  #count(state: number, by: number): void {
    const left = this.#left.get(state);
    if (left !== undefined) this.#left.set(state, left + by);
  }
}

/** A state that nobody makes is needed, or two operations that need the same one both end it. */
function isContradiction({ before, after }: Foreseen): boolean {
  const made = new Set(after);
  const ended = new Set<number>();
  return before.some((state, operation) => {
    if (state === undefined) return false;
    if (!made.has(state)) return true;
    if (after[operation] === undefined || after[operation] === state) return false;
    if (ended.has(state)) return true;
    ended.add(state);
    return false;
  });
}
