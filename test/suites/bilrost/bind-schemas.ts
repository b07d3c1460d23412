/** Builds our shapes from the schemas of a vector file, with the conversion of values beside each. */
import { rangeShape } from "../../../codecs/index.ts";
import { keyOrderOf } from "../../../codecs/schema/key-order.ts";
import type {
  FieldShape,
  MessageReference,
  MessageShape,
  OneofShape,
  Shape,
} from "../../../codecs/schema/shape.ts";
import { bindTime } from "./bound-time.ts";
import { type Bound, bindScalar, isOctets, listItemOf, needEncoding } from "./bound-type.ts";
import { type Notation, parseNotation, UnsupportedError } from "./type-notation.ts";
import type { VectorField, VectorOneof, VectorSchemas, VectorVariant } from "./vector-file.ts";

export type BoundMessage = Bound<MessageShape>;
type BoundMember = Bound<FieldShape | OneofShape>;
type JsonObject = Readonly<Record<string, unknown>>;

const GENERAL = parseNotation("general");
const GENERAL_PACKED = parseNotation("general_packed");
const LIST_ENCODINGS = new Set(["general", "general_packed", "packed", "unpacked", "plainbytes"]);
const ARRAY_ENCODINGS = new Set(["packed", "unpacked"]);
const MAP_ENCODINGS = new Set(["general", "general_packed", "map"]);

interface FieldNotation {
  readonly name: string;
  readonly tag: number;
  readonly type: Notation;
  readonly encoding: Notation;
}

export class SchemaBinder {
  readonly #schemas: VectorSchemas;
  readonly #messages = new Map<string, BoundMessage>();

  constructor(schemas: VectorSchemas) {
    this.#schemas = schemas;
  }

