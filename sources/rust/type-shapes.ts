/** What a type is on the wire under an encoding (§9, §10 and §22 of the Bilrost specification). */
import type { EnumerationShape, MessageShape, Shape } from "../../codecs/index.ts";
import { bilrostTypesMessage } from "./bilrost-types.ts";
import {
  type At,
  ContainerShapes,
  type FieldType,
  type InnerShapes,
  type Position,
} from "./container-shapes.ts";
import { type Encoding, GENERAL, printEncoding } from "./encoding.ts";
import { unresolved } from "./errors.ts";
import type { Item } from "./items.ts";
import type { KnownType } from "./known-types.ts";
import type { Head, Typed, Types } from "./resolve-type.ts";
import { printType } from "./rust-type.ts";
import {
  boolShape,
  dateTimeType,
  floatShape,
  generalShape,
  integerShape,
  isGeneral,
  type ScalarOptions,
  timeShape,
} from "./scalar-shapes.ts";
import { hasEmpty } from "./shape-rules.ts";
import type { Mapped, TypeMapping } from "./type-map.ts";
import { needsVersion } from "./version.ts";

/** The items with derives: what the shapes of types lead back to. */
export interface Definitions {
  /** Undefined when the item has no such derive. */
  message(item: Item, args: readonly Typed[]): (() => MessageShape) | undefined;
  enumeration(item: Item): EnumerationShape | undefined;
}

const NESTING_MAX = 64;

export class TypeShapes implements InnerShapes {
  readonly #types: Types;
  readonly #map: TypeMapping;
  readonly #options: ScalarOptions;
  readonly #definitions: Definitions;
  readonly #containers: ContainerShapes;
  #nesting = 0;

  constructor(types: Types, map: TypeMapping, options: ScalarOptions, definitions: Definitions) {
    this.#types = types;
    this.#map = map;
    this.#options = options;
    this.#definitions = definitions;
    this.#containers = new ContainerShapes(types, options, this);
  }

  /** A field of a message, or a member of a tuple. Throws `UnresolvedError`. */
  field(typed: Typed, encoding: Encoding): FieldType {
    const inner = this.#optional(typed);
    if (inner !== undefined) return { type: this.#inOption(inner, encoding), presence: "optional" };
    const type = this.value(typed, encoding, "field");
    if (hasEmpty(type)) return { type, presence: "implicit" };
    return unresolved(
      `${printType(typed.type)} has no empty value, so it must be in an Option here`,
    );
  }

  /** What is in an Option; aliases are looked through. */
  #optional(typed: Typed): Typed | undefined {
    if (this.#map.find(typed, [], GENERAL) !== undefined) return undefined;
    const head = this.opened(typed);
    if (head.kind !== "known" || head.known.is !== "option") return undefined;
    return oneOf(head.args, "Option");
  }

  opened(typed: Typed, hops = 0): Head {
    const head = this.#types.head(typed);
    if (head.kind !== "item" || head.item.kind !== "alias" || hops > NESTING_MAX) return head;
    const place = this.#types.inside(head.item, head.args);
    return this.opened({ type: head.item.type, place }, hops + 1);
  }

  #inOption(typed: Typed, encoding: Encoding): Shape {
    const { kind } = this.opened(typed);
    // The one list that is a list of fields in an Option is an array.
    return this.value(typed, encoding, kind === "array" ? "field" : "value");
  }

  /** Throws `UnresolvedError`. */
  value(typed: Typed, encoding: Encoding, position: Position): Shape {
    if (this.#nesting > NESTING_MAX) return unresolved("types are nested too deeply");
    this.#nesting += 1;
    try {
      return this.#mapped(typed, encoding, position) ?? this.#byHead(typed, encoding, position);
    } finally {
      this.#nesting -= 1;
    }
  }

  #mapped(written: Typed, encoding: Encoding, position: Position): Shape | undefined {
    const typed = this.#types.bound(written);
    const found = this.#map.isEmpty
      ? undefined
      : this.#map.find(typed, this.#pathsOf(typed), encoding);
    if (found === undefined) return undefined;
    if (found !== "encoding") return this.#described(typed, found, { encoding, position });
    const head = this.#types.head(typed);
    const isForeign = head.kind === "foreign" || encoding.kind === "user";
    return isForeign ? this.#noEncoding(typed, encoding) : undefined;
  }

