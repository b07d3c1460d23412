/** From a type as written to what it is: imports followed, aliases opened, parameters put in. */
import { constantOf } from "./constants.ts";
import { type Encoding, GENERAL, GENERAL_PACKED } from "./encoding.ts";
import { UnresolvedError, unresolved } from "./errors.ts";
import type { Item, Scope } from "./items.ts";
import { type KnownType, knownType } from "./known-types.ts";
import type { Names } from "./names.ts";
import { type PathType, printType, type RustType } from "./rust-type.ts";
import type { Token } from "./tokens.ts";
import { type CrateVersion, needsVersion } from "./version.ts";

/** Where a type is written: that decides what its names mean. */
export interface Place {
  readonly scope: Scope;
  readonly types: ReadonlyMap<string, Typed>;
  readonly constants: ReadonlyMap<string, bigint>;
}

export interface Typed {
  readonly type: RustType;
  readonly place: Place;
}

export type Head =
  | { readonly kind: "known"; readonly known: KnownType; readonly args: readonly Typed[] }
  | { readonly kind: "item"; readonly item: Item; readonly args: readonly Typed[] }
  /** Of another crate, and none we know. */
  | { readonly kind: "foreign"; readonly path: string }
  | { readonly kind: "tuple"; readonly items: readonly Typed[] }
  | { readonly kind: "array"; readonly item: Typed; readonly length: readonly Token[] }
  | { readonly kind: "slice"; readonly item: Typed }
  | { readonly kind: "reference"; readonly to: Typed };

const ALIASES_MAX = 32;
const BUILT_IN = /^(?:general|general_packed|varint|fixed|plainbytes|packed|unpacked|map)$/;
const AS_TYPES: Readonly<Record<string, string>> = {
  General: "general",
  GeneralPacked: "general_packed",
  Varint: "varint",
  Fixed: "fixed",
  PlainBytes: "plainbytes",
  Packed: "packed",
  Unpacked: "unpacked",
  Map: "map",
};

export class Types {
  readonly names: Names;
  readonly #version: CrateVersion;

  constructor(names: Names, version: CrateVersion) {
    this.names = names;
    this.#version = version;
  }

  /** Parameters stand for other types, written somewhere else. */
  bound(typed: Typed): Typed {
    let at = typed;
    for (let hops = 0; hops < ALIASES_MAX; hops++) {
      const { type, place } = at;
      if (type.kind !== "path" || type.segments.length !== 1 || type.absolute) return at;
      const next = place.types.get(type.segments[0] as string);
      if (next === undefined) return at;
      at = next;
    }
    return unresolved(`"${printType(typed.type)}" stands for itself`);
  }

  /** One step: an alias is returned as the item it is. Throws `UnresolvedError`. */
  head(typed: Typed): Head {
    const { type, place } = this.bound(typed);
    const at = (inner: RustType): Typed => ({ type: inner, place });
    switch (type.kind) {
      case "path":
        return this.#path(type, place);
      case "tuple":
        return { kind: "tuple", items: type.items.map(at) };
      case "array":
        return { kind: "array", item: at(type.item), length: type.length };
      case "slice":
        return { kind: "slice", item: at(type.item) };
      case "reference":
        return { kind: "reference", to: at(type.to) };
      default:
        return unresolved(`"${printType(type)}" is no type that a message can hold`);
    }
  }

