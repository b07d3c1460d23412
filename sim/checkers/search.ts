/**
 * The search for one order of the operations of one part: Wing and Gong's algorithm with Lowe's
 * cache of configurations already seen, on a doubly linked list of calls and returns as in
 * Porcupine. A call is lifted out of the list when it is given the next place in the order; it may
 * be chosen while no return stands before it. What the model foresees cuts choices that can not
 * work, and states that differ for nobody are one.
 */
import { Automaton, IMPOSSIBLE } from "./automaton.ts";
import { Doubts } from "./doubts.ts";
import { type Entry, entriesOf, relink, unlink } from "./entries.ts";
import type { Model, Operation, State } from "./history.ts";
import { Needs } from "./needs.ts";
import { Seen } from "./seen.ts";

interface Choice {
  readonly entry: Entry;
  /** State before the operation. */
  readonly state: number;
  /** Of the operations with unknown outcome; -1: it has an answer. */
  readonly group: number;
  /** No other place needs to be tried for it. */
  readonly isForced: boolean;
}

/** `full`: what was seen takes too much memory to go on. */
export type SearchVerdict = "ok" | "bad" | "full" | "running";

const SEEN_MAX = 2_000_000;

export class Search<S extends State, Input, Output> {
  readonly #model: Model<S, Input, Output>;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #automaton: Automaton<S, Input, Output>;
  readonly #needs: Needs;
  readonly #known: Entry;
  readonly #doubts: Doubts;
  readonly #seen = new Seen();
  readonly #chosen: Choice[] = [];
  /** Operations with an answer that have no place yet. The search ends at 0. */
  #unplaced: number;
  #state: number;
  /** What to try next: a call with an answer, then the groups of those without. */
  #entry: Entry | undefined;
  #group = 0;
  #steps = 0;
  #longest: readonly number[] = [];
  #verdict: SearchVerdict = "running";

