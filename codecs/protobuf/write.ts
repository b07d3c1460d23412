/**
 * Writers, compiled once per shape: fields in ascending order of numbers, map entries in canonical
 * order of keys, unknown fields last, so that the same value always has the same bytes.
 */
import type { Writer } from "protobufjs/minimal.js";
import { EncodeError, located } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { checkDepth, checkList, checkMessage, noVariant } from "../schema/check-value.ts";
import { SchemaError } from "../schema/errors.ts";
import { keyOrderOf, sortEntries } from "../schema/key-order.ts";
import { memberReader, ownMember } from "../schema/own.ts";
import type {
  FieldShape,
  ListShape,
  MapShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { unknownToWrite } from "../unknown.ts";
import { type ScalarCodec, scalarCodec } from "./scalar.ts";
import { writeUnknown } from "./unknown.ts";
import { LENGTH_DELIMITED, NUMBER_MAX } from "./wire-reader.ts";

/** What one encoding carries through all levels. */
export interface Writing {
  readonly writer: Writer;
  readonly limits: Limits;
  depth: number;
}

type Message = Readonly<Record<string, unknown>>;
/** Key and body, or nothing when the value needs no bytes. */
type WriteField = (message: Message, writing: Writing) => void;
/** Body without key. */
type WriteItem = (value: unknown, writing: Writing) => void;

interface Item {
  readonly wireType: number;
  readonly write: WriteItem;
}

export class MessageWriter {
  readonly #shape: MessageShape;
  #fields: readonly { readonly number: number; readonly write: WriteField }[] = [];
  readonly #oneofs: { readonly name: string; readonly variants: ReadonlySet<string> }[] = [];
  readonly #numbers = new Set<number>();

  constructor(shape: MessageShape) {
    this.#shape = shape;
  }

  /** Separate from construction, because a message may contain itself. */
  define(compiler: WriterCompiler): void {
    const fields = this.#shape.members.flatMap((member) => {
      if (member.kind === "field") {
        return [{ number: member.number, write: fieldWriter(member, compiler) }];
      }
      const variants = new Set(member.variants.map(({ name }) => name));
      this.#oneofs.push({ name: member.name, variants });
      return member.variants.map((variant) => ({
        number: variant.number,
        write: variantWriter(member, variant, compiler),
      }));
    });
    for (const { number } of fields) this.#claim(number);
    this.#fields = fields.sort((left, right) => left.number - right.number);
  }

  writeBody(value: unknown, writing: Writing): void {
    checkMessage(value);
    for (const { name, variants } of this.#oneofs) checkVariant(value, name, variants);
    for (const { write } of this.#fields) write(value, writing);
    const unknown = unknownToWrite(value, "protobuf", this.#shape)?.fields ?? [];
    for (const field of unknown) {
      if (this.#numbers.has(field.key as number)) {
        const problem = `Cannot encode unknown field ${field.key}: the schema knows this number`;
        throw new EncodeError("UnexpectedlyRepeated", problem);
      }
      writeUnknown(field, writing.writer);
    }
  }

  /** Numbers that protobuf keeps for itself cannot be used. */
  #claim(number: number): void {
    const isReserved = number >= 19_000 && number <= 19_999;
    if (number >= 1 && number <= NUMBER_MAX && !isReserved) {
      this.#numbers.add(number);
      return;
    }
    throw new SchemaError(
      `Cannot use field number ${number} of ${this.#shape.name} in protobuf: 1 to 2^29 - 1 without 19000 to 19999 needed`,
    );
  }
}

export class WriterCompiler {
  readonly #done = new Map<MessageShape, MessageWriter>();

  message(shape: MessageShape): MessageWriter {
    const before = this.#done.get(shape);
    if (before) return before;
    const writer = new MessageWriter(shape);
    this.#done.set(shape, writer);
    writer.define(this);
    return writer;
  }

  item(shape: Shape): Item {
    if (shape.kind === "message") return messageItem(this.message(shape.message()));
    const scalar = scalarCodec(shape);
    if (scalar) return scalarItem(scalar);
    throw new SchemaError(`Cannot use a ${shape.kind} in protobuf here: put it into a message`);
  }
}

function scalarItem({ wireType, write }: ScalarCodec): Item {
  return { wireType, write: (value, { writer }) => write(value, writer) };
}

function messageItem(message: MessageWriter): Item {
  return {
    wireType: LENGTH_DELIMITED,
    write(value, writing) {
      checkDepth(writing.depth, writing.limits);
      writing.depth++;
      writing.writer.fork();
      message.writeBody(value, writing);
      writing.writer.ldelim();
      writing.depth--;
    },
  };
}

function checkVariant(message: Message, name: string, variants: ReadonlySet<string>): void {
  const chosen = ownMember(message, name) as { readonly case?: unknown } | null | undefined;
  if (chosen === undefined || variants.has(chosen?.case as string)) return;
  throw located(noVariant(chosen?.case), [name]);
}

function variantWriter(
  oneof: OneofShape,
  variant: FieldShape,
  compiler: WriterCompiler,
): WriteField {
  const item = compiler.item(variant.type);
  const key = keyOf(variant.number, item.wireType);
  const path = [oneof.name, variant.name];
  const choiceOf = memberReader(oneof.name);
  return (message, writing) => {
    const chosen = choiceOf(message) as { readonly case: string; readonly value: unknown };
    if (chosen?.case === variant.name) writeOne(key, item, chosen.value, writing, path);
  };
}

function fieldWriter(field: FieldShape, compiler: WriterCompiler): WriteField {
  const { name, type } = field;
  if (type.kind === "list") return listWriter(field, type, compiler);
  if (type.kind === "map") return mapWriter(field, type, compiler);
  const item = compiler.item(type);
  const key = keyOf(field.number, item.wireType);
  const path = [name];
  const memberOf = memberReader(name);
  if (field.presence === "optional") {
    return (message, writing) => {
      const value = memberOf(message);
      if (value !== undefined) writeOne(key, item, value, writing, path);
    };
  }
  if (type.kind === "message") return implicitMessageWriter(field, item);
  const scalar = scalarCodec(type) as ScalarCodec;
  return (message, writing) => {
    const value = memberOf(message);
    if (value !== undefined && !scalar.isEmpty(value)) writeOne(key, item, value, writing, path);
  };
}

/** Whether a message is empty shows when it is written: then its key is taken back. */
function implicitMessageWriter({ name, number }: FieldShape, item: Item): WriteField {
  const key = keyOf(number, item.wireType);
  const path = [name];
  const memberOf = memberReader(name);
  return (message, writing) => {
    const value = memberOf(message);
    if (value === undefined) return;
    const { writer } = writing;
    const before = writer.pos;
    writer.uint32(key);
    const bodyStart = writer.pos + 1; // Behind a length of one byte, which is what an empty body has.
    try {
      item.write(value, writing);
    } catch (error) {
      throw located(error, path);
    }
    if (writer.pos === bodyStart) writer.pos = before;
  };
}

function writeOne(
  key: number,
  item: Item,
  value: unknown,
  writing: Writing,
  path: readonly string[],
): void {
  writing.writer.uint32(key);
  try {
    item.write(value, writing);
  } catch (error) {
    throw located(error, path);
  }
}

function listWriter(
  { name, number }: FieldShape,
  { item: type, packed }: ListShape,
  compiler: WriterCompiler,
): WriteField {
  const item = compiler.item(type);
  // Strings, bytes and messages have no packed form.
  const isPacked = packed && item.wireType !== LENGTH_DELIMITED;
  const key = keyOf(number, isPacked ? LENGTH_DELIMITED : item.wireType);
  const writeItems = isPacked ? writePacked : writeUnpacked;
  const memberOf = memberReader(name);
  return (message, writing) => {
    const items = memberOf(message);
    if (items === undefined) return;
    try {
      checkList(items, writing.limits);
      if (items.length > 0) writeItems(key, item, items, writing);
    } catch (error) {
      throw located(error, [name]);
    }
  };
}

type WriteItems = (key: number, item: Item, items: readonly unknown[], writing: Writing) => void;

const writePacked: WriteItems = (key, item, items, writing) => {
  writing.writer.uint32(key).fork();
  for (let index = 0; index < items.length; index++) writeAt(index, item, items, writing);
  writing.writer.ldelim();
};

const writeUnpacked: WriteItems = (key, item, items, writing) => {
  for (let index = 0; index < items.length; index++) {
    writing.writer.uint32(key);
    writeAt(index, item, items, writing);
  }
};

function writeAt(index: number, item: Item, items: readonly unknown[], writing: Writing): void {
  try {
    item.write(items[index], writing);
  } catch (error) {
    throw located(error, [`[${index}]`]);
  }
}

function mapWriter(
  { name, number }: FieldShape,
  shape: MapShape,
  compiler: WriterCompiler,
): WriteField {
  const entry = entryWriter(shape, compiler);
  const order = keyOrderOf(shape.key);
  const key = keyOf(number, LENGTH_DELIMITED);
  const memberOf = memberReader(name);
  return (message, writing) => {
    const value = memberOf(message);
    if (value === undefined) return;
    try {
      const entries = sortEntries(value, order, writing.limits);
      for (let index = 0; index < entries.length; index++) {
        writing.writer.uint32(key).fork();
        writeAt(index, entry, entries, writing);
        writing.writer.ldelim();
      }
    } catch (error) {
      throw located(error, [name]);
    }
  };
}

/** Empty keys and values are written too: other programs write them, and readers of both kinds exist. */
function entryWriter(shape: MapShape, compiler: WriterCompiler): Item {
  const keyItem = compiler.item(shape.key);
  const valueItem = compiler.item(shape.value);
  const keyKey = keyOf(1, keyItem.wireType);
  const valueKey = keyOf(2, valueItem.wireType);
  return {
    wireType: LENGTH_DELIMITED,
    write(entry, writing) {
      const [key, value] = entry as readonly [unknown, unknown];
      writing.writer.uint32(keyKey);
      keyItem.write(key, writing);
      writing.writer.uint32(valueKey);
      valueItem.write(value, writing);
    },
  };
}

function keyOf(number: number, wireType: number): number {
  return number * 8 + wireType;
}