  #path({ segments, args, absolute }: PathType, place: Place): Head {
    const typedArgs = args.map((type) => ({ type, place }));
    if (segments[0] === "Self") return unresolved('"Self" is not followed');
    const found = absolute
      ? ({ kind: "foreign", path: segments.join("::") } as const)
      : this.names.resolve(segments, place.scope);
    if (found.kind === "item") return { kind: "item", item: found.item, args: typedArgs };
    const known = knownType(found.path);
    if (known !== undefined) return { kind: "known", known, args: typedArgs };
    return { kind: "foreign", path: found.path };
  }

  /** The place inside an item whose parameters are these. Throws `UnresolvedError` when they do not fit. */
  inside(item: Item, args: readonly Typed[]): Place {
    const parameters = "parameters" in item ? item.parameters : [];
    if (args.length !== parameters.length) {
      const needed = `${parameters.length} type parameters needed, ${args.length} given`;
      unresolved(`"${item.name}" is generic and not instantiated plainly: ${needed}`);
    }
    const types = new Map<string, Typed>();
    const constants = new Map<string, bigint>();
    for (const [at, name] of parameters.entries()) {
      const argument = this.bound(args[at] as Typed);
      const value = this.#constantArgument(argument);
      if (value === undefined) types.set(name, argument);
      else constants.set(name, value);
    }
    return { scope: item.scope, types, constants };
  }

  /** Undefined for a type. A name may be either. */
  #constantArgument({ type, place }: Typed): bigint | undefined {
    if (type.kind === "constant") return this.constant(type.expression, place);
    if (type.kind !== "path" || type.args.length > 0) return undefined;
    const own = place.constants.get(type.segments.join("::"));
    if (own !== undefined) return own;
    const found = this.#found(type.segments, place.scope);
    if (found?.kind !== "item" || found.item.kind !== "const") return undefined;
    return this.constant(found.item.expression, { ...place, scope: found.item.scope });
  }

  /** The same text for the same type, wherever it is written. */
  identity(typed: Typed, depth = 0): string {
    const { type, place } = this.bound(typed);
    if (depth > ALIASES_MAX) return unresolved("types are nested too deeply");
    const inner = (one: RustType): string => this.identity({ type: one, place }, depth + 1);
    switch (type.kind) {
      case "path": {
        const name =
          this.pathOf(type, place.scope) ?? `${type.segments.join("::")} ${place.scope.file}`;
        return `${name}<${type.args.map(inner).join()}>`;
      }
      case "tuple":
        return `(${type.items.map(inner).join()})`;
      case "array":
        return `[${inner(type.item)};${this.constant(type.length, place)}]`;
      case "slice":
        return `[${inner(type.item)}]`;
      case "reference":
        return `&${inner(type.to)}`;
      default:
        return printType(type);
    }
  }

  /** The full path of what a name stands for; undefined when nothing is found. */
  pathOf({ segments, absolute }: PathType, scope: Scope): string | undefined {
    if (absolute) return segments.join("::");
    const found = this.#found(segments, scope);
    if (found?.kind !== "item") return found?.path;
    return [...found.item.scope.path, found.item.name].join("::");
  }

  #found(path: readonly string[], scope: Scope): ReturnType<Names["resolve"]> | undefined {
    try {
      return this.names.resolve(path, scope);
    } catch (error) {
      if (error instanceof UnresolvedError) return undefined;
      throw error;
    }
  }

  constant(expression: readonly Token[], { scope, constants }: Place): bigint {
    return constantOf(expression, { scope, parameters: constants }, this.names);
  }

  /** What is inside collections without a word: packed lists since 0.1013, before that nothing but values. */
  get nested(): Encoding {
    return this.#version >= 1013 ? GENERAL_PACKED : GENERAL;
  }

  encoding(typed: Typed, hops = 0): Encoding {
    const { type, place } = this.bound(typed);
    const inner = (one: RustType): Encoding => this.encoding({ type: one, place }, hops + 1);
    if (type.kind === "tuple") return { kind: "tuple", items: type.items.map(inner) };
    if (type.kind !== "path") return { kind: "user", typed: { type, place } };
    const [name = ""] = type.segments;
    const isPlain = type.segments.length === 1 && !type.absolute;
    if (isPlain && BUILT_IN.test(name)) return this.#builtIn(name, type.args.map(inner));
    const found = this.#found(type.segments, place.scope);
    const path = type.absolute ? type.segments.join("::") : found?.kind === "foreign" && found.path;
    const built = path ? /^bilrost::encoding::(\w+)$/.exec(path)?.[1] : undefined;
    const builtIn = built === undefined ? undefined : AS_TYPES[built];
    if (builtIn !== undefined) return this.#builtIn(builtIn, type.args.map(inner));
    if (found?.kind === "item" && found.item.kind === "alias" && hops < ALIASES_MAX) {
      const args = type.args.map((argument) => ({ type: argument, place }));
      const within = this.inside(found.item, args);
      return this.encoding({ type: found.item.type, place: within }, hops + 1);
    }
    return { kind: "user", typed: { type, place } };
  }

  #builtIn(name: string, args: readonly Encoding[]): Encoding {
    const [first = this.nested, second = this.nested] = args;
    const most = name === "map" ? 2 : Number(/packed$/.test(name) && name !== "general_packed");
    const fits = args.length === 0 || args.length === most;
    if (!fits) unresolved(`the encoding "${name}" does not take ${args.length} parameters`);
    if (name === "map") return { kind: "map", key: first, value: second };
    if (name === "packed" || name === "unpacked") return { kind: name, item: first };
    if (name === "general_packed") needsVersion(this.#version, 1013, "general_packed");
    return { kind: name as "general" };
  }
}