  message(name: string): BoundMessage {
    const before = this.#messages.get(name);
    if (before !== undefined) return before;
    const definition = own(this.#schemas.messages, name);
    if (definition === undefined) throw new UnsupportedError(`no schema "${name}" in the file`);
    const earlier = new Set(this.#messages.keys());
    // The message may contain itself: it is there, still empty, before its members are.
    const members: BoundMember[] = [];
    const shape = { name, members: [] as (FieldShape | OneofShape)[] };
    const bound = objectOf(shape, members);
    const { as_enum: asEnum, fields } = definition;
    this.#messages.set(name, asEnum === undefined ? bound : unwrapped(shape, members));
    try {
      if (asEnum !== undefined) members.push(this.#oneof({ name: "enum", oneof: asEnum }));
      else for (const field of fields) members.push(this.#member(field));
    } catch (error) {
      // Whatever was built on top of it cannot be used either.
      for (const later of this.#messages.keys())
        if (!earlier.has(later)) this.#messages.delete(later);
      throw error;
    }
    shape.members.push(...members.map((member) => member.shape));
    return this.#messages.get(name) as BoundMessage;
  }

  #member(field: VectorField): BoundMember {
    if (field.oneof !== undefined) return this.#oneof(field);
    const type = parseNotation(field.type ?? "");
    const encoding = field.encoding === undefined ? GENERAL : parseNotation(field.encoding);
    return this.#fieldOf({ name: field.name, tag: field.tag as number, type, encoding });
  }

  #fieldOf({ name, tag, type, encoding }: FieldNotation): BoundMember {
    const isOptional = type.name === "Option";
    const value = this.#value(isOptional ? (type.args[0] as Notation) : type, encoding);
    const presence = isOptional ? "optional" : "implicit";
    return {
      shape: {
        kind: "field",
        name,
        number: tag,
        type: value.shape,
        presence,
      },
      fromJson: (json) => (isOptional && json === null ? undefined : value.fromJson(json)),
      toJson: (found) => (isOptional && found === undefined ? null : value.toJson(found)),
    };
  }

  #oneof(field: VectorField): BoundMember {
    const definition = own<VectorOneof>(this.#schemas.oneofs, field.oneof as string);
    if (definition === undefined)
      throw new UnsupportedError(`no oneof "${field.oneof}" in the file`);
    const variants = new Map(
      Object.entries(definition.variants).map(([name, one]) => [name, this.#variant(name, one)]),
    );
    const shapes = [...variants.values()].map(({ shape }) => shape);
    return {
      shape: { kind: "oneof", name: field.name, variants: shapes },
      fromJson(json) {
        if (json === null) return undefined;
        const [[name, value] = ["", undefined]] = Object.entries(json as JsonObject);
        return { case: name, value: variants.get(name)?.fromJson(value) };
      },
      toJson(found) {
        if (found === undefined) return null;
        const { case: name, value } = found as { case: string; value: unknown };
        return { [name]: variants.get(name)?.toJson(value) };
      },
    };
  }

  #variant(name: string, variant: VectorVariant): Bound<FieldShape> {
    const value =
      variant.message === undefined
        ? this.#value(
            parseNotation(variant.type ?? ""),
            variant.encoding === undefined ? GENERAL_PACKED : parseNotation(variant.encoding),
          )
        : this.#messageVariant(name, variant.message, variant.tuple === true);
    return {
      ...value,
      shape: { kind: "field", name, number: variant.tag, type: value.shape, presence: "optional" },
    };
  }

  /** A variant that is a message written in place; it is no level of nesting. */
  #messageVariant(name: string, fields: readonly VectorField[], isTuple: boolean): Bound {
    const members = fields.map((field) => this.#member(field));
    const message = { name, members: members.map(({ shape }) => shape) };
    const { fromJson, toJson } = isTuple ? arrayOf(message, members) : objectOf(message, members);
    return {
      shape: { kind: "message", message: () => message, uncounted: true },
      fromJson,
      toJson,
    };
  }

  #value(type: Notation, encoding: Notation): Bound {
    const scalar = bindScalar(type, encoding);
    if (scalar !== undefined) return scalar;
    if (own(this.#schemas.enums, type.name) !== undefined) return this.#enumeration(type, encoding);
    if (own(this.#schemas.messages, type.name) !== undefined) return this.#nested(type.name);
    if (type.name === "Box" && type.args[0] !== undefined)
      return this.#value(type.args[0], encoding);
    if (/^(BTree|Hash)Map$/.test(type.name)) return this.#map(type, encoding);
    if (/^(BTree|Hash)Set$/.test(type.name)) return this.#set(type, encoding);
    if (type.name === "()") return this.#tuple(type, encoding);
    if (/^Range(Inclusive)?$/.test(type.name)) return this.#range(type, encoding);
    if (type.name === "[]" && type.args.length === 2) return this.#array(type, encoding);
    if (listItemOf(type) !== undefined) return this.#list(type, encoding);
    const time = bindTime(type);
    if (time !== undefined) return time;
    throw new UnsupportedError(`unknown type "${type.name}"`);
  }

  #enumeration(type: Notation, encoding: Notation): Bound {
    needEncoding(type, encoding, new Set(["general", "general_packed"]));
    const variants = new Map(Object.entries(this.#schemas.enums[type.name] ?? {}));
    const isByPlace = this.#schemas.enums_by_declaration.includes(type.name);
    const order = isByPlace ? { order: "declaration" as const } : {};
    const enumeration = { name: type.name, variants, open: false, ...order };
    const same = (value: unknown): unknown => value;
    return { shape: { kind: "enumeration", enumeration }, fromJson: same, toJson: same };
  }

  #nested(name: string): Bound {
    const bound = this.message(name);
    const shape: MessageReference = { kind: "message", message: () => bound.shape };
    return {
      shape,
      fromJson: (json) => bound.fromJson(json),
      toJson: (found) => bound.toJson(found),
    };
  }

  #list(type: Notation, encoding: Notation): Bound {
    needEncoding(type, encoding, LIST_ENCODINGS);
    const item = this.#item(listItemOf(type) as Notation, encoding);
    const shape: Shape = { kind: "list", item: item.shape, packed: isPacked(encoding) };
    return isOctets(type) ? octetsOf(shape) : itemsOf(shape, item);
  }

  #array(type: Notation, encoding: Notation): Bound {
    needEncoding(type, encoding, ARRAY_ENCODINGS);
    const [itemType, length] = type.args as [Notation, Notation];
    const item = this.#item(itemType, encoding);
    const count = { packed: isPacked(encoding), length: Number(length.name) };
    const shape: Shape = { kind: "list", item: item.shape, ...count };
    return itemType.name === "u8" ? octetsOf(shape) : itemsOf(shape, item);
  }

  #set(type: Notation, encoding: Notation): Bound {
    needEncoding(type, encoding, LIST_ENCODINGS);
    const item = this.#item(type.args[0] as Notation, encoding);
    const order = keyOrderOf(item.shape);
    return {
      shape: { kind: "list", item: item.shape, packed: isPacked(encoding), set: true },
      fromJson: (json) => new Set((json as unknown[]).map((one) => item.fromJson(one))),
      toJson: (found) =>
        [...(found as Set<unknown>)].sort(order.compare).map((one) => item.toJson(one)),
    };
  }

  #item(type: Notation, encoding: Notation): Bound {
    const own = encoding.name === "plainbytes" ? encoding : (encoding.args[0] ?? GENERAL_PACKED);
    return this.#value(type, own);
  }

  #tuple({ args }: Notation, encoding: Notation): Bound {
    const members = args.map((type, place) => this.#place(String(place), place, type, encoding));
    const name = `(${members.length}-tuple)`;
    const message = { name, tuple: true as const, members: members.map(({ shape }) => shape) };
    return {
      shape: { kind: "message", message: () => message },
      fromJson: (json) => members.map((one, at) => one.fromJson((json as unknown[])[at])),
      toJson: (found) => members.map((one, at) => one.toJson((found as unknown[])[at])),
    };
  }

  #range({ name, args: [of] }: Notation, encoding: Notation): Bound {
    const members = ["start", "end"].map((one, place) =>
      this.#place(one, place, of as Notation, encoding),
    );
    const { type } = (members[0] as BoundMember).shape as FieldShape;
    const message = { name, members: members.map(({ shape }) => shape) };
    const shape = rangeShape(type, name === "RangeInclusive");
    return { ...arrayOf(message, members), shape: { ...shape, message: () => message } };
  }

  /** A member of a tuple is a field, so its collections may be unpacked. */
  #place(name: string, tag: number, type: Notation, encoding: Notation): BoundMember {
    const own = encoding.name === "()" ? encoding.args[tag] : encoding;
    const field = { name, tag, type, encoding: own as Notation };
    return this.#fieldOf(field);
  }

