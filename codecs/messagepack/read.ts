/** Readers, compiled once per shape: from bytes straight to values. */
import { encode as encodeLibrary } from "@msgpack/msgpack";
import { DecodeError, located } from "../errors.ts";
import type { UnknownField } from "../format.ts";
import { emptyValue } from "../schema/empty.ts";
import { SchemaError } from "../schema/errors.ts";
import { keyOrderOf } from "../schema/key-order.ts";
import type {
  EnumerationShape,
  IntegerShape,
  MapShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { namesOf } from "../schema/variants.ts";
import { attachUnknown } from "../unknown.ts";
import type { PackReader } from "./pack-reader.ts";

/** Reads one value. Undefined: it was stepped over, because only a later version understands it. */
type Read = (reader: PackReader) => unknown;
type Draft = Record<string, unknown>;

export class ReaderCompiler {
  readonly #done = new Map<MessageShape, Read>();

  message(shape: MessageShape): Read {
    const before = this.#done.get(shape);
    if (before) return before;
    const message = new MessageReader(shape);
    const read: Read = (reader) => message.read(reader);
    this.#done.set(shape, read); // Before its members, because a message may contain itself.
    message.define(this);
    return read;
  }

  shape(shape: Shape): Read {
    switch (shape.kind) {
      case "bool":
        return (reader) => reader.bool();
      case "integer":
        return integerReader(shape);
      case "float":
        return shape.bits === 64 ? (reader) => reader.float() : readFloat32;
      case "string":
        return (reader) => reader.text();
      case "bytes":
        return (reader) => reader.binary();
      case "enumeration":
        return variantReader(shape.enumeration);
      case "message":
        return this.#nested(shape.message());
      case "list":
        return listReader(this.shape(shape.item));
      case "map":
        return mapReader(shape, this.shape(shape.key), this.shape(shape.value));
      case "time":
        throw new SchemaError(`Cannot define a ${shape.type}: it exists in Bilrost only`);
    }
  }

  #nested(shape: MessageShape): Read {
    const read = this.message(shape);
    return (reader) => {
      if (reader.depth >= reader.limits.depthMax) {
        const problem = `Cannot read message: it is nested deeper than ${reader.limits.depthMax}`;
        throw new DecodeError("RecursionLimitReached", problem, reader.offset);
      }
      reader.depth++;
      const value = read(reader);
      reader.depth--;
      return value;
    };
  }

  /** A variant from the future cannot be understood: the oneof as a whole is kept as it stands. */
  oneof({ variants }: OneofShape): Read {
    const readers = new Map(variants.map(({ name, type }) => [name, this.shape(type)]));
    return (reader) => {
      const start = reader.offset;
      const count = reader.map();
      if (count !== 1) {
        const problem = `Cannot read oneof: ${count} variants are there, 1 needed`;
        throw new DecodeError("ConflictingFields", problem, start);
      }
      const name = reader.text();
      const read = readers.get(name);
      if (!read) {
        reader.skip();
        return undefined;
      }
      try {
        return { case: name, value: read(reader) };
      } catch (error) {
        throw located(error, [name]);
      }
    };
  }
}

interface Member {
  readonly name: string;
  /** The name as it stands on the wire. */
  readonly key: Uint8Array;
  readonly read: Read;
}

class MessageReader {
  readonly #shape: MessageShape;
  /** In declaration order, which is the order that our own writer has. */
  readonly #members: Member[] = [];
  readonly #byName = new Map<string, Member>();
  readonly #implicit: readonly (readonly [name: string, type: Shape])[];

