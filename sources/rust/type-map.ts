/**
 * What the user says about types that the sources do not explain: Rust type to encoding to a description
 * in Rust's notation. A capital letter among the arguments of a key stands for any type, or any encoding,
 * unless the sources have an item of that name; `_` is any encoding.
 */
import { type Encoding, encodingType } from "./encoding.ts";
import { SourceError } from "./errors.ts";
import type { Scope } from "./items.ts";
import type { Place, Typed } from "./resolve-type.ts";
import { type PathType, parseType, printType, type RustType, typeOfTokens } from "./rust-type.ts";
import { type Token, tokenize } from "./tokens.ts";

/** As in the JSON file: a description alone stands for the encoding `general`. */
export type TypeMap = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export type Description =
  /** A newtype: the member at this place, or of this name, under whatever encoding is asked for. */
  | { readonly kind: "transparent"; readonly member: string }
  | { readonly kind: "as"; readonly type: RustType; readonly encoding: RustType | undefined };

export interface Mapped {
  readonly description: Description;
  /** Where its names are looked up: anywhere in the sources, with the letters of the key bound. */
  readonly place: Place;
}

interface Entry {
  readonly pattern: RustType;
  readonly encodings: readonly (readonly [RustType, Description])[];
}

const WILDCARD = /^[A-Z_]$/;
const DERIVE = /^#\[derive\(\s*([\w:]+)\s*\)\]$/;

export class TypeMapping {
  readonly #entries: readonly Entry[];
  readonly #derives = new Map<string, Description>();

  readonly #isName: (letter: string) => boolean;

  /** Throws `SourceError` for a map that is not one. `isName` tells items of the sources. */
  constructor(map: unknown, isName: (letter: string) => boolean) {
    this.#isName = isName;
    const entries: Entry[] = [];
    for (const [key, value] of entriesOf(map, "the type map")) {
      const [, derive] = DERIVE.exec(key) ?? [];
      if (derive !== undefined) this.#derives.set(derive, descriptionOf(value, key));
      else entries.push(entryOf(key, value));
    }
    this.#entries = entries.sort(
      (left, right) => wildcards(left.pattern) - wildcards(right.pattern),
    );
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** How a struct with this derive of the user's own is written. */
  forDerive(path: string): Description | undefined {
    return this.#derives.get(path) ?? this.#derives.get(path.split("::").at(-1) as string);
  }