  #noEncoding({ type }: Typed, encoding: Encoding): never {
    const wanted = { type: printType(type), encoding: printEncoding(encoding) };
    return unresolved(
      `the type map has "${wanted.type}", but not under "${wanted.encoding}"`,
      wanted,
    );
  }

  #pathsOf(typed: Typed): string[] {
    if (typed.type.kind !== "path") return [];
    const found = this.#types.pathOf(typed.type, typed.place.scope);
    return found === undefined ? [] : [found];
  }

  #described(
    typed: Typed,
    { description, place }: Mapped,
    { encoding, position }: { readonly encoding: Encoding; readonly position: Position },
  ): Shape {
    if (description.kind === "transparent") {
      return this.#transparent(typed, description.member, { encoding, position });
    }
    const as: Typed = { type: description.type, place };
    const own = description.encoding;
    if (own !== undefined)
      return this.value(as, this.#types.encoding({ type: own, place }), position);
    return this.value(as, isGeneral(encoding) ? encoding : GENERAL, position);
  }

  #transparent(
    typed: Typed,
    member: string,
    { encoding, position }: { readonly encoding: Encoding; readonly position: Position },
  ): Shape {
    const head = this.#types.head(typed);
    const name = printType(typed.type);
    if (head.kind !== "item" || head.item.kind !== "struct") {
      return unresolved(
        `the type map calls "${name}" transparent, and it is no struct of the sources`,
      );
    }
    const field = head.item.fields.find((one) => one.name === member);
    if (field === undefined)
      return unresolved(`"${name}" has no member "${member}" to look through`);
    return this.value(
      { type: field.type, place: this.#types.inside(head.item, head.args) },
      encoding,
      position,
    );
  }

  #byHead(typed: Typed, encoding: Encoding, position: Position): Shape {
    const head = this.#types.head(typed);
    if (head.kind !== "item" && encoding.kind === "user") {
      return this.#userEncoding(typed, encoding);
    }
    switch (head.kind) {
      case "item":
        return this.#item(head.item, head.args, { typed, encoding, position });
      case "known":
        return this.#known(head.known, head.args, { typed, encoding, position });
      case "foreign":
        return this.#foreign(head.path, typed, encoding);
      case "tuple":
        return this.#containers.tuple(head.items, encoding);
      case "array":
        return this.#containers.array(head.item, head.length, { typed, encoding, position });
      case "reference":
        return this.#containers.reference(head.to, encoding);
      case "slice":
        return unresolved(`${printType(typed.type)} has no length, so it must be behind something`);
    }
  }

  #userEncoding({ type }: Typed, encoding: Encoding): never {
    const wanted = { type: printType(type), encoding: printEncoding(encoding) };
    return unresolved(`the encoding "${wanted.encoding}" is not Bilrost's own`, wanted);
  }

  #foreign(path: string, { type }: Typed, encoding: Encoding): never {
    const wanted = { type: printType(type), encoding: printEncoding(encoding) };
    return unresolved(`the type "${path}" is of a crate that was not read`, wanted);
  }

  #item(item: Item, args: readonly Typed[], at: At): Shape {
    if (item.kind === "alias") {
      const place = this.#types.inside(item, args);
      return this.value({ type: item.type, place }, at.encoding, at.position);
    }
    const message = this.#definitions.message(item, args);
    const enumeration = message === undefined ? this.#definitions.enumeration(item) : undefined;
    if (message === undefined && enumeration === undefined) return this.#custom(item, at);
    if (at.encoding.kind === "user") return this.#userEncoding(at.typed, at.encoding);
    if (!isGeneral(at.encoding)) return this.#userFixed(item, at);
    if (enumeration !== undefined) return { kind: "enumeration", enumeration };
    return { kind: "message", message: message as () => MessageShape };
  }

  /** Derived items have `general` alone; any more is the user's doing. */
  #userFixed(item: Item, { typed, encoding }: At): never {
    const wanted = { type: printType(typed.type), encoding: printEncoding(encoding) };
    return unresolved(`"${item.name}" under "${wanted.encoding}" is what the user made it`, wanted);
  }

  /** A type without our derives: by a derive of the user's, or unknown. */
  #custom(item: Item, at: At): Shape {
    for (const derive of item.attributes.derives) {
      const description = this.#map.forDerive(derive.segments.join("::"));
      if (description?.kind === "transparent")
        return this.#transparent(at.typed, description.member, at);
    }
    const wanted = { type: printType(at.typed.type), encoding: printEncoding(at.encoding) };
    return unresolved(`"${item.name}" has no derive of bilrost's that makes it a value`, wanted);
  }

  #known(known: KnownType, args: readonly Typed[], at: At): Shape {
    const { encoding } = at;
    switch (known.is) {
      case "bool":
        return boolShape(encoding);
      case "integer":
        return integerShape(known, encoding, this.#options);
      case "nonZero":
        return this.#nonZero(oneOf(args, "NonZero"), encoding);
      case "float":
        return floatShape(known.bits, encoding, this.#options);
      case "string":
        return generalShape({ kind: "string" }, "a string", encoding);
      case "bytes":
        return generalShape({ kind: "bytes" }, printType(at.typed.type), encoding);
      case "time":
        return timeShape(known.type, encoding, this.#options.version);
      case "dateTime":
        return timeShape(
          dateTimeType(this.#knownOf(oneOf(args, "DateTime"))),
          encoding,
          this.#options.version,
        );
      case "message":
        return this.#bilrostType(known, encoding);
      case "nothing":
        return unresolved(known.reason, {
          type: printType(at.typed.type),
          encoding: printEncoding(encoding),
        });
      case "str":
        return unresolved("str has no length, so it must be behind something");
      default:
        return this.#container(known, args, at);
    }
  }

  #container(known: KnownType, args: readonly Typed[], at: At): Shape {
    switch (known.is) {
      case "list":
        return this.#containers.list(
          args[0] ?? unresolved("a list without a type of its items"),
          at,
        );
      case "listOfArray":
        return this.#containers.list(
          this.#containers.itemOfArray(oneOf(args, "a list in an array")),
          at,
        );
      case "set":
        return this.#containers.set(args[0] ?? unresolved("a set without a type of its items"), at);
      case "map":
        return this.#containers.map(args, at.encoding);
      case "option":
        return unresolved("an Option can only be a field, or a member of a tuple");
      case "box":
        return this.#containers.box(known.shared, oneOf(args, "a box"), at);
      case "cow":
        return this.#containers.cow(oneOf(args, "Cow"), at);
      default:
        return this.#containers.range(
          known.is === "range" && known.inclusive,
          oneOf(args, "a range"),
          at.encoding,
        );
    }
  }

  #knownOf(typed: Typed): KnownType | undefined {
    const head = this.opened(typed);
    return head.kind === "known" ? head.known : undefined;
  }

  #nonZero(inner: Typed, encoding: Encoding): Shape {
    const known = this.#knownOf(inner);
    if (known?.is !== "integer")
      return unresolved(`NonZero<${printType(inner.type)}> is none we know`);
    return integerShape({ ...known, nonZero: true }, encoding, this.#options);
  }

  #bilrostType(known: Extract<KnownType, { is: "message" }>, encoding: Encoding): Shape {
    if (known.name.endsWith("Value"))
      needsVersion(this.#options.version, 1007, `bilrost_types::${known.name}`);
    const message = bilrostTypesMessage(known.name, this.#options.integers64);
    return generalShape(
      { kind: "message", message: () => message },
      `bilrost_types::${known.name}`,
      encoding,
    );
  }
}

function oneOf(args: readonly Typed[], what: string): Typed {
  const [only, ...more] = args;
  return only !== undefined && more.length === 0
    ? only
    : unresolved(`${what} takes one type, ${args.length} given`);
}
