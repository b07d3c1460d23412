/**
 * Messages: fields in ascending order of tags, each key holding the distance to the one before. A
 * oneof has no key of its own and stands where its present variant's tag belongs.
 */
import type { ByteReader } from "../../byte-reader.ts";
import type { ByteWriter } from "../../byte-writer.ts";
import { DecodeError, EncodeError, located } from "../../errors.ts";
import type { MessageValue, UnknownField } from "../../format.ts";
import { noVariant } from "../../schema/check-value.ts";
import { ownMember } from "../../schema/own.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { attachUnknown, unknownToWrite } from "../../unknown.ts";
import { readVarint, writeVarint } from "../varint.ts";
import type { Decoding } from "./decoding.ts";
import type { Encoding } from "./encoding.ts";
import type { FieldCodec } from "./field.ts";
import { unknownField } from "./unknown.ts";
import { keyLength, keyOf, readUnknownBody, tagOf, type WireType } from "./wire.ts";

export interface MessageMember {
  readonly name: string;
  /** One for a field, any number for a oneof. */
  readonly variants: readonly MemberVariant[];
  readonly isOneof: boolean;
}

export interface MemberVariant {
  readonly tag: number;
  readonly field: FieldCodec;
  /** Property of the message. */
  readonly member: string;
  /** Name of the oneof's variant, undefined for a field. */
  readonly variant: string | undefined;
  readonly path: readonly string[];
}

/** A field that will be written. Unknown ones have no path of their own. */
interface Part {
  readonly tag: number;
  readonly field: FieldCodec;
  readonly value: unknown;
  readonly path: readonly string[];
}

interface FieldPlace {
  readonly tag: number;
  readonly wireType: WireType;
  /** The same tag as the field before. */
  readonly isRepeated: boolean;
  readonly start: number;
}

type DraftMessage = Record<string, unknown>;

export class MessageCodec {
  readonly #shape: MessageShape;
  #members: readonly MessageMember[] = [];
  /** By member: its variants by name. */
  readonly #oneofs = new Map<string, ReadonlyMap<string, MemberVariant>>();
  readonly #byTag = new Map<number, MemberVariant>();
  /** Whether the written order depends on which variant of a oneof is set. */
  #isInterleaved = false;

  constructor(shape: MessageShape) {
    this.#shape = shape;
  }

