/** Short names of the oracles, as `docs/reference/simulate.md` lists them. */
export type Oracle =
  | "ES"
  | "LM"
  | "LC"
  | "SM"
  | "CQ"
  | "MONO"
  | "DUR"
  | "WIRE"
  | "HASH"
  | "ALIVE"
  | "LIVE"
  | "TERM"
  | "LIN"
  | "FLOOR";

/** Ends the run. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly oracle: Oracle;

  constructor(oracle: Oracle, message: string) {
    super(message);
    this.oracle = oracle;
  }
}
