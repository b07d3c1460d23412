/**
 * What a path means where it stands: an item of the sources read, or something of a known crate. By the
 * module of the item and its imports first, and by its last segment when only one item has that name;
 * with several it is ambiguous, and nothing is guessed.
 */
import { unresolved } from "./errors.ts";
import type { FileItems, Item, Scope } from "./items.ts";
import { globPath, KNOWN_CRATES, preludePath, unmistakablePath } from "./known-types.ts";

export type Resolved =
  | { readonly kind: "item"; readonly item: Item }
  /** A path of another crate, whether we know what is there or not. */
  | { readonly kind: "foreign"; readonly path: string };

const HOPS_MAX = 16;
const TO_MODULES: ReadonlySet<string> = new Set(["crate", "self", "super"]);

export class Names {
  readonly #items = new Map<string, Item[]>();
  /** Renamed re-exports, in any file: the new name to the path. */
  readonly #renamed = new Map<string, Set<string>>();
  readonly #modules = new Set<string>();
  readonly #crates: ReadonlySet<string>;
  readonly #scopes: readonly Scope[];

  /** `crates`: names of crates whose sources are among those read. */
  constructor(files: readonly FileItems[], crates: readonly string[] = []) {
    for (const crate of crates) this.#modules.add(crate);
    this.#crates = new Set(crates);
    this.#scopes = files.flatMap((file) => file.scopes);
    for (const scope of this.#scopes) this.#add(scope);
  }

  #add(scope: Scope): void {
    for (const part of [...scope.path, ...scope.modules]) this.#modules.add(part);
    for (const [name, items] of scope.items) {
      this.#items.set(name, [...(this.#items.get(name) ?? []), ...items]);
    }
    for (const [name, path] of scope.imports) {
      if (path.at(-1) === name) continue;
      const paths = this.#renamed.get(name) ?? new Set();
      this.#renamed.set(name, paths.add(path.join("::")));
    }
  }

  has(name: string): boolean {
    return this.#items.has(name);
  }

  /** Throws `UnresolvedError` for what is not there, or there more than once. */
  resolve(path: readonly string[], scope: Scope, hops = 0): Resolved {
    const name = path.join("::");
    if (hops > HOPS_MAX) unresolved(`the imports of "${name}" lead in a circle`);
    const found =
      path.length === 1
        ? this.#simple(path[0] as string, scope, hops)
        : this.#qualified(path, scope, hops);
    return found ?? unresolved(`"${name}" is not in the sources read`);
  }

