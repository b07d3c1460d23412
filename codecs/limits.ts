/** Bounds a decoder keeps, so that no input can exhaust the stack or the memory. Encoders keep them too. */
export interface Limits {
  /** Nested messages under the root; entering one more is `RecursionLimitReached`. */
  readonly depthMax: number;
  /** Bytes of one message, string or byte field; more is `LimitExceeded`. */
  readonly lengthMax: number;
  /** Items of one list or entries of one map; more is `LimitExceeded`. */
  readonly countMax: number;
}

export const DEFAULT_LIMITS: Limits = {
  depthMax: 100,
  lengthMax: 64 * 1024 * 1024,
  countMax: 1_000_000,
};
