/**
 * A history is what clients saw: operations with a start, and for most an end and an answer. It
 * says nothing about the inside of the system, so one checker serves a simulator, real processes
 * and files of other people.
 */

/** One call of one client. Stamps are any numbers of one clock: nanoseconds, or lines of a file. */
export interface Operation<Input, Output> {
  readonly client: number;
  readonly input: Input;
  readonly calledAt: number;
  /** Absent: nobody knows the outcome. It may take effect at any time after the call, or never. */
  readonly outcome?: { readonly at: number; readonly output: Output };
}

/** A value, as far as this checker cares. States are compared with `===`, which keeps the cache exact. */
export type State = string | number | null;

/** A history that no clock can have written. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  /** Index of the operation. */
  readonly operation: number;

  constructor(operation: number, why: string) {
    super(`Cannot judge the history: operation ${operation} ${why}`);
    this.operation = operation;
  }
}

/** What all operations of a part together give away about each of them. Lists go by the operations. */
export interface Foresight<S> {
  /** One of all the states that no answer of this part can tell from this one, now or later. */
  simplify(state: S): S;
  /** The only state in which the operation can have its place. Such an operation must take effect. */
  readonly before: readonly (S | undefined)[];
  /** The only state that can follow it. Invariant: that state is there once, in one piece, with this maker. */
  readonly after: readonly (S | undefined)[];
  /** Operations with the same text do the same in every state. */
  readonly alike: readonly string[];
  /** Changes the state and can be left out of any order that works. */
  readonly unnoticed: readonly boolean[];
  /** Stands for each state that was there once and that nobody needs any more; undefined: they may still differ. */
  readonly spent: S | undefined;
}

/** The sequential behaviour that a history must be explained by. One instance describes one key. */
export interface Model<S extends State, Input, Output> {
  readonly initial: S;
  /** Operations on different parts never influence each other, so each part is checked alone. */
  partOf(input: Input): string;
  /**
   * The state after the operation, or undefined when it cannot answer `output` here. Without an
   * output (unknown outcome) every operation is possible.
   */
  step(state: S, input: Input, output: Output | undefined): { readonly state: S } | undefined;
  /** True when the operation changes nothing, whatever the state; then an unknown outcome needs no place in the order. */
  isRead(input: Input): boolean;
  /** True when this answer says that nothing was changed: then dropping the operation cannot turn a good history bad. */
  isEffectless(input: Input, output: Output): boolean;
  /** It only saves time: leaving it out changes no verdict. */
  foresee?(operations: readonly Operation<Input, Output>[]): Foresight<S>;
  describe(input: Input, output: Output | undefined): string;
}