  #simple(name: string, scope: Scope, hops: number): Resolved | undefined {
    const own = scope.items.get(name);
    if (own !== undefined) return { kind: "item", item: only(own, name) };
    const imported = scope.imports.get(name);
    if (imported !== undefined) return this.#imported(imported, name, scope, hops);
    const above = scope.globs.some((glob) => glob.join("::") === "super")
      ? scope.parent
      : undefined;
    if (above !== undefined) return this.#simple(name, above, hops + 1);
    for (const glob of scope.globs) {
      const path = globPath(glob, name);
      if (path !== undefined) return { kind: "foreign", path };
    }
    const prelude = preludePath(name);
    if (prelude !== undefined) return { kind: "foreign", path: prelude };
    return this.#anywhere(name, scope);
  }

  #imported(path: readonly string[], name: string, scope: Scope, hops: number): Resolved {
    // `use Type;` in the 2015 edition, or an item that was renamed to its own crate's name.
    if (path.length === 1 && path[0] === name) return { kind: "foreign", path: name };
    return (
      this.#absolute(path, scope, hops + 1) ??
      unresolved(`"${path.join("::")}" is not in the sources read`)
    );
  }

  /** Without an import that says so: a glob may have brought it, from a module or a crate. */
  #anywhere(name: string, scope: Scope): Resolved | undefined {
    const items = this.#items.get(name) ?? [];
    const byGlob = items.filter((item) =>
      scope.globs.some((glob) => endsWith(item.scope.path, plain(glob))),
    );
    if (byGlob.length === 1) return { kind: "item", item: byGlob[0] as Item };
    const unmistakable = unmistakablePath(name);
    if (items.length === 0 && unmistakable === undefined) return undefined;
    const strange = scope.globs.find((glob) => this.#mayHide(glob, items.length > 0));
    if (strange !== undefined)
      return unresolved(`"${name}" may come from "${strange.join("::")}::*", import it by name`);
    if (scope.inMacros.has(name)) return unresolved(`"${name}" may be what a macro here makes`);
    if (items.length > 0) return this.#byName(name, items);
    return { kind: "foreign", path: unmistakable as string };
  }

  /** Whether a glob may bring a name that nobody sees: of a crate that is not read, or anything that is not std. */
  #mayHide([head = ""]: readonly string[], isOurs: boolean): boolean {
    if (["std", "core", "alloc", "bilrost"].includes(head)) return false;
    const isRead = TO_MODULES.has(head) || this.#modules.has(head);
    return !(isRead && isOurs);
  }

  #qualified(path: readonly string[], scope: Scope, hops: number): Resolved | undefined {
    const [head = "", ...rest] = path;
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const imported = at.imports.get(head);
      if (imported !== undefined && imported.join("::") !== head) {
        return this.#absolute([...imported, ...rest], at, hops + 1);
      }
      if (!at.globs.some((glob) => glob.join("::") === "super")) break;
    }
    return this.#absolute(path, scope, hops);
  }

  /** A path whose first segment is a crate, a module, or the way to one. */
  #absolute(path: readonly string[], scope: Scope, hops: number): Resolved | undefined {
    if (hops > HOPS_MAX) return unresolved(`the imports of "${path.join("::")}" lead in a circle`);
    const [head = ""] = path;
    const imported = scope.imports.get(head);
    if (
      imported !== undefined &&
      path.length > 1 &&
      imported.join("::") !== head &&
      imported[0] !== head
    ) {
      return this.#absolute([...imported, ...path.slice(1)], scope, hops + 1);
    }
    const isModule = scope.modules.has(head) || TO_MODULES.has(head);
    if (!isModule && KNOWN_CRATES.has(head)) return { kind: "foreign", path: path.join("::") };
    if (!isModule && !this.#modules.has(head) && path.length > 1) {
      const associated = path.length === 2 ? this.#items.get(path.join("::")) : undefined;
      if (associated !== undefined)
        return { kind: "item", item: only(associated, path.join("::")) };
      return { kind: "foreign", path: path.join("::") };
    }
    return this.#inSources(
      absolutePath(this.#crates.has(head) ? path.slice(1) : path, scope),
      hops,
    );
  }

  #inSources(path: readonly string[], hops: number): Resolved | undefined {
    if (hops > HOPS_MAX)
      return unresolved(`the re-exports of "${path.join("::")}" lead in a circle`);
    const associated = path.slice(-2).join("::");
    const ends = path.length > 1 && this.#items.has(associated) ? 2 : 1;
    const name = ends === 2 ? associated : (path.at(-1) as string);
    const module = path.slice(0, -ends);
    const items = this.#items.get(name) ?? [];
    if (module.length === 0) return this.#byName(name, items) ?? this.#byRenaming(name, hops);
    const exact = items.filter((item) => endsWith(item.scope.path, module));
    if (exact.length > 0) return { kind: "item", item: only(exact, path.join("::")) };
    return this.#reexported({ name, module, items }, hops);
  }

  /** Modules hand on what is defined below them, or what they import. */
  #reexported(
    { name, module, items }: { name: string; module: readonly string[]; items: readonly Item[] },
    hops: number,
  ): Resolved | undefined {
    const modules = this.#scopes.filter((scope) => endsWith(scope.path, module));
    for (const scope of modules) {
      const imported = scope.imports.get(name);
      if (imported !== undefined) return this.#absolute(imported, scope, hops + 1);
    }
    const below = items.filter((item) => leadsTo(module, item.scope.path));
    if (below.length > 0) return this.#byName(name, below);
    const mayHandOn = modules.length === 0 || modules.some(({ globs }) => globs.length > 0);
    return mayHandOn ? (this.#byName(name, items) ?? this.#byRenaming(name, hops)) : undefined;
  }

  /** By the name alone: no macro may have made another item of it. */
  #byName(name: string, items: readonly Item[]): Resolved | undefined {
    if (items.length === 0) return undefined;
    const macro = this.#scopes.find(({ inMacros }) => inMacros.has(name));
    if (macro === undefined) return { kind: "item", item: only(items, name) };
    return unresolved(
      `"${name}" may be what a macro in ${macro.file} makes, import it by its module`,
    );
  }

  #byRenaming(name: string, hops: number): Resolved | undefined {
    const renamed = [...(this.#renamed.get(name) ?? [])];
    if (renamed.length !== 1) return undefined;
    const real = (renamed[0] as string).split("::");
    if (KNOWN_CRATES.has(real[0] as string)) return { kind: "foreign", path: real.join("::") };
    return this.#inSources(plain(real), hops + 1);
  }
}

function only(items: readonly Item[], name: string): Item {
  if (items.length === 1) return items[0] as Item;
  const places = items.map(({ location: { file, line } }) => `${file}:${line}`).sort();
  return unresolved(`"${name}" is ambiguous: ${places.join(", ")}`);
}

/** Without the segments that only say where to start. */
function plain(path: readonly string[]): readonly string[] {
  return path.filter((part) => !TO_MODULES.has(part));
}

/** `self::X` and `super::X` are as exact as it gets; `crate::a::X` ends in `a::X`. */
function absolutePath(path: readonly string[], scope: Scope): readonly string[] {
  let module: readonly string[] = scope.path;
  let at = 0;
  while (path[at] === "self" || path[at] === "super") {
    if (path[at] === "super") module = module.slice(0, -1);
    at += 1;
  }
  return at > 0 ? [...module, ...path.slice(at)] : plain(path);
}

/** Whether a path goes through all modules of another, in their order. */
function leadsTo(module: readonly string[], path: readonly string[]): boolean {
  let at = 0;
  for (const part of path) if (part === module[at]) at += 1;
  return at === module.length;
}

function endsWith(path: readonly string[], end: readonly string[]): boolean {
  return (
    end.length <= path.length &&
    end.every((part, at) => path[path.length - end.length + at] === part)
  );
}