  /** Separate from construction, because a message may contain itself. */
  define(members: readonly MessageMember[]): void {
    const lowest = (member: MessageMember): number =>
      Math.min(...member.variants.map(({ tag }) => tag));
    this.#members = [...members].sort((left, right) => lowest(left) - lowest(right));
    for (const member of this.#members) {
      for (const variant of member.variants) this.#byTag.set(variant.tag, variant);
      if (!member.isOneof) continue;
      const byName = member.variants.map((one) => [one.variant as string, one] as const);
      this.#oneofs.set(member.name, new Map(byName));
    }
    const tags = this.#members.flatMap(({ variants }) =>
      variants.map(({ tag }) => tag).sort((left, right) => left - right),
    );
    this.#isInterleaved = tags.some((tag, index) => tag < (tags[index - 1] ?? 0));
  }

  empty(): MessageValue {
    const message = this.#draft();
    this.#fillAbsent(message);
    return message;
  }

  isEmpty(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    const message = value as MessageValue;
    if (this.#unknownOf(message).length > 0) return false;
    return this.#members.every(({ name, variants, isOneof }) =>
      isOneof
        ? ownMember(message, name) === undefined
        : (variants[0] as MemberVariant).field.isAbsent(ownMember(message, name)),
    );
  }

  measureBody(value: unknown, encoding: Encoding): number {
    const place = encoding.reserveOrder();
    const parts = this.#partsOf(value);
    encoding.setOrder(place, parts);
    let length = 0;
    let previous = 0;
    for (const part of parts) {
      try {
        length += keyLength(part.tag - previous) + part.field.measure(part.value, encoding);
      } catch (error) {
        throw located(error, part.path);
      }
      previous = part.tag;
    }
    return length;
  }

  writeBody(writer: ByteWriter, encoding: Encoding): void {
    let previous = 0;
    for (const { tag, field, value } of encoding.takeOrder() as readonly Part[]) {
      writeVarint(writer, keyOf(tag - previous, field.wireType));
      field.write(value, writer, encoding);
      previous = tag;
    }
  }

  #draft(): DraftMessage {
    const message = (this.#shape.tuple ? [] : {}) as DraftMessage;
    for (const { name } of this.#members) message[name] = undefined; // One hidden class for all.
    return message;
  }

  /** Reads to the end of the present region. */
  readBody(decoding: Decoding): MessageValue {
    const { reader } = decoding;
    const message = this.#draft();
    const unknown: UnknownField[] = [];
    let at: FieldPlace = { tag: 0, wireType: 0, isRepeated: false, start: reader.offset };
    let isFirst = true;
    while (reader.remaining > 0) {
      at = readKey(reader, at.tag, isFirst);
      isFirst = false;
      const known = this.#byTag.get(at.tag);
      if (known === undefined) unknown.push(readUnknown(decoding, at, unknown.length));
      else readKnown(decoding, at, known, message);
    }
    this.#fillAbsent(message);
    if (unknown.length === 0) return message;
    const { version } = this.#shape;
    return attachUnknown(message, { format: "bilrost", version, fields: unknown });
  }

  #partsOf(value: unknown): readonly Part[] {
    if (typeof value !== "object" || value === null) {
      throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: message needed`);
    }
    if (this.#shape.tuple) checkTuple(this.#shape, value);
    const message = value as MessageValue;
    const parts: Part[] = [];
    for (const member of this.#members) {
      const found = ownMember(message, member.name);
      const part = member.isOneof
        ? this.#partOfOneof(member.name, found)
        : partOfField(member, found);
      if (part !== undefined) parts.push(part);
    }
    const unknown = this.#unknownOf(message);
    if (unknown.length > 0) return this.#mergeByTag(parts, unknown);
    return this.#isInterleaved ? parts.sort(byTag) : parts;
  }

  #partOfOneof(name: string, value: unknown): Part | undefined {
    if (value === undefined) return undefined;
    const chosen = value as { readonly case?: unknown; readonly value?: unknown } | null;
    const wanted = chosen?.case;
    const variant = this.#oneofs.get(name)?.get(wanted as string);
    if (variant === undefined) {
      throw located(noVariant(wanted), [name]);
    }
    return { ...variant, value: chosen?.value };
  }

  #unknownOf(message: MessageValue): readonly UnknownField[] {
    return unknownToWrite(message, "bilrost", this.#shape)?.fields ?? [];
  }

  #mergeByTag(parts: readonly Part[], unknown: readonly UnknownField[]): readonly Part[] {
    const added = unknown.map((one) => ({ ...unknownPart(one), value: undefined }));
    const known = added.find(({ tag }) => this.#byTag.has(tag));
    if (known !== undefined) {
      const problem = `Cannot encode unknown field ${known.tag}: the schema knows this tag`;
      throw new EncodeError("UnexpectedlyRepeated", problem);
    }
    return [...parts, ...added].sort(byTag); // Stable, so repeats keep their order.
  }

  #fillAbsent(message: DraftMessage): void {
    for (const { name, variants, isOneof } of this.#members) {
      if (isOneof || message[name] !== undefined) continue;
      message[name] = (variants[0] as MemberVariant).field.empty();
    }
  }
}

function readKey(reader: ByteReader, previous: number, isFirst: boolean): FieldPlace {
  const start = reader.offset;
  const key = readVarint(reader);
  const tag = tagOf(key, previous, start);
  const wireType = (Number(key) % 4) as WireType; // Exact: a key above 2^53 was refused just now.
  return { tag, wireType, isRepeated: !isFirst && tag === previous, start };
}

function readUnknown(decoding: Decoding, at: FieldPlace, count: number): UnknownField {
  decoding.hasExtension(at.tag, at.start);
  decoding.checkCount(count);
  const body = readUnknownBody(decoding, at.wireType);
  return { key: at.tag, wireType: at.wireType, body };
}

function readKnown(
  decoding: Decoding,
  at: FieldPlace,
  known: MemberVariant,
  message: DraftMessage,
): void {
  try {
    refuseSecond(at, known, message);
    const value = known.field.read(decoding, at.wireType);
    message[known.member] = known.variant === undefined ? value : { case: known.variant, value };
  } catch (error) {
    throw located(error, known.path);
  }
}

/** Comes before the check of the wire type. */
function refuseSecond(at: FieldPlace, known: MemberVariant, message: DraftMessage): void {
  if (known.variant !== undefined) {
    const present = message[known.member] as { readonly case: string } | undefined;
    if (present === undefined) return;
    if (present.case !== known.variant) {
      const problem = `Cannot read variant: "${present.case}" of the same oneof is there already`;
      throw new DecodeError("ConflictingFields", problem, at.start);
    }
  } else if (!at.isRepeated) return;
  throw new DecodeError("UnexpectedlyRepeated", "Cannot read field a second time", at.start);
}

function checkTuple({ members }: MessageShape, value: object): void {
  if (Array.isArray(value) && value.length === members.length) return;
  const problem = `Cannot encode tuple: an array of ${members.length} needed`;
  throw new EncodeError("InvalidValue", problem);
}

function partOfField({ variants }: MessageMember, value: unknown): Part | undefined {
  const variant = variants[0] as MemberVariant;
  return variant.field.isAbsent(value) ? undefined : { ...variant, value };
}

function unknownPart(unknown: UnknownField): Omit<Part, "value"> {
  const field = unknownField(unknown);
  return { tag: field.tag, field, path: [] };
}

function byTag(left: Part, right: Part): number {
  return left.tag - right.tag;
}