  constructor(model: Model<S, Input, Output>, operations: readonly Operation<Input, Output>[]) {
    this.#model = model;
    this.#operations = operations;
    const automaton = new Automaton(model, operations);
    this.#automaton = automaton;
    this.#needs = new Needs(automaton);
    const { head, doubtful } = entriesOf(operations);
    this.#known = head;
    const { alike, unnoticed } = automaton.foresight ?? {};
    this.#doubts = new Doubts(
      doubtful.filter(({ operation }) => !unnoticed?.[operation]),
      (operation) => alike?.[operation] ?? String(operation),
    );
    this.#unplaced = operations.filter(({ outcome }) => outcome !== undefined).length;
    this.#state = automaton.initial;
    this.#placeIdle();
    this.#restart();
  }

  /** The longest order found so far, as indices of the operations. */
  get longest(): readonly number[] {
    return this.#longest;
  }

  /** A contradiction is bad before any step; steps still find the longest order. */
  get verdict(): SearchVerdict {
    return this.#needs.isContradiction ? "bad" : this.#verdict;
  }

  /** Goes on for about this many steps; returns how many it took. */
  advance(stepsMax: number): number {
    this.#steps = 0;
    while (this.#verdict === "running" && this.#steps < stepsMax) {
      this.#steps++;
      if (this.#unplaced === 0) this.#verdict = "ok";
      else if (this.#seen.size > SEEN_MAX) this.#verdict = "full";
      else this.#tryNext();
    }
    return this.#steps;
  }

  #tryNext(): void {
    if (this.#entry?.isCall) {
      if (this.#canPlace(this.#entry, -1)) this.#restart();
      else this.#entry = this.#entry.next;
      return;
    }
    // Behind the first return nothing known may be chosen; then come the doubtful calls before it.
    if (this.#group >= this.#doubts.count) return this.#takeBack();
    const group = this.#group++;
    const end = this.#entry?.position ?? Number.POSITIVE_INFINITY;
    const entry = this.#doubts.candidate(group, end);
    if (entry !== undefined && this.#canPlace(entry, group)) this.#restart();
  }

  #restart(): void {
    this.#entry = this.#known.next;
    this.#group = 0;
  }

  /**
   * Gives the operation the next place, and directly behind it every operation that needs no second try
   * elsewhere. False, and all as before, when it can not stand here or the configuration was seen.
   */
  #canPlace(entry: Entry, group: number): boolean {
    const after = this.#step(entry.operation);
    if (after === IMPOSSIBLE) return false;
    // Who may or may not have taken effect, and would change nothing, need not have.
    if (
      group >= 0 &&
      after === this.#state &&
      this.#automaton.before[entry.operation] === undefined
    )
      return false;
    this.#place({ entry, state: this.#state, group, isForced: false }, after);
    this.#placeIdle();
    if (!this.#seen.add(this.#state, this.#doubts)) {
      this.#undo();
      return false;
    }
    if (this.#chosen.length > this.#longest.length)
      this.#longest = this.#chosen.map((choice) => choice.entry.operation);
    return true;
  }

  /** The state behind the operation, when nothing is known that forbids it here. */
  #step(operation: number): number {
    const after = this.#automaton.step(this.#state, operation);
    if (after === IMPOSSIBLE) return IMPOSSIBLE;
    const foreseen = this.#automaton.after[operation];
    if (foreseen !== undefined && foreseen !== after) return IMPOSSIBLE;
    if (after !== this.#state && !this.#needs.allowsToLeave(this.#state, operation))
      return IMPOSSIBLE;
    return after;
  }

  /**
   * Operations that answer what the state answers and change nothing: in any order that works they can
   * be moved here. So can writes that nobody noticed, once nobody needs the state any more.
   */
  #placeIdle(): void {
    // Once the last reader has its place, the state is spent and more may follow.
    for (let state = -1; state !== this.#state; ) {
      state = this.#state;
      this.#placeIdleOnce();
    }
  }

  #placeIdleOnce(): void {
    for (let entry = this.#known.next; entry?.isCall; entry = entry.next) {
      this.#steps++;
      const { input, outcome } = this.#operations[entry.operation] as Operation<Input, Output>;
      if (outcome === undefined || !this.#isIdle(entry.operation, input, outcome.output)) continue;
      this.#place({ entry, state: this.#state, group: -1, isForced: true }, this.#state);
    }
  }

  #isIdle(operation: number, input: Input, output: Output): boolean {
    if (this.#model.isEffectless(input, output))
      return this.#automaton.step(this.#state, operation) !== IMPOSSIBLE;
    return (
      this.#automaton.foresight?.unnoticed[operation] === true &&
      this.#state === this.#automaton.spent
    );
  }

  #place(choice: Choice, after: number): void {
    const { entry, group } = choice;
    this.#chosen.push(choice);
    this.#state = after;
    this.#needs.meet(entry.operation, 1);
    if (this.#needs.isSpent(after)) this.#state = this.#automaton.spent ?? after;
    if (group >= 0) return this.#doubts.use(group, 1);
    this.#seen.flip(entry.operation);
    unlink(entry);
    unlink(entry.match as Entry);
    this.#unplaced--;
  }

  #takeBack(): void {
    const choice = this.#undo();
    if (choice === undefined) {
      this.#verdict = "bad";
      return;
    }
    const { entry, group } = choice;
    this.#entry = group < 0 ? entry.next : this.#firstReturn();
    this.#group = group + 1;
  }

  #firstReturn(): Entry | undefined {
    let entry = this.#known.next;
    while (entry?.isCall) entry = entry.next;
    return entry;
  }

  /** Takes the last free choice back, with what was forced by it. Undefined when there was none. */
  #undo(): Choice | undefined {
    for (let choice = this.#chosen.pop(); choice !== undefined; choice = this.#chosen.pop()) {
      const { entry, state, group, isForced } = choice;
      this.#state = state;
      this.#needs.meet(entry.operation, -1);
      if (group >= 0) this.#doubts.use(group, -1);
      else {
        this.#seen.flip(entry.operation);
        relink(entry.match as Entry);
        relink(entry);
        this.#unplaced++;
      }
      if (!isForced) return choice;
    }
    return undefined;
  }
}
