/** What keeps a reader of sources from reading at all. What it cannot resolve is no error: it is reported. */

export type SourceErrorCode =
  /** An optional package is not installed; the message has the command. */
  | "MissingPackage"
  /** The source does not follow the grammar of its language. */
  | "SyntaxError"
  /** Larger, deeper or slower to parse than the reader accepts. */
  | "LimitExceeded"
  | "InvalidTypeMap"
  | "InvalidOption"
  /** A path that cannot be read. */
  | "UnreadableFile";

export interface SourcePlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: SourceErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: SourceErrorCode, problem: string, place?: SourcePlace) {
    const parts = [place?.file, place?.line, place?.column].filter((part) => part !== undefined);
    super(parts.length > 0 ? `${parts.join(":")}: ${problem}` : problem);
    this.code = code;
    this.file = place?.file;
    this.line = place?.line;
    this.column = place?.column;
  }
}

/** Inside the reader only: one element cannot be resolved. It becomes an entry of `unresolved`. */
export class UnresolvedError extends Error {
  override readonly name = "UnresolvedError";
  /** The type and the encoding that an entry of the type map could explain. */
  readonly wanted: WantedType | undefined;

  constructor(reason: string, wanted?: WantedType) {
    super(reason);
    this.wanted = wanted;
  }
}

export interface WantedType {
  readonly type: string;
  readonly encoding: string;
}

export function unresolved(reason: string, wanted?: WantedType): never {
  throw new UnresolvedError(reason, wanted);
}
