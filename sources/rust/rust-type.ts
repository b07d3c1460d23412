/** Rust types as written, and encodings, which have the same notation. */
import { splitAtCommas, type Token, TokenCursor, textOf, tokenize } from "./tokens.ts";

export type RustType =
  | PathType
  | { readonly kind: "tuple"; readonly items: readonly RustType[] }
  | { readonly kind: "array"; readonly item: RustType; readonly length: readonly Token[] }
  | { readonly kind: "slice"; readonly item: RustType }
  | { readonly kind: "reference"; readonly to: RustType }
  /** A constant among generic arguments. */
  | { readonly kind: "constant"; readonly expression: readonly Token[] }
  /** Anything that has no place in a message: `dyn`, `fn`, `impl`, pointers. */
  | { readonly kind: "other"; readonly text: string };

export interface PathType {
  readonly kind: "path";
  /** Starts with a double colon, so that the first segment is a crate. */
  readonly absolute: boolean;
  readonly segments: readonly string[];
  /** Of the last segment, without lifetimes. */
  readonly args: readonly RustType[];
}

const DEPTH_MAX = 64;

export function parseType(text: string): RustType {
  return typeOfTokens(tokenize(text));
}

export function typeOfTokens(tokens: readonly Token[]): RustType {
  const cursor = new TokenCursor(tokens);
  try {
    const type = readType(cursor, 0);
    if (cursor.atEnd) return type;
  } catch (error) {
    if (!(error instanceof NotAType)) throw error;
  }
  return { kind: "other", text: textOf(tokens) };
}

class NotAType extends Error {}

function readType(cursor: TokenCursor, depth: number): RustType {
  if (depth > DEPTH_MAX) throw new NotAType("nested too deeply");
  if (cursor.take("(")) return readTuple(cursor, depth);
  if (cursor.take("[")) return readArray(cursor, depth);
  if (cursor.take("&")) return readReference(cursor, depth);
  return readPath(cursor, depth);
}

function readTuple(cursor: TokenCursor, depth: number): RustType {
  const items: RustType[] = [];
  while (!cursor.take(")")) {
    items.push(readType(cursor, depth + 1));
    const isLast = !cursor.take(",");
    if (isLast && !cursor.sees(")")) throw new NotAType("tuple without an end");
    // Without a comma, brackets only group.
    if (isLast && items.length === 1 && cursor.take(")")) return items[0] as RustType;
  }
  return { kind: "tuple", items };
}

function readArray(cursor: TokenCursor, depth: number): RustType {
  const item = readType(cursor, depth + 1);
  if (cursor.take("]")) return { kind: "slice", item };
  if (!cursor.take(";")) throw new NotAType("array without a length");
  const length = cursor.until(["]"]);
  if (length.length === 0 || !cursor.take("]")) throw new NotAType("array without a length");
  return { kind: "array", item, length };
}

function readReference(cursor: TokenCursor, depth: number): RustType {
  if (cursor.peek()?.kind === "lifetime") cursor.next();
  cursor.take("mut");
  return { kind: "reference", to: readType(cursor, depth + 1) };
}

const NOT_NAMES = new Set(["dyn", "impl", "fn", "for", "unsafe", "extern"]);

function readPath(cursor: TokenCursor, depth: number): PathType {
  const absolute = cursor.take("::");
  const segments: string[] = [];
  let args: readonly RustType[] = [];
  do {
    if (args.length > 0) throw new NotAType("arguments in the middle of a path");
    const token = cursor.next();
    if (token?.kind !== "name" || NOT_NAMES.has(token.text)) throw new NotAType("no name");
    segments.push(token.text);
    if (cursor.sees("::") && cursor.sees("<", 1)) cursor.next();
    if (cursor.take("<")) args = readArguments(cursor, depth);
  } while (cursor.take("::"));
  if (cursor.sees("!")) throw new NotAType("a macro");
  return { kind: "path", absolute, segments, args };
}

function readArguments(cursor: TokenCursor, depth: number): RustType[] {
  const args: RustType[] = [];
  while (!cursor.take(">")) {
    const argument = readArgument(cursor, depth);
    if (argument !== undefined) args.push(argument);
    if (!cursor.take(",") && !cursor.sees(">")) throw new NotAType("arguments without an end");
  }
  return args;
}

function readArgument(cursor: TokenCursor, depth: number): RustType | undefined {
  const token = cursor.peek();
  if (token === undefined) throw new NotAType("arguments without an end");
  if (token.kind === "lifetime") {
    cursor.next();
    return undefined;
  }
  if (cursor.take("{")) {
    const expression = cursor.until(["}"]);
    if (!cursor.take("}")) throw new NotAType("a constant without an end");
    return { kind: "constant", expression };
  }
  if (token.kind === "integer") {
    cursor.next();
    return { kind: "constant", expression: [token] };
  }
  return readType(cursor, depth + 1);
}

/** One way to write each type: without lifetimes, with one space behind commas. */
export function printType(type: RustType): string {
  switch (type.kind) {
    case "path":
      return printPath(type);
    case "tuple":
      return type.items.length === 1
        ? `(${printType(type.items[0] as RustType)},)`
        : `(${type.items.map(printType).join(", ")})`;
    case "array":
      return `[${printType(type.item)}; ${textOf(type.length)}]`;
    case "slice":
      return `[${printType(type.item)}]`;
    case "reference":
      return `&${printType(type.to)}`;
    case "constant":
      return textOf(type.expression);
    case "other":
      return type.text;
  }
}

function printPath({ absolute, segments, args }: PathType): string {
  const path = `${absolute ? "::" : ""}${segments.join("::")}`;
  return args.length === 0 ? path : `${path}<${args.map(printType).join(", ")}>`;
}

/** Types between commas, as in `derive(…)`. */
export function pathsOf(tokens: readonly Token[]): PathType[] {
  return splitAtCommas(tokens)
    .map(typeOfTokens)
    .filter((type) => type.kind === "path");
}