  #map(type: Notation, encoding: Notation): Bound {
    needEncoding(type, encoding, MAP_ENCODINGS);
    const [keyType, valueType] = type.args as [Notation, Notation];
    const key = this.#value(keyType, encoding.args[0] ?? GENERAL_PACKED);
    const value = this.#value(valueType, encoding.args[1] ?? GENERAL_PACKED);
    const order = keyOrderOf(key.shape);
    return {
      shape: { kind: "map", key: key.shape, value: value.shape },
      fromJson: (json) =>
        new Map(
          (json as [unknown, unknown][]).map(([k, v]) => [key.fromJson(k), value.fromJson(v)]),
        ),
      toJson: (found) =>
        [...(found as Map<unknown, unknown>)]
          .sort(([left], [right]) => order.compare(left, right))
          .map(([k, v]) => [key.toJson(k), value.toJson(v)]),
    };
  }
}

/** A name like `constructor` is not a schema because every object has one. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function objectOf(shape: MessageShape, members: readonly BoundMember[]): BoundMessage {
  const each = (convert: (member: BoundMember, value: unknown) => unknown) => (value: unknown) =>
    Object.fromEntries(
      members.map((member) => [
        member.shape.name,
        convert(member, (value as JsonObject)[member.shape.name]),
      ]),
    );
  return {
    shape,
    fromJson: each((member, json) => member.fromJson(json)),
    toJson: each((member, found) => member.toJson(found)),
  };
}

/** Values of a tuple stand by position. */
function arrayOf(shape: MessageShape, members: readonly BoundMember[]): BoundMessage {
  return {
    shape,
    fromJson: (json) =>
      Object.fromEntries(
        members.map((member, at) => [member.shape.name, member.fromJson((json as unknown[])[at])]),
      ),
    toJson: (found) =>
      members.map((member) => member.toJson((found as JsonObject)[member.shape.name])),
  };
}

/** A message that is a oneof has the oneof's value. */
function unwrapped(shape: MessageShape, members: readonly BoundMember[]): BoundMessage {
  return {
    shape,
    fromJson: (json) => ({ enum: members[0]?.fromJson(json) }),
    toJson: (found) => members[0]?.toJson((found as JsonObject).enum),
  };
}

function isPacked({ name }: Notation): boolean {
  return name === "packed" || name === "general_packed";
}

function itemsOf(shape: Shape, item: Bound): Bound {
  return {
    shape,
    fromJson: (json) => (json as unknown[]).map((one) => item.fromJson(one)),
    toJson: (found) => (found as unknown[]).map((one) => item.toJson(one)),
  };
}

/** A list of octets one by one still has the value of bytes. */
function octetsOf(shape: Shape): Bound {
  return {
    shape,
    fromJson: (json) => [...Buffer.from((json as { hex: string }).hex, "hex")],
    toJson: (found) => ({ hex: Buffer.from(found as number[]).toString("hex") }),
  };
}
