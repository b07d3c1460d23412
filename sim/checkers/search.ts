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
  /** No other place needs to be tried for it. */
  readonly isForced: boolean;
}

export type SearchVerdict = "ok" | "bad" | "running";

export class Search<S extends State, Input, Output> {
  readonly #model: Model<S, Input, Output>;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #known: Entry;
  readonly #doubtful: Entry;
  readonly #foreseen: readonly (S | undefined)[];
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
    this.#foreseen = model.foresee?.(operations) ?? [];
    this.#known = listOf(knownEntries(operations));
    this.#doubtful = listOf(doubtfulEntries(operations));
    this.#cache = new ConfigurationCache(operations.length);
    this.#unplaced = operations.filter(({ outcome }) => outcome !== undefined).length;
    this.#state = model.initial;
    while (this.#placeIdle());
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

  /**
   * Gives the operation the next place, and directly behind it every operation that answers what the
   * new state answers and changes nothing. Those need no second try elsewhere: in any order that
   * works, they can be moved here. False, and all as before, when the model forbids it or the
   * configuration was seen.
   */
  #canPlace(entry: Entry): boolean {
    const after = this.#stepTo(entry);
    if (after === undefined) return false;
    const foreseen = this.#foreseen[entry.operation];
    if (foreseen !== undefined && foreseen !== after.state) return false;
    this.#place(entry, after.state, false);
    while (this.#placeIdle());
    if (!this.#cache.add(this.#state)) {
      this.#undo();
      return false;
    }
    if (this.#chosen.length > this.#longest.length)
      this.#longest = this.#chosen.map((choice) => choice.entry.operation);
    return true;
  }

  #placeIdle(): boolean {
    for (let entry = this.#known.next; entry?.isCall; entry = entry.next) {
      const { input, outcome } = this.#operations[entry.operation] as Operation<Input, Output>;
      if (outcome === undefined || !this.#model.isEffectless(input, outcome.output)) continue;
      if (this.#stepTo(entry) === undefined) continue;
      this.#place(entry, this.#state, true);
      return true;
    }
    return false;
  }

  #stepTo(entry: Entry): { readonly state: S } | undefined {
    const { input, outcome } = this.#operations[entry.operation] as Operation<Input, Output>;
    return this.#model.step(this.#state, input, outcome?.output);
  }

  #place(entry: Entry, state: S, isForced: boolean): void {
    this.#chosen.push({ entry, state: this.#state, isForced });
    this.#state = state;
    this.#cache.flip(entry.operation, entry.match !== undefined);
    unlink(entry);
    if (entry.match === undefined) return;
    unlink(entry.match);
    this.#unplaced--;
  }

  #takeBack(): void {
    const entry = this.#undo();
    if (entry === undefined) this.#verdict = "bad";
    else this.#entry = this.#after(entry);
  }

  /** Takes the last free choice back, with what was forced by it. Undefined when there was none. */
  #undo(): Entry | undefined {
    for (let choice = this.#chosen.pop(); choice !== undefined; choice = this.#chosen.pop()) {
      const { entry, state, isForced } = choice;
      this.#state = state;
      this.#cache.flip(entry.operation, entry.match !== undefined);
      if (entry.match !== undefined) {
        relink(entry.match);
        this.#unplaced++;
      }
      relink(entry);
      if (!isForced) return entry;
    }
    return undefined;
  }
}

interface Configuration<S> {
  /** Operations with an answer that have a place. */
  readonly known: Uint32Array;
  /** Operations with unknown outcome that were said to have taken effect. */
  readonly doubtful: Uint32Array;
  readonly state: S;
}

/**
 * Sets of placed operations together with the state they led to: Lowe's cache. Exact, a hash only
 * chooses the bucket. A configuration that used up more doubtful operations than one already seen,
 * and is otherwise the same, can do nothing that the other could not.
 */
class ConfigurationCache<S extends State> {
  readonly #known: Uint32Array;
  readonly #doubtful: Uint32Array;
  readonly #seen = new Map<number, Configuration<S>[]>();
  #hash = 0;

  constructor(operations: number) {
    this.#known = new Uint32Array((operations >>> 5) + 1);
    this.#doubtful = new Uint32Array((operations >>> 5) + 1);
  }

  /** False when a configuration at least as good was seen before. */
  add(state: S): boolean {
    const bucket = this.#seen.get(this.#hash) ?? [];
    const isSeen = bucket.some(
      (seen) =>
        seen.state === state &&
        isEqual(seen.known, this.#known) &&
        isWithin(seen.doubtful, this.#doubtful),
    );
    if (isSeen) return false;
    bucket.push({ known: this.#known.slice(), doubtful: this.#doubtful.slice(), state });
    this.#seen.set(this.#hash, bucket);
    return true;
  }

  /** Puts the operation into the present set, or takes it out. */
  flip(operation: number, isKnown: boolean): void {
    const set = isKnown ? this.#known : this.#doubtful;
    const word = operation >>> 5;
    set[word] = (set[word] ?? 0) ^ (1 << (operation & 31));
    if (isKnown) this.#hash ^= scramble(operation);
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

function isWithin(smaller: Uint32Array, larger: Uint32Array): boolean {
  for (let index = 0; index < smaller.length; index++)
    if (((smaller[index] ?? 0) & ~(larger[index] ?? 0)) !== 0) return false;
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
