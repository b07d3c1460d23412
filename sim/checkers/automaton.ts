/** The model of one part with its states as numbers, so that the search compares and counts integers. */
import type { Foresight, Model, Operation, State } from "./history.ts";

export const IMPOSSIBLE = -1;
/** Transitions are found anew when there are too many to keep. */
const KEPT_MAX = 500_000;

export class Automaton<S extends State, Input, Output> {
  readonly initial: number;
  /** For each operation the only state before it, and the only one behind it; undefined: any. */
  readonly before: readonly (number | undefined)[];
  readonly after: readonly (number | undefined)[];
  /** Stands for the states that nobody needs any more. */
  readonly spent: number | undefined;
  readonly foresight: Foresight<S> | undefined;
  readonly #model: Model<S, Input, Output>;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #numbers = new Map<S, number>();
  readonly #states: S[] = [];
  #transitions = new Map<number, number>();

  constructor(model: Model<S, Input, Output>, operations: readonly Operation<Input, Output>[]) {
    this.#model = model;
    this.#operations = operations;
    this.foresight = model.foresee?.(operations);
    const numberOf = (state: S | undefined) =>
      state === undefined ? undefined : this.#numberOf(state);
    this.before = this.foresight?.before.map(numberOf) ?? [];
    this.after = this.foresight?.after.map(numberOf) ?? [];
    this.spent = numberOf(this.foresight?.spent);
    this.initial = this.#numberOf(model.initial);
  }

  step(state: number, operation: number): number {
    const key = state * this.#operations.length + operation;
    const known = this.#transitions.get(key);
    if (known !== undefined) return known;
    const { input, outcome } = this.#operations[operation] as Operation<Input, Output>;
    const after = this.#model.step(this.#states[state] as S, input, outcome?.output);
    const next = after === undefined ? IMPOSSIBLE : this.#numberOf(after.state);
    if (this.#transitions.size > KEPT_MAX) this.#transitions = new Map();
    this.#transitions.set(key, next);
    return next;
  }

  #numberOf(state: S): number {
    const simple = this.foresight?.simplify(state) ?? state;
    const known = this.#numbers.get(simple);
    if (known !== undefined) return known;
    this.#states.push(simple);
    this.#numbers.set(simple, this.#states.length - 1);
    return this.#states.length - 1;
  }
}
