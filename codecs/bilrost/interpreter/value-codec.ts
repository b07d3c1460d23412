import type { ByteWriter } from "../../byte-writer.ts";
import type { Decoding } from "./decoding.ts";
import type { Encoding } from "./encoding.ts";
import type { WireType } from "./wire.ts";

/** How a value is a field's body; the body of a length-delimited value begins with its length. */
export interface ValueCodec {
  readonly wireType: WireType;
  /** Bytes of every value, for the types where it is always the same. */
  readonly fixedSize?: 4 | 8;
  /**
   * What makes a plain field superfluous on the wire. A length-delimited body is empty when it has no
   * bytes, unless this is set: then, as for all other wire types, the value decides.
   */
  readonly emptyByValue?: true;
  /** What a plain field reads as when it is absent. Throws for a type that has no empty value. */
  empty(): unknown;
  /** Never throws: a value of the wrong type is not empty, and `measure` will say so. */
  isEmpty(value: unknown): boolean;
  /** Bytes of the body. Throws `EncodeError` when the value cannot be expressed. */
  measure(value: unknown, encoding: Encoding): number;
  write(value: unknown, writer: ByteWriter, encoding: Encoding): void;
  read(decoding: Decoding): unknown;
}
