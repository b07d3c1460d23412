/** Turns shapes into codecs once, so that no schema is looked up per message. */
import { assert } from "../../../base/index.ts";
import { keyOrderOf } from "../../schema/key-order.ts";
import type {
  FieldShape,
  ListShape,
  MessageReference,
  MessageShape,
  OneofShape,
  Shape,
} from "../../schema/shape.ts";
import { varintLength, writeVarint } from "../varint.ts";
import { enumerationCodec } from "./enumeration.ts";
import {
  explicitField,
  type FieldCodec,
  packedListField,
  plainField,
  unpackedListField,
} from "./field.ts";
import { integerCodec } from "./integer.ts";
import { type ListParts, packedListCodec } from "./list.ts";
import { mapCodec } from "./map.ts";
import { MessageCodec, type MessageMember } from "./message.ts";
import { boolCodec, bytesCodec, floatCodec, stringCodec } from "./scalar.ts";
import { timeCodec } from "./time.ts";
import type { ValueCodec } from "./value-codec.ts";
import { LENGTH_DELIMITED, readLength, TAG_MAX } from "./wire.ts";

export function compileMessage(shape: MessageShape): MessageCodec {
  return new Compiler().message(shape);
}

/** One value by itself, as an item or behind its key. */
export function compileValue(shape: Shape): ValueCodec {
  return new Compiler().value(shape);
}

class Compiler {
  readonly #done = new Map<MessageShape, MessageCodec>();

  message(shape: MessageShape): MessageCodec {
    const before = this.#done.get(shape);
    if (before !== undefined) return before;
    assertSound(shape);
    const codec = new MessageCodec(shape);
    this.#done.set(shape, codec);
    codec.define(shape.members.map((member) => this.#member(member)));
    return codec;
  }

  #member(member: FieldShape | OneofShape): MessageMember {
    const { name } = member;
    if (member.kind === "field") {
      const field =
        member.presence === "implicit" ? this.#plain(member.type) : this.#explicit(member, true);
      const variant = { tag: member.number, field, member: name, variant: undefined, path: [name] };
      return { name, isOneof: false, variants: [variant] };
    }
    const variants = member.variants.map((variant) => ({
      tag: variant.number,
      field: this.#explicit(variant, false),
      member: name,
      variant: variant.name,
      path: [name, variant.name],
    }));
    return { name, isOneof: true, variants };
  }

  #plain(type: Shape): FieldCodec {
    if (type.kind !== "list") {
      const value = this.value(type);
      if (type.kind === "enumeration" || type.kind === "integer") value.empty(); // Throws now if there is none.
      return plainField(value);
    }
    const parts = this.#list(type);
    return type.packed ? packedListField(parts) : unpackedListField(parts);
  }

  #explicit({ type }: FieldShape, mayUnpack: boolean): FieldCodec {
    if (mayUnpack && type.kind === "list" && type.length !== undefined && !type.packed) {
      return unpackedListField(this.#list(type), true);
    }
    return explicitField(this.value(type));
  }

  #list({ item, length, set }: ListShape): ListParts {
    return { item: this.value(item), length, order: set ? keyOrderOf(item) : undefined };
  }

  value(shape: Shape): ValueCodec {
    switch (shape.kind) {
      case "bool":
        return boolCodec;
      case "integer":
        return integerCodec(shape);
      case "float":
        return floatCodec(shape);
      case "string":
        return stringCodec;
      case "bytes":
        return bytesCodec(shape);
      case "enumeration":
        return enumerationCodec(shape.enumeration);
      case "list":
        return packedListCodec(this.#list(shape));
      case "map":
        return mapCodec({
          key: this.value(shape.key),
          value: this.value(shape.value),
          order: keyOrderOf(shape.key),
        });
      case "message":
        return messageValueCodec(this.message(shape.message()), shape);
      case "time":
        return timeCodec(shape.type, (one) => this.value(one));
    }
  }
}

/** A nested message: length, then body. The recursion limit comes before the length is looked at. */
function messageValueCodec(codec: MessageCodec, reference: MessageReference): ValueCodec {
  const isCounted = reference.uncounted !== true;
  return {
    wireType: LENGTH_DELIMITED,
    empty: () => codec.empty(),
    isEmpty: (value) => codec.isEmpty(value),
    measure(value, encoding) {
      if (isCounted) encoding.enterMessage();
      const place = encoding.reserveLength();
      const length = codec.measureBody(value, encoding);
      encoding.setLength(place, length);
      if (isCounted) encoding.leaveMessage();
      return varintLength(length) + length;
    },
    write(_value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      codec.writeBody(writer, encoding);
    },
    read(decoding) {
      if (isCounted) decoding.enterMessage();
      const outer = decoding.reader.narrow(readLength(decoding));
      const value = codec.readBody(decoding);
      decoding.reader.widen(outer);
      if (isCounted) decoding.leaveMessage();
      return value;
    },
  };
}

/** What the schema language promises; a shape made by hand gets the same questions. */
function assertSound(shape: MessageShape): void {
  const fields = shape.members.flatMap((member) =>
    member.kind === "field" ? [member] : member.variants,
  );
  const tags = new Set<number>();
  for (const { name, number } of fields) {
    const isTag = Number.isInteger(number) && number >= 0 && number <= TAG_MAX;
    assert(isTag, `${shape.name}.${name} has a tag of 32 bits`);
    assert(!tags.has(number), `${shape.name}.${name} has a tag of its own: ${number}`);
    tags.add(number);
  }
  for (const { name } of shape.members) {
    assert(name !== "__proto__", `${shape.name} has no field that changes its prototype`);
  }
  assertFinite(shape, new Set());
}

/** An absent plain field reads as its empty value, so one that holds itself would have no end. */
function assertFinite(shape: MessageShape, around: ReadonlySet<MessageShape>): void {
  assert(!around.has(shape), `${shape.name} does not hold itself in a plain field`);
  const within = new Set([...around, shape]);
  for (const member of shape.members) {
    if (member.kind === "oneof" || member.presence === "optional") continue;
    if (member.type.kind === "message") assertFinite(member.type.message(), within);
  }
}
