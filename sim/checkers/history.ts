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
  /**
   * For each operation the only state that can follow it in any order that works, or undefined. It
   * only saves time: leaving it out changes no verdict.
   */
  foresee?(operations: readonly Operation<Input, Output>[]): readonly (S | undefined)[];
  describe(input: Input, output: Output | undefined): string;
}
