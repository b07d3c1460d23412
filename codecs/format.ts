/**
 * One interface for all formats. A format turns shapes into codecs and knows nothing of versions:
 * lineage is resolved before (see `protocol`).
 *
 * Values: bool, number or bigint, string, Uint8Array, enumeration as its variant name (or
 * `unknown(7)`), list as array, map as `Map`, message as object, oneof as `{ case, value }` or
 * undefined, an absent optional as undefined. A decoded message holds every implicit field.
 */
import type { Limits } from "./limits.ts";
import type { MessageShape } from "./schema/shape.ts";

export type FormatName = "msgpack" | "protobuf" | "bilrost";

export interface Format {
  readonly name: FormatName;
  compile(shape: MessageShape, limits: Limits): Codec;
}

export interface DecodeOptions {
  /** Payload bytes are views into the input unless a copy is asked for. */
  readonly copy?: boolean;
}

export interface Codec<T = MessageValue> {
  /** Throws `EncodeError` before any byte is written; missing implicit fields count as empty. */
  encode(value: T): Uint8Array<ArrayBuffer>;
  /** Throws `DecodeError`, and nothing else, whatever the bytes. */
  decode(bytes: Uint8Array, options?: DecodeOptions): T;
}

export type MessageValue = {
  readonly [field: string]: unknown;
  readonly [UNKNOWN]?: UnknownFields;
};

/**
 * Fields that the reader's schema does not know, kept on the decoded message so that
 * read-modify-write loses nothing (law 8). The property is not enumerable, so spreading a message
 * into a new one forgets them: use `withUnknown(next, previous)`.
 */
export const UNKNOWN: unique symbol = Symbol.for("wirespan.unknown");

export interface UnknownFields {
  /** They can be written back only in the format they came in. */
  readonly format: FormatName;
  /** `MessageShape.version` of the reader; another version may use the same key for something else. */
  readonly version?: number | undefined;
  readonly fields: readonly UnknownField[];
}

export interface UnknownField {
  /** Tag, or the key of a string-keyed map. */
  readonly key: number | string;
  /** Wire type of the binary formats, 0 in MessagePack. */
  readonly wireType: number;
  /** The field's body as it stood on the wire, without the key and (for wire type "length-delimited") without the length. */
  readonly body: Uint8Array;
}
