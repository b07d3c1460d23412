/** Lists, sets, arrays, maps, boxes, tuples and ranges on the wire. */
import type { FieldShape, MessageShape, Shape } from "../../codecs/index.ts";
import { type Encoding, GENERAL, printEncoding } from "./encoding.ts";
import { unresolved } from "./errors.ts";
import type { KnownType } from "./known-types.ts";
import type { Head, Typed, Types } from "./resolve-type.ts";
import { printType } from "./rust-type.ts";
import { generalShape, isGeneral, refuse, type ScalarOptions } from "./scalar-shapes.ts";
import { keyProblem } from "./shape-rules.ts";
import type { Token } from "./tokens.ts";
import { needsVersion } from "./version.ts";

/** A field may be a list of fields; anything else is one value. */
export type Position = "field" | "value";

export interface At {
  readonly typed: Typed;
  readonly encoding: Encoding;
  readonly position: Position;
}

export interface FieldType {
  readonly type: Shape;
  readonly presence: FieldShape["presence"];
}

/** The types inside of containers. */
export interface InnerShapes {
  value(typed: Typed, encoding: Encoding, position: Position): Shape;
  field(typed: Typed, encoding: Encoding): FieldType;
  /** With all aliases opened. */
  opened(typed: Typed): Head;
}

const ARRAY_LENGTH_MAX = 1_000_000n;
const TUPLE_LENGTH_MAX = 12;

export class ContainerShapes {
  readonly #types: Types;
  readonly #options: ScalarOptions;
  readonly #inner: InnerShapes;

  constructor(types: Types, options: ScalarOptions, inner: InnerShapes) {
    this.#types = types;
    this.#options = options;
    this.#inner = inner;
  }