  constructor(shape: MessageShape) {
    this.#shape = shape;
    this.#implicit = shape.members.flatMap((member) =>
      member.kind === "field" && member.presence === "implicit"
        ? [[member.name, member.type] as const]
        : [],
    );
  }

  define(compiler: ReaderCompiler): void {
    for (const member of this.#shape.members) {
      const { name } = member;
      const read = member.kind === "oneof" ? compiler.oneof(member) : compiler.shape(member.type);
      const known = { name, key: encodeLibrary(name), read };
      this.#members.push(known);
      this.#byName.set(name, known);
    }
  }

  read(reader: PackReader): object {
    const count = reader.map();
    const draft: Draft = {};
    for (const { name } of this.#members) draft[name] = undefined; // One hidden class for all.
    let unknown: Map<string, UnknownField> | undefined;
    let expected = 0;
    for (let pair = 0; pair < count; pair++) {
      const start = reader.offset;
      expected = this.#find(reader, expected);
      const member = this.#members[expected++];
      const key = member?.name ?? reader.text();
      const known = member ?? this.#byName.get(key);
      if ((known && draft[key] !== undefined) || unknown?.has(key)) throw refuseSecond(key, start);
      const bodyStart = reader.offset;
      if (readMember(key, known, reader, draft)) continue;
      unknown ??= new Map();
      unknown.set(key, { key, wireType: 0, body: reader.since(bodyStart).slice() });
    }
    for (const [name, type] of this.#implicit) draft[name] ??= emptyValue(type);
    if (unknown === undefined) return draft;
    const { version } = this.#shape;
    return attachUnknown(draft, { format: "msgpack", version, fields: [...unknown.values()] });
  }

  /** Place of the next member that stands here if the order is ours, and its key is taken; else the end. */
  #find(reader: PackReader, from: number): number {
    for (let place = from; place < this.#members.length; place++) {
      if (reader.takeText((this.#members[place] as Member).key)) return place;
    }
    return this.#members.length;
  }
}

/** Whether the value was understood; if not, it has been stepped over. */
function readMember(
  key: string,
  member: Member | undefined,
  reader: PackReader,
  draft: Draft,
): boolean {
  try {
    if (!member) reader.skip();
    else draft[key] = member.read(reader);
  } catch (error) {
    throw located(error, [key]);
  }
  return member !== undefined && draft[key] !== undefined;
}

function refuseSecond(key: string, start: number): DecodeError {
  const problem = `Cannot read key "${key}" a second time`;
  return new DecodeError("UnexpectedlyRepeated", problem, start);
}

function readFloat32(reader: PackReader): number {
  const start = reader.offset;
  const value = reader.float();
  if (Object.is(Math.fround(value), value)) return value;
  const problem = `Cannot read ${value} as a 32-bit float: it would be rounded`;
  throw new DecodeError("OutOfDomainValue", problem, start);
}

function integerReader({ signed, bits, as }: IntegerShape): Read {
  const max = 2 ** (signed ? bits - 1 : bits) - 1;
  const min = signed ? -(2 ** (bits - 1)) : 0;
  // At 64 bits `max` is rounded up by one, which only a bigint can tell.
  const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
  return (reader) => {
    const start = reader.offset;
    const value = reader.integer();
    const isNumber = typeof value === "number";
    if (isNumber && value >= min && value <= max) return as === "bigint" ? BigInt(value) : value;
    if (!isNumber && as === "bigint" && wrap(bits, value) === value) return value;
    const limit = as === "number" && bits === 64 && !isNumber ? "2^53 - 1" : `${bits} bits`;
    const kind = signed ? "signed" : "unsigned";
    const problem = `Cannot read ${value}: it does not fit ${limit}, ${kind}`;
    throw new DecodeError("OutOfDomainValue", problem, start);
  };
}

function variantReader(enumeration: EnumerationShape): Read {
  const nameOf = namesOf(enumeration);
  return (reader) => {
    const start = reader.offset;
    const number = reader.integer();
    const fits = typeof number === "number" && number >= 0 && number <= 0xffff_ffff;
    const name = fits ? nameOf(number) : undefined;
    if (name !== undefined) return name;
    const problem = `Cannot read ${number} as ${enumeration.name}: it has no such variant`;
    throw new DecodeError("OutOfDomainValue", problem, start);
  };
}

function listReader(item: Read): Read {
  return (reader) => {
    const count = reader.array();
    const items: unknown[] = [];
    try {
      while (items.length < count) items.push(item(reader));
    } catch (error) {
      throw located(error, [`[${items.length}]`]);
    }
    return items;
  };
}

/** A list of pairs, because keys need not be text. */
function mapReader(shape: MapShape, key: Read, item: Read): Read {
  const { identity } = keyOrderOf(shape.key);
  return (reader) => {
    const count = reader.array();
    const entries = new Map<unknown, unknown>();
    const seen = new Set<unknown>();
    try {
      while (entries.size < count) {
        const start = reader.offset;
        if (reader.array() !== 2) {
          throw new DecodeError("InvalidValue", "Cannot read map entry: a pair needed", start);
        }
        const found = key(reader);
        if (seen.has(identity(found))) {
          throw new DecodeError("UnexpectedlyRepeated", "Cannot read a map key twice", start);
        }
        seen.add(identity(found));
        entries.set(found, item(reader));
      }
    } catch (error) {
      throw located(error, [`[${entries.size}]`]);
    }
    return entries;
  };
}
