/** How an operation of a client ends. Nothing is thrown for what a cluster does: callers must look. */
export type Outcome<T> =
  | {
      readonly kind: "done";
      readonly value: T;
      /** Where the write stands in the log, or up to where the read saw it. */
      readonly index: number;
    }
  /** Certainly without effect. */
  | Problem<"failed">
  /** A write that may or may not have happened, and may still happen. Reads are never unknown. */
  | Problem<"unknown">;

export interface Problem<K extends string> {
  readonly kind: K;
  /** `timeout`, `closed`, `malformed`, `session_lost`, or the code of the refusal at the hello. */
  readonly code: string;
  readonly message: string;
}