  list(item: Typed, at: At): Shape {
    const isOctets = this.#isOctet(item);
    if (at.encoding.kind === "plainbytes" && isOctets) return { kind: "bytes" };
    const how = this.#listing(at, isOctets);
    return { kind: "list", item: this.#inner.value(item, how.item, "value"), packed: how.packed };
  }

  set(item: Typed, at: At): Shape {
    const how = this.#listing(at, false);
    const shape = this.#inner.value(item, how.item, "value");
    const problem = keyProblem(shape);
    if (problem !== undefined) return unresolved(`the items of a set are ordered, and ${problem}`);
    return { kind: "list", item: shape, packed: how.packed, set: true };
  }

  /** Packed or not, and the encoding of the items. */
  #listing(
    { typed, encoding, position }: At,
    isOctets: boolean,
  ): { packed: boolean; item: Encoding } {
    const isField = position === "field";
    const octets = isOctets && isGeneral(encoding) ? ', "plainbytes" and "packed<varint>" do' : "";
    if (octets !== "") return refuse(printType(typed.type), encoding, octets);
    switch (encoding.kind) {
      case "packed":
        return { packed: true, item: encoding.item };
      case "general_packed":
        return { packed: true, item: this.#types.nested };
      case "unpacked":
        if (isField) return { packed: false, item: encoding.item };
        return refuse(printType(typed.type), encoding, ", except as a field of its own");
      case "general":
        if (isField) return { packed: false, item: this.#types.nested };
        return refuse(
          printType(typed.type),
          encoding,
          ', except as a field of its own: name "packed"',
        );
      case "plainbytes":
        if (isField) return { packed: false, item: encoding };
        return refuse(printType(typed.type), encoding);
      case "fixed":
        if (isField && this.#options.version <= 1012) return { packed: false, item: encoding };
        return refuse(printType(typed.type), encoding, " since bilrost 0.1013");
      default:
        return refuse(printType(typed.type), encoding);
    }
  }

  #length(expression: readonly Token[], typed: Typed): number {
    const length = this.#types.constant(expression, this.#types.bound(typed).place);
    if (length >= 0n && length <= ARRAY_LENGTH_MAX) return Number(length);
    return unresolved(`an array of ${length} items is more than the reader takes`);
  }

  array(item: Typed, expression: readonly Token[], at: At): Shape {
    const { typed, encoding } = at;
    const length = this.#length(expression, typed);
    const isOctets = this.#isOctet(item);
    if (encoding.kind === "plainbytes" && isOctets) return { kind: "bytes", length };
    if (encoding.kind === "fixed" && isOctets) {
      if (length === 4 || length === 8) return { kind: "bytes", length, fixed: true };
      return refuse(printType(typed.type), encoding, ", only 4 and 8 bytes");
    }
    needsVersion(this.#options.version, 1006, "an array");
    const isOld = encoding.kind === "fixed" && this.#options.version <= 1012;
    if (encoding.kind !== "packed" && encoding.kind !== "unpacked" && !isOld) {
      return refuse(printType(typed.type), encoding, ', name "packed" or "unpacked"');
    }
    const how = this.#listing(at, false);
    return {
      kind: "list",
      item: this.#inner.value(item, how.item, "value"),
      packed: how.packed,
      length,
    };
  }

  itemOfArray(typed: Typed): Typed {
    const head = this.#inner.opened(typed);
    return head.kind === "array" ? head.item : unresolved(`${printType(typed.type)} is no array`);
  }

  map(args: readonly Typed[], encoding: Encoding): Shape {
    const [key, value] = args;
    if (key === undefined || value === undefined)
      return unresolved("a map without types of its entries");
    const { nested } = this.#types;
    const own = encoding.kind === "map" ? encoding : { key: nested, value: nested };
    if (encoding.kind !== "map" && !isGeneral(encoding)) return refuse("a map", encoding);
    const shape = this.#inner.value(key, own.key, "value");
    const problem = keyProblem(shape);
    if (problem !== undefined) return unresolved(`the keys of a map are ordered, and ${problem}`);
    return { kind: "map", key: shape, value: this.#inner.value(value, own.value, "value") };
  }

  box(shared: boolean, inner: Typed, at: At): Shape {
    const head = this.#inner.opened(inner);
    const name = printType(at.typed.type);
    if (head.kind === "known" && head.known.is === "str") {
      needsVersion(this.#options.version, 1016, name);
      return generalShape({ kind: "string" }, name, at.encoding);
    }
    const shape = shared ? undefined : this.#inner.value(inner, at.encoding, at.position);
    if (shape?.kind === "message" && !shape.message().tuple) return shape;
    const wanted = { type: name, encoding: printEncoding(at.encoding) };
    return unresolved(
      `${name} has no encoding of Bilrost's own: boxes hold messages and str`,
      wanted,
    );
  }

  cow(inner: Typed, at: At): Shape {
    const head = this.#inner.opened(inner);
    if (head.kind === "slice") return this.list(head.item, at);
    if (head.kind === "known" && head.known.is === "str") {
      return generalShape({ kind: "string" }, printType(at.typed.type), at.encoding);
    }
    if (head.kind === "array") return this.#inner.value(inner, at.encoding, at.position);
    const wanted = { type: printType(at.typed.type), encoding: printEncoding(at.encoding) };
    return unresolved(`${wanted.type} has no encoding of Bilrost's own`, wanted);
  }

  /** `&str`, `&[u8]` and `&[u8; N]` are borrowed from the bytes that are read. */
  reference(to: Typed, encoding: Encoding): Shape {
    const head = this.#inner.opened(to);
    if (head.kind === "known" && head.known.is === "str") {
      return generalShape({ kind: "string" }, "&str", encoding);
    }
    if (encoding.kind === "plainbytes" && head.kind === "slice") {
      return this.list(head.item, { typed: to, encoding, position: "value" });
    }
    if (encoding.kind === "plainbytes" && head.kind === "array")
      return this.#inner.value(to, encoding, "value");
    return refuse(`&${printType(to.type)}`, encoding);
  }

  tuple(items: readonly Typed[], encoding: Encoding): Shape {
    needsVersion(this.#options.version, 1006, "a tuple");
    const encodings = encoding.kind === "tuple" ? encoding.items : items.map(() => GENERAL);
    if (encoding.kind !== "tuple" && !isGeneral(encoding)) return refuse("a tuple", encoding);
    if (encodings.length !== items.length) return refuse(`a tuple of ${items.length}`, encoding);
    if (items.length > TUPLE_LENGTH_MAX)
      return unresolved(`a tuple of more than ${TUPLE_LENGTH_MAX} has no encoding`);
    const members = items.map((item, tag) =>
      this.#member(String(tag), tag, [item, encodings[tag] as Encoding]),
    );
    const shape: MessageShape = { name: `(${members.length}-tuple)`, tuple: true, members };
    return { kind: "message", message: () => shape };
  }

  range(inclusive: boolean, item: Typed, encoding: Encoding): Shape {
    const name = inclusive ? "RangeInclusive" : "Range";
    needsVersion(this.#options.version, 1014, name);
    const [start, end, ...more] = encoding.kind === "tuple" ? encoding.items : [GENERAL, GENERAL];
    const isKnown = encoding.kind === "tuple" || isGeneral(encoding);
    if (!isKnown || start === undefined || end === undefined || more.length > 0)
      return refuse(name, encoding);
    const shape: MessageShape = {
      name,
      members: [this.#member("start", 0, [item, start]), this.#member("end", 1, [item, end])],
    };
    return { kind: "message", message: () => shape };
  }

  #member(name: string, number: number, [item, encoding]: readonly [Typed, Encoding]): FieldShape {
    return { kind: "field", name, number, ...this.#inner.field(item, encoding) };
  }

  #isOctet(typed: Typed): boolean {
    const head = this.#inner.opened(typed);
    const known: KnownType | undefined = head.kind === "known" ? head.known : undefined;
    return known?.is === "integer" && known.bits === 8 && !known.signed && !known.nonZero;
  }
}
