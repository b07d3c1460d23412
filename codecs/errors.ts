/**
 * The two errors of this folder. `DecodeError` blames the bytes, `EncodeError` blames the value;
 * both say where. Nothing else may leave an encoder or a decoder (law 2: encode may refuse, decode
 * never kills).
 */

/**
 * Why bytes could not be read. The first ten are the error kinds of the Bilrost specification (§6.1);
 * every format reports in these terms, so that a report compares like with like.
 */
export type DecodeErrorCode =
  | "Truncated"
  | "InvalidVarint"
  | "TagOverflowed"
  | "WrongWireType"
  | "OutOfDomainValue"
  | "InvalidValue"
  | "UnexpectedlyRepeated"
  | "ConflictingFields"
  | "NotCanonical"
  | "UnknownField"
  | "RecursionLimitReached"
  /** A length or count above the limit that the caller set (`Limits`). */
  | "LimitExceeded"
  /** Bytes that are well-formed in no reading of the format, or follow the end of the value. */
  | "Malformed"
  /** The wire version of the bytes is not among those this reader supports. */
  | "UnsupportedVersion";

/** Thrown when bytes do not follow the wire format or the schema. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code: DecodeErrorCode;
  /** First byte that could not be read, counted from the start of the input. */
  readonly offset: number;
  /** Outermost first: message name, field name, `[3]` for the fourth item, then deeper. */
  readonly path: readonly string[];
  /** The message without path and offset. */
  readonly problem: string;

  constructor(
    code: DecodeErrorCode,
    problem: string,
    offset: number,
    path: readonly string[] = [],
  ) {
    super(`${path.length > 0 ? `${path.join(".")}: ` : ""}${problem} (byte ${offset})`);
    this.code = code;
    this.offset = offset;
    this.path = path;
    this.problem = problem;
  }

  /** The same error as seen from one level further out. */
  within(segment: string): DecodeError {
    return new DecodeError(this.code, this.problem, this.offset, [segment, ...this.path]);
  }
}

export type EncodeErrorCode =
  /** The value needs a later (or earlier) wire version than the one asked for. */
  | "VersionMismatch"
  | "OutOfDomainValue"
  /** A string with a lone surrogate has no UTF-8 form. */
  | "InvalidValue"
  | "UnexpectedlyRepeated"
  | "RecursionLimitReached"
  | "LimitExceeded"
  /** The message does not exist in this protocol or version. */
  | "UnknownMessage";

/** Thrown before any byte is written when a value cannot be expressed. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  readonly code: EncodeErrorCode;
  readonly path: readonly string[];
  /** For `VersionMismatch`: the first version that can hold the value. */
  readonly neededVersion: number | undefined;
  readonly actualVersion: number | undefined;
  /** The message without path. */
  readonly problem: string;

  constructor(
    code: EncodeErrorCode,
    problem: string,
    path: readonly string[] = [],
    versions: { readonly needed?: number; readonly actual?: number } = {},
  ) {
    super(`${path.length > 0 ? `${path.join(".")}: ` : ""}${problem}`);
    this.code = code;
    this.path = path;
    this.problem = problem;
    this.neededVersion = versions.needed;
    this.actualVersion = versions.actual;
  }

  /** The same error as seen from one level further out. */
  within(segment: string): EncodeError {
    return new EncodeError(this.code, this.problem, [segment, ...this.path], {
      ...(this.neededVersion !== undefined && { needed: this.neededVersion }),
      ...(this.actualVersion !== undefined && { actual: this.actualVersion }),
    });
  }
}

/** The same error as seen from further out; anything else is a bug of ours and passes unchanged. */
export function located(error: unknown, path: readonly string[]): unknown {
  if (!(error instanceof DecodeError || error instanceof EncodeError)) return error;
  return path.reduceRight<DecodeError | EncodeError>((inner, name) => inner.within(name), error);
}
