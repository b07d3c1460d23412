/** The parser for Rust: two packages that only this reader needs, loaded when it is used. */
import { createRequire } from "node:module";
import type { Node, Parser, Tree } from "web-tree-sitter";
import { SourceError } from "./errors.ts";
import { LineIndex } from "./location.ts";

const TEXT_LENGTH_MAX = 8 * 1024 * 1024;
const PARSE_MS_MAX = 20_000;

/** Throws `SourceError`. */
export interface RustGrammar {
  parse(file: string, text: string): Tree;
}

export type LoadPackage = (name: string) => Promise<unknown>;

let loaded: Promise<RustGrammar> | undefined;

export function loadRustGrammar(): Promise<RustGrammar> {
  loaded ??= loadGrammar((name) => import(name));
  return loaded;
}

/** For tests: with another way to find packages. */
export async function loadGrammar(load: LoadPackage): Promise<RustGrammar> {
  const treeSitter = (await found("web-tree-sitter", load)) as typeof import("web-tree-sitter");
  const wasm = await found("tree-sitter-rust", async (name) =>
    createRequire(import.meta.url).resolve(`${name}/tree-sitter-rust.wasm`),
  );
  await treeSitter.Parser.init();
  const language = await treeSitter.Language.load(wasm as string);
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  return { parse: (file, text) => parse(parser, file, text) };
}

async function found(name: string, load: LoadPackage): Promise<unknown> {
  try {
    return await load(name);
  } catch (error) {
    const problem = `Cannot read Rust sources: the package "${name}" is not installed, run npm install web-tree-sitter@0.27.1 tree-sitter-rust@0.24.0`;
    throw new SourceError("MissingPackage", `${problem} (${(error as Error).message})`);
  }
}

function parse(parser: Parser, file: string, text: string): Tree {
  if (text.length > TEXT_LENGTH_MAX) {
    const problem = `Cannot read a source of ${text.length} characters: the limit is ${TEXT_LENGTH_MAX}`;
    throw new SourceError("LimitExceeded", problem, { file });
  }
  const started = performance.now();
  const progressCallback = (): boolean => performance.now() - started > PARSE_MS_MAX;
  const tree = parser.parse(text, null, { progressCallback });
  if (tree === null) {
    parser.reset();
    const problem = `Cannot parse the source within ${PARSE_MS_MAX / 1000} s`;
    throw new SourceError("LimitExceeded", problem, { file });
  }
  if (!tree.rootNode.hasError) return tree;
  const { line, column } = new LineIndex(file, text).locate(firstError(tree.rootNode));
  tree.delete();
  throw new SourceError("SyntaxError", "Cannot parse: not Rust from here on", {
    file,
    line,
    column,
  });
}

function firstError(root: Node): { start: number; end: number } {
  let at = root;
  for (;;) {
    const next = at.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (next === undefined || at.isError) return { start: at.startIndex, end: at.endIndex };
    at = next;
  }
}
