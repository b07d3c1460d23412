/** The parser for Rust: two packages that only this reader needs, loaded when it is used. */
import { createRequire } from "node:module";
import type { Node, Parser, Tree } from "web-tree-sitter";
import { SourceError } from "./errors.ts";
import { LineIndex } from "./location.ts";

const TEXT_LENGTH_MAX = 8 * 1024 * 1024;
const PARSE_MS_MAX = 20_000;

export interface RustGrammar {
  /** Throws `SourceError`; for errors of syntax only when they are to be refused. */
  parse(file: string, text: string, syntaxErrors: SyntaxErrors): Tree;
}

/** Whether an error of syntax ends the reading, or only what it stands in is left out and reported. */
export type SyntaxErrors = "refuse" | "report";

/** How the two packages are found; tests have another way. */
export interface Packages {
  webTreeSitter(): Promise<typeof import("web-tree-sitter")>;
  /** Path of the file in the package `tree-sitter-rust`. */
  grammarFile(): string;
}

const require = createRequire(import.meta.url);
const INSTALLED: Packages = {
  webTreeSitter: () => import("web-tree-sitter"),
  grammarFile: () => require.resolve("tree-sitter-rust/tree-sitter-rust.wasm"),
};

let loaded: Promise<RustGrammar> | undefined;

/** Throws `SourceError`. */
export function loadRustGrammar(): Promise<RustGrammar> {
  loaded ??= loadGrammar(INSTALLED);
  return loaded;
}

export async function loadGrammar(packages: Packages): Promise<RustGrammar> {
  const { Parser, Language } = await found("web-tree-sitter", () => packages.webTreeSitter());
  const wasm = await found("tree-sitter-rust", async () => packages.grammarFile());
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm));
  return { parse: (file, text, syntaxErrors) => parse(parser, { file, text, syntaxErrors }) };
}

async function found<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const problem = `Cannot read Rust sources: the package "${name}" is not installed, run npm install web-tree-sitter@0.27.1 tree-sitter-rust@0.24.0`;
    throw new SourceError("MissingPackage", `${problem} (${(error as Error).message})`);
  }
}

interface ParseInput {
  readonly file: string;
  readonly text: string;
  readonly syntaxErrors: SyntaxErrors;
}

function parse(parser: Parser, { file, text, syntaxErrors }: ParseInput): Tree {
  if (text.length > TEXT_LENGTH_MAX) {
    const problem = `Cannot read a source of ${text.length} characters: the limit is ${TEXT_LENGTH_MAX}`;
    throw new SourceError("LimitExceeded", problem, { file });
  }
  const tree = treeOf(parser, file, text);
  if (!tree.rootNode.hasError) return tree;
  const again = treeOf(parser, file, withoutUnitBounds(text));
  if (!again.rootNode.hasError || syntaxErrors === "report") {
    tree.delete();
    return again;
  }
  const { line, column } = new LineIndex(file, text).locate(firstError(again.rootNode));
  tree.delete();
  again.delete();
  const problem = "Cannot parse: not Rust from here on, or newer Rust than the grammar knows";
  throw new SourceError("SyntaxError", problem, { file, line, column });
}

/** The grammar lacks bounds on the unit type, as in `where (): Encoder<E, T>`; those who write encodings have them. */
function withoutUnitBounds(text: string): string {
  return text.replace(/\(\)(?=\s*:[^:])/g, "U_");
}

function treeOf(parser: Parser, file: string, text: string): Tree {
  const started = performance.now();
  const progressCallback = (): boolean => performance.now() - started > PARSE_MS_MAX;
  const tree = parser.parse(text, null, { progressCallback });
  if (tree !== null) return tree;
  parser.reset();
  const problem = `Cannot parse the source within ${PARSE_MS_MAX / 1000} s`;
  throw new SourceError("LimitExceeded", problem, { file });
}

function firstError(root: Node): { start: number; end: number } {
  let at = root;
  for (;;) {
    const next = at.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (next === undefined || at.isError) return { start: at.startIndex, end: at.endIndex };
    at = next;
  }
}
