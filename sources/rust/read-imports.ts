/** `use` declarations: which name stands for which path. */
import type { Scope } from "./items.ts";
import { TokenCursor, tokenize } from "./tokens.ts";

const DEPTH_MAX = 32;

export function readImports(declaration: string, scope: Scope): void {
  const tokens = tokenize(declaration);
  const from = tokens.findIndex(({ text, kind }) => kind === "name" && text === "use");
  readTree(new TokenCursor(tokens.slice(from + 1)), [], { scope, depth: 0 });
}

interface Into {
  readonly scope: Scope;
  readonly depth: number;
}

function readTree(cursor: TokenCursor, prefix: readonly string[], into: Into): void {
  const path = [...prefix];
  cursor.take("::");
  do {
    if (cursor.take("{")) return readGroup(cursor, path, into);
    if (cursor.take("*")) {
      into.scope.globs.push(path);
      return;
    }
    const token = cursor.next();
    if (token?.kind !== "name") return;
    // `a::{self}` is `a` itself.
    if (token.text !== "self" || path.length === 0) path.push(token.text);
  } while (cursor.take("::"));
  const name = cursor.take("as") ? cursor.next()?.text : path.at(-1);
  if (name !== undefined && name !== "_") addImport(into.scope, name, path);
}

function readGroup(cursor: TokenCursor, path: readonly string[], into: Into): void {
  if (into.depth > DEPTH_MAX) return;
  while (!cursor.atEnd && !cursor.take("}")) {
    readTree(cursor, path, { ...into, depth: into.depth + 1 });
    if (!cursor.take(",") && !cursor.sees("}")) return;
  }
}

const DERIVE = /(?:^|::)bilrost(?:::\w+)*::(?:Distinguished)?(?:Message|Oneof|Enumeration)$/;

/** Two types of one name stand under conditions that exclude each other: which one it is, nobody said. */
function addImport({ imports, allImports }: Scope, name: string, path: readonly string[]): void {
  const all = [...(allImports.get(name) ?? []), path];
  allImports.set(name, all);
  const texts = new Set(all.map((one) => one.join("::")));
  const types = [...texts].filter((one) => !DERIVE.test(one));
  const [only] = types.length > 0 ? types : texts;
  imports.set(name, types.length > 1 ? [types.join(" or ")] : (only as string).split("::"));
}
