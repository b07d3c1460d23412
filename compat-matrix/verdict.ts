/** What a cell is, and how it can end. Only `broken` fails a matrix. */

export type Verdict = "exact" | "declared-loss" | "clean-refusal" | "broken";

/** Who suffers from a broken cell. */
export type Victim =
  | "new reader of old bytes"
  | "old reader of new bytes"
  | "rollback after a rewrite";

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not exact: the declared reason, the refusal's text, or what is wrong. Empty for exact. */
  readonly reason: string;
  /** For `broken`: the value path, where one is known. */
  readonly path?: string;
}

export const EXACT: Judgement = { verdict: "exact", reason: "" };

export function broken(reason: string, path?: string): Judgement {
  return { verdict: "broken", reason, ...(path !== undefined && path !== "" && { path }) };
}

export function refused(reason: string): Judgement {
  return { verdict: "clean-refusal", reason };
}

export function lost(reason: string): Judgement {
  return { verdict: "declared-loss", reason };
}

/** The families of cells, in the order in which they are run and shown. */
export type CellKind = "direct" | "relay" | "hello" | "client-server" | "start" | "captured";

/** One side of a cell: a release, at a wire version where that matters. */
export interface Side {
  readonly release: string;
  /** 0 where the cell is not about one version. */
  readonly version: number;
}

/** One judged cell, with the evidence that a person needs to believe it. */
export interface Cell extends Judgement {
  readonly kind: CellKind;
  readonly writer: Side;
  readonly reader: Side;
  /** Release in the middle of a relay. */
  readonly through?: Side;
  readonly message: string;
  readonly case: string;
  readonly victim: Victim;
  /** What the reader was given. */
  readonly bytes: Uint8Array;
  readonly expected: unknown;
  /** What the reader saw; undefined when it saw nothing. */
  readonly actual: unknown;
  /** What the reader wrote at its version, when it got so far. */
  readonly rewritten?: Uint8Array;
}
