/**
 * The search for one order of the operations of one part: Wing and Gong's algorithm with Lowe's
 * cache of configurations already seen, on a doubly linked list of calls and returns as in
 * Porcupine. A call is lifted out of the list when it is given the next place in the order; it may
 * be chosen while no return stands before it.
 *
 * Calls with an unknown outcome have no return, so they would be tried first, again and again, at
 * every level. They wait in a list of their own and are tried last: most never took effect.
 */
import type { Model, Operation, State } from "./history.ts";

interface Entry {
  /** Position among all calls and returns of this part. */
  readonly position: number;
  /** Index of the operation. */
  readonly operation: number;
  readonly isCall: boolean;
  /** The return of a call, or the call of a return. Absent for an unknown outcome. */
  match: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

interface Choice<S> {
  readonly entry: Entry;
  /** State before the operation. */
  readonly state: S;
}

export type SearchVerdict = "ok" | "bad" | "running";

export class Search<S extends State, Input, Output> {
  readonly #model: Model<S, Input, Output>;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #known: Entry;
  readonly #doubtful: Entry;
  readonly #chosen: Choice<S>[] = [];
  readonly #cache: ConfigurationCache<S>;
  /** Operations with an answer that have no place yet. The search ends at 0. */
  #unplaced: number;
  #state: S;
  #entry: Entry | undefined;
  #longest: readonly number[] = [];
  #verdict: SearchVerdict = "running";

  constructor(model: Model<S, Input, Output>, operations: readonly Operation<Input, Output>[]) {
    this.#model = model;
    this.#operations = operations;
    this.#known = listOf(knownEntries(operations));
    this.#doubtful = listOf(doubtfulEntries(operations));
    this.#cache = new ConfigurationCache(operations.length);
    this.#unplaced = operations.filter(({ outcome }) => outcome !== undefined).length;
    this.#state = model.initial;
    this.#entry = this.#first();
  }

  /** The longest order found so far, as indices of the operations. */
  get longest(): readonly number[] {
    return this.#longest;
  }

  /** Goes on for at most this many steps; returns how many it took. */
  advance(stepsMax: number): number {
    let steps = 0;
    while (this.#verdict === "running" && steps < stepsMax) {
      steps++;
      if (this.#unplaced === 0) this.#verdict = "ok";
      else if (this.#entry === undefined) this.#takeBack();
      else if (this.#canPlace(this.#entry)) this.#entry = this.#first();
      else this.#entry = this.#after(this.#entry);
    }
    return steps;
  }

  get verdict(): SearchVerdict {
    return this.#verdict;
  }

  #first(): Entry | undefined {
    return this.#candidate(this.#known.next);
  }

  #after(entry: Entry): Entry | undefined {
    return entry.match === undefined ? this.#doubt(entry.next) : this.#candidate(entry.next);
  }

  /** Behind the first return nothing known may be chosen; then come the doubtful calls before it. */
  #candidate(entry: Entry | undefined): Entry | undefined {
    return entry?.isCall ? entry : this.#doubt(this.#doubtful.next);
  }

  #doubt(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined) return undefined;
    let limit = this.#known.next;
    while (limit?.isCall) limit = limit.next;
    return limit === undefined || entry.position < limit.position ? entry : undefined;
  }

  /** Gives the operation the next place, unless the model forbids it or the outcome was seen before. */
  #canPlace(entry: Entry): boolean {
    const { input, outcome } = this.#operations[entry.operation] as Operation<Input, Output>;
    const after = this.#model.step(this.#state, input, outcome?.output);
    if (after === undefined) return false;
    if (!this.#cache.add(entry.operation, after.state)) return false;
    this.#chosen.push({ entry, state: this.#state });
    this.#state = after.state;
    unlink(entry);
    if (entry.match !== undefined) {
      unlink(entry.match);
      this.#unplaced--;
    }
    if (this.#chosen.length > this.#longest.length)
      this.#longest = this.#chosen.map((choice) => choice.entry.operation);
    return true;
  }

  #takeBack(): void {
    const choice = this.#chosen.pop();
    if (choice === undefined) {
      this.#verdict = "bad";
      return;
    }
    const { entry, state } = choice;
    this.#state = state;
    this.#cache.leave(entry.operation);
    if (entry.match !== undefined) {
      relink(entry.match);
      this.#unplaced++;
    }
    relink(entry);
    this.#entry = this.#after(entry);
  }
}