  /**
   * Undefined when no entry has the type; "encoding" when one has it, but not under this encoding.
   * `paths` are the full paths that the type is known by.
   */
  find(
    typed: Typed,
    paths: readonly string[],
    encoding: Encoding,
  ): Mapped | "encoding" | undefined {
    let result: "encoding" | undefined;
    for (const { pattern, encodings } of this.#entries) {
      const types = new Map<string, Typed>();
      const bindings: Bindings = { types, isName: this.#isName };
      if (!fits(pattern, { typed, paths, isInner: false }, bindings)) continue;
      const description = chosen(encodings, encoding, typed.place, bindings);
      if (description !== undefined) return { description, place: { ...NOWHERE, types } };
      result = "encoding";
    }
    return result;
  }
}

const SCOPE: Scope = {
  file: "the type map",
  path: [],
  parent: undefined,
  imports: new Map(),
  allImports: new Map(),
  globs: [],
  modules: new Set(),
  items: new Map(),
  ordered: new Set(),
  inMacros: new Set(),
};
const NOWHERE: Place = { scope: SCOPE, types: new Map(), constants: new Map() };

function entriesOf(map: unknown, what: string): [string, unknown][] {
  if (typeof map === "object" && map !== null && !Array.isArray(map)) return Object.entries(map);
  return invalid(`${what} is no object of types and encodings`);
}

function invalid(problem: string): never {
  throw new SourceError("InvalidTypeMap", `Cannot use the type map: ${problem}`);
}

function entryOf(key: string, value: unknown): Entry {
  const pattern = parseType(key);
  if (pattern.kind === "other") invalid(`"${key}" is no Rust type`);
  if (typeof value === "string") {
    const description = descriptionOf(value, key);
    const name = description.kind === "transparent" ? "_" : "general";
    return { pattern, encodings: [[parseType(name), description]] };
  }
  const encodings = entriesOf(value, `"${key}"`).map(([name, text]): [RustType, Description] => {
    const encoding = parseType(name);
    if (encoding.kind === "other") invalid(`"${name}" of "${key}" is no encoding`);
    return [encoding, descriptionOf(text, `${key} under ${name}`)];
  });
  if (encodings.length === 0) invalid(`"${key}" has no encoding`);
  encodings.sort(([left], [right]) => wildcards(left) - wildcards(right));
  return { pattern, encodings };
}

function descriptionOf(text: unknown, what: string): Description {
  if (typeof text !== "string") return invalid(`"${what}" is described by no string`);
  const [, member] = /^\s*transparent\s*:\s*(\w+)\s*$/.exec(text) ?? [];
  if (member !== undefined) return { kind: "transparent", member };
  const tokens = tokenize(text);
  const whole = typeOfTokens(tokens);
  if (whole.kind !== "other") return { kind: "as", type: whole, encoding: undefined };
  for (let end = tokens.length - 1; end > 0; end--) {
    const type = typeOfTokens(tokens.slice(0, end));
    if (type.kind === "other") continue;
    const encoding = typeOfTokens(withoutWith(tokens.slice(end)));
    if (encoding.kind !== "other") return { kind: "as", type, encoding };
  }
  return invalid(`"${text}" of "${what}" is no Rust type with an encoding`);
}

function withoutWith(tokens: readonly Token[]): readonly Token[] {
  return tokens[0]?.text === "with" ? tokens.slice(1) : tokens;
}

function wildcards(type: RustType): number {
  switch (type.kind) {
    case "path": {
      const own = type.segments.length === 1 && WILDCARD.test(type.segments[0] as string) ? 1 : 0;
      return type.args.reduce((sum, one) => sum + wildcards(one), own);
    }
    case "tuple":
      return type.items.reduce((sum, one) => sum + wildcards(one), 0);
    case "array":
    case "slice":
      return wildcards(type.item);
    case "reference":
      return wildcards(type.to);
    default:
      return 0;
  }
}

interface Bindings {
  readonly types: Map<string, Typed>;
  readonly isName: (letter: string) => boolean;
}

function chosen(
  encodings: Entry["encodings"],
  encoding: Encoding,
  place: Place,
  bindings: Bindings,
): Description | undefined {
  const asked = [encodingType(encoding)];
  // What is general is so inside collections as well, unless the map tells them apart.
  if (encoding.kind === "general_packed") asked.push(parseType("general"));
  const owned = encoding.kind === "user" ? encoding.typed.place : place;
  for (const type of asked) {
    for (const [pattern, description] of encodings) {
      const own: Bindings = { ...bindings, types: new Map(bindings.types) };
      const target: Target = { typed: { type, place: owned }, paths: [], isInner: false };
      if (!fits(pattern, target, own)) continue;
      for (const [name, bound] of own.types) bindings.types.set(name, bound);
      return description;
    }
  }
  return undefined;
}

interface Target {
  readonly typed: Typed;
  readonly paths: readonly string[];
  /** An argument: there letters stand for anything. */
  readonly isInner: boolean;
}

/** Whether a type is of the pattern's form; binds the letters. */
function fits(pattern: RustType, target: Target, bindings: Bindings): boolean {
  const { type, place } = target.typed;
  const inner = (one: RustType, other: RustType | undefined): boolean =>
    other !== undefined &&
    fits(one, { typed: { type: other, place }, paths: [], isInner: true }, bindings);
  if (pattern.kind === "path") {
    const letter = letterOf(pattern);
    if (letter === "_") return true;
    if (letter !== undefined && target.isInner && !bindings.isName(letter)) {
      return binds(letter, target.typed, bindings.types);
    }
    return (
      type.kind === "path" &&
      samePath(pattern, type, target.paths) &&
      sameArguments(pattern, type, inner)
    );
  }
  if (pattern.kind !== type.kind) return false;
  return sameParts(pattern, type, inner) ?? printType(pattern) === printType(type);
}

type Inner = (one: RustType, other: RustType | undefined) => boolean;

/** Undefined for types without parts. */
function sameParts(pattern: RustType, type: RustType, inner: Inner): boolean | undefined {
  if (pattern.kind === "tuple" && type.kind === "tuple") {
    const { items } = pattern;
    return (
      items.length === type.items.length && items.every((one, at) => inner(one, type.items[at]))
    );
  }
  if (pattern.kind === "slice" && type.kind === "slice") return inner(pattern.item, type.item);
  if (pattern.kind === "reference" && type.kind === "reference") return inner(pattern.to, type.to);
  return undefined;
}

function letterOf({ segments, args }: PathType): string | undefined {
  const [name = ""] = segments;
  return segments.length === 1 && args.length === 0 && WILDCARD.test(name) ? name : undefined;
}

function binds(letter: string, typed: Typed, types: Map<string, Typed>): boolean {
  const before = types.get(letter);
  if (before !== undefined) return printType(before.type) === printType(typed.type);
  types.set(letter, typed);
  return true;
}

/** By the last segments: as many as the pattern has. */
function samePath(pattern: PathType, type: PathType, paths: readonly string[]): boolean {
  const end = pattern.segments.join("::");
  return [type.segments.join("::"), ...paths].some(
    (path) => path === end || path.endsWith(`::${end}`),
  );
}

function sameArguments(pattern: PathType, type: PathType, inner: Inner): boolean {
  // Without arguments a key names the type whatever they are.
  if (pattern.args.length === 0) return true;
  return (
    pattern.args.length === type.args.length &&
    pattern.args.every((one, at) => inner(one, type.args[at]))
  );
}
