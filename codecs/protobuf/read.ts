/**
 * Readers, compiled once per shape. A field that comes again replaces a scalar, adds to a list and is
 * merged into a message, as the format demands; so reading always works on a draft that is there
 * already. List items are taken packed and one by one, whatever the schema says.
 */
import { DecodeError, located } from "../errors.ts";
import { type MessageValue, UNKNOWN, type UnknownField } from "../format.ts";
import { SchemaError } from "../schema/errors.ts";
import { keyOrderOf } from "../schema/key-order.ts";
import type {
  FieldShape,
  ListShape,
  MapShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { attachUnknown } from "../unknown.ts";
import { type ScalarCodec, scalarCodec } from "./scalar.ts";
import { readUnknown } from "./unknown.ts";
import { LENGTH_DELIMITED, refuseWireType, type WireReader } from "./wire-reader.ts";

type Draft = Record<string, unknown>;

/** How one field number is read. */
interface FieldReader {
  /** Reads the field's body into the draft. */
  read(reader: WireReader, wireType: number, draft: Draft): void;
  /** Where an error in it is. */
  path(draft: Draft): readonly string[];
}

/** One value that stands on its own: a scalar or a message. */
interface ItemReader {
  readonly wireType: number;
  empty(): unknown;
  /** `earlier`: what the same field held before; a message is merged into it. */
  read(reader: WireReader, earlier?: unknown): unknown;
}

export class MessageReader {
  readonly #shape: MessageShape;
  readonly #fields = new Map<number, FieldReader>();
  /** In declaration order, so that all values of a message have one hidden class. */
  readonly #initial: (readonly [name: string, empty: () => unknown])[] = [];

  constructor(shape: MessageShape) {
    this.#shape = shape;
  }

  /** Separate from construction, because a message may contain itself. */
  define(compiler: ReaderCompiler): void {
    for (const member of this.#shape.members) {
      if (member.kind === "oneof") {
        this.#initial.push([member.name, () => undefined]);
        for (const variant of member.variants) {
          this.#fields.set(variant.number, variantReader(member, variant, compiler));
        }
      } else {
        const { reader, empty } = fieldReader(member, compiler);
        this.#initial.push([member.name, member.presence === "optional" ? () => undefined : empty]);
        this.#fields.set(member.number, reader);
      }
    }
  }

  /** The message of which nothing is on the wire. */
  empty(): Draft {
    const draft: Draft = {};
    for (const [name, empty] of this.#initial) draft[name] = empty();
    return draft;
  }

  /** Reads to the end of the present region. */
  merge(reader: WireReader, draft: Draft): void {
    let unknown: UnknownField[] | undefined;
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const key = reader.key();
      const field = this.#fields.get(key >>> 3);
      if (field === undefined) {
        unknown ??= [];
        reader.checkCount(unknown.length);
        unknown.push(readUnknown(reader, key, start));
        continue;
      }
      try {
        field.read(reader, key & 7, draft);
      } catch (error) {
        throw located(error, field.path(draft));
      }
    }
    if (unknown !== undefined) this.#keep(draft, unknown);
  }

  #keep(draft: Draft, unknown: readonly UnknownField[]): void {
    const earlier = (draft as MessageValue)[UNKNOWN]?.fields ?? [];
    const fields = [...earlier, ...unknown];
    attachUnknown(draft, { format: "protobuf", version: this.#shape.version, fields });
  }
}

export class ReaderCompiler {
  readonly #done = new Map<MessageShape, MessageReader>();

  message(shape: MessageShape): MessageReader {
    const before = this.#done.get(shape);
    if (before) return before;
    const reader = new MessageReader(shape);
    this.#done.set(shape, reader);
    reader.define(this);
    return reader;
  }

  item(shape: Shape): ItemReader {
    if (shape.kind === "message") return this.#messageItem(this.message(shape.message()));
    const scalar = scalarCodec(shape);
    if (scalar) return scalar;
    throw new SchemaError(`Cannot use a ${shape.kind} in protobuf here: put it into a message`);
  }

  #messageItem(message: MessageReader): ItemReader {
    return {
      wireType: LENGTH_DELIMITED,
      empty: () => message.empty(),
      read(reader, earlier) {
        const outer = reader.enterMessage();
        const draft = (earlier as Draft | undefined) ?? message.empty();
        message.merge(reader, draft);
        reader.leaveMessage(outer);
        return draft;
      },
    };
  }
}

function fieldReader(
  { name, type, presence }: FieldShape,
  compiler: ReaderCompiler,
): { reader: FieldReader; empty: () => unknown } {
  if ((type.kind === "list" || type.kind === "map") && presence === "optional") {
    throw new SchemaError(
      `Cannot use optional ${name} in protobuf: an empty ${type.kind} is not on the wire`,
    );
  }
  if (type.kind === "list") return { reader: listReader(name, type, compiler), empty: () => [] };
  if (type.kind === "map")
    return { reader: mapReader(name, type, compiler), empty: () => new Map() };
  const item = compiler.item(type);
  const reader: FieldReader = {
    read(wire, wireType, draft) {
      if (wireType !== item.wireType) throw refuseWireType(wireType, item.wireType, wire.pos);
      draft[name] = item.read(wire, draft[name]);
    },
    path: () => [name],
  };
  return { reader, empty: () => item.empty() };
}

/** The last variant on the wire wins; a message is merged if it was the last one before, too. */
function variantReader(
  oneof: OneofShape,
  variant: FieldShape,
  compiler: ReaderCompiler,
): FieldReader {
  const item = compiler.item(variant.type);
  const path = [oneof.name, variant.name];
  return {
    read(wire, wireType, draft) {
      if (wireType !== item.wireType) throw refuseWireType(wireType, item.wireType, wire.pos);
      const present = draft[oneof.name] as { case: string; value: unknown } | undefined;
      const earlier = present?.case === variant.name ? present.value : undefined;
      draft[oneof.name] = { case: variant.name, value: item.read(wire, earlier) };
    },
    path: () => path,
  };
}

function listReader(
  name: string,
  { item: type }: ListShape,
  compiler: ReaderCompiler,
): FieldReader {
  const item = compiler.item(type);
  return {
    read(wire, wireType, draft) {
      const items = draft[name] as unknown[];
      if (wireType === LENGTH_DELIMITED && item.wireType !== LENGTH_DELIMITED) {
        readPacked(wire, item, items);
        return;
      }
      if (wireType !== item.wireType) throw refuseWireType(wireType, item.wireType, wire.pos);
      wire.checkCount(items.length);
      items.push(item.read(wire));
    },
    path: (draft) => [name, `[${(draft[name] as unknown[]).length}]`],
  };
}

function readPacked(wire: WireReader, item: ItemReader, items: unknown[]): void {
  const outer = wire.enter();
  while (wire.pos < wire.len) {
    wire.checkCount(items.length);
    items.push(item.read(wire));
  }
  wire.leave(outer);
}

const KEY_NUMBER = 1;
const VALUE_NUMBER = 2;

/** An entry is a message of key 1 and value 2, either of which may be left out when empty. The last of equal keys wins. */
function mapReader(name: string, shape: MapShape, compiler: ReaderCompiler): FieldReader {
  const key = scalarCodec(shape.key);
  if (!key) throw new SchemaError(`Cannot use a ${shape.key.kind} as the key of map ${name}`);
  const entry = new EntryReader(key, compiler.item(shape.value));
  const { identity } = keyOrderOf(shape.key);
  const isByContent = shape.key.kind === "bytes";
  return {
    read(wire, wireType, draft) {
      if (wireType !== LENGTH_DELIMITED) {
        throw refuseWireType(wireType, LENGTH_DELIMITED, wire.pos);
      }
      const entries = draft[name] as Map<unknown, unknown>;
      wire.checkCount(entries.size);
      const [found, value] = entry.read(wire);
      entries.set(isByContent ? wire.sameKey(entries, identity(found), found) : found, value);
    },
    path: (draft) => [name, `[${(draft[name] as Map<unknown, unknown>).size}]`],
  };
}

class EntryReader {
  readonly #key: ScalarCodec;
  readonly #value: ItemReader;

  constructor(key: ScalarCodec, value: ItemReader) {
    this.#key = key;
    this.#value = value;
  }

  read(wire: WireReader): [unknown, unknown] {
    const outer = wire.enter();
    let key = this.#key.empty();
    let value: unknown;
    while (wire.pos < wire.len) {
      const start = wire.pos;
      const found = wire.key();
      const part = partOf(found, start);
      const item = part === KEY_NUMBER ? this.#key : this.#value;
      if (found % 8 !== item.wireType) throw refuseWireType(found % 8, item.wireType, wire.pos);
      if (part === KEY_NUMBER) key = this.#key.read(wire);
      else value = this.#value.read(wire, value);
    }
    wire.leave(outer);
    return [key, value === undefined ? this.#value.empty() : value];
  }
}

/** There is nowhere to keep a third part, so it is refused instead of lost. */
function partOf(key: number, start: number): number {
  const number = Math.floor(key / 8);
  if (number === KEY_NUMBER || number === VALUE_NUMBER) return number;
  const problem = `Cannot read map entry: field ${number} is neither key nor value`;
  throw new DecodeError("UnknownField", problem, start);
}