/** Sets of placed operations together with the state they led to: Lowe's cache. Exact: a hash only chooses the bucket. */
class ConfigurationCache<S extends State> {
  readonly #placed: Uint32Array;
  readonly #seen = new Map<number, { readonly placed: Uint32Array; readonly state: S }[]>();
  #hash = 0;

  constructor(operations: number) {
    this.#placed = new Uint32Array((operations >>> 5) + 1);
  }

  /** Adds the operation; false (and unchanged) when that leads to a configuration already seen. */
  add(operation: number, state: S): boolean {
    this.#flip(operation);
    const bucket = this.#seen.get(this.#hash) ?? [];
    if (bucket.some((seen) => seen.state === state && isEqual(seen.placed, this.#placed))) {
      this.#flip(operation);
      return false;
    }
    bucket.push({ placed: this.#placed.slice(), state });
    this.#seen.set(this.#hash, bucket);
    return true;
  }

  leave(operation: number): void {
    this.#flip(operation);
  }

  #flip(operation: number): void {
    const word = operation >>> 5;
    this.#placed[word] = (this.#placed[word] ?? 0) ^ (1 << (operation & 31));
    this.#hash ^= scramble(operation);
  }
}

/** Spreads small integers over 32 bits, so that sets of neighbours do not share a bucket. */
function scramble(value: number): number {
  let mixed = Math.imul(value + 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

interface Moment {
  readonly at: number;
  readonly operation: number;
  readonly isCall: boolean;
}

/** At equal stamps calls come first: then the two overlap, which only allows more orders. */
function momentsOf(operations: readonly Operation<unknown, unknown>[]): Moment[] {
  return operations
    .flatMap(({ calledAt, outcome }, operation): Moment[] => [
      { at: calledAt, operation, isCall: true },
      ...(outcome === undefined ? [] : [{ at: outcome.at, operation, isCall: false }]),
    ])
    .sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall));
}

function knownEntries(operations: readonly Operation<unknown, unknown>[]): Entry[] {
  const calls = new Map<number, Entry>();
  return entriesOf(operations, true).map((entry) => {
    const call = calls.get(entry.operation);
    if (call === undefined) calls.set(entry.operation, entry);
    else {
      entry.match = call;
      call.match = entry;
    }
    return entry;
  });
}

function doubtfulEntries(operations: readonly Operation<unknown, unknown>[]): Entry[] {
  return entriesOf(operations, false);
}

function entriesOf(operations: readonly Operation<unknown, unknown>[], isKnown: boolean): Entry[] {
  return momentsOf(operations)
    .map(({ operation, isCall }, position): Entry => {
      return {
        position,
        operation,
        isCall,
        match: undefined,
        previous: undefined,
        next: undefined,
      };
    })
    .filter((entry) => (operations[entry.operation]?.outcome !== undefined) === isKnown);
}

/** Links the entries behind a head that is never chosen and never lifted. */
function listOf(entries: readonly Entry[]): Entry {
  const head: Entry = {
    position: -1,
    operation: -1,
    isCall: false,
    match: undefined,
    previous: undefined,
    next: undefined,
  };
  let last = head;
  for (const entry of entries) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function unlink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry.next;
  if (entry.next !== undefined) entry.next.previous = entry.previous;
}

/** Undoes `unlink`; correct only in the reverse order of unlinking. */
function relink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
}
