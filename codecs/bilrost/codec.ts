/** What a Bilrost codec offers beyond the interface that all formats share. */
import type { Codec, DecodeOptions, MessageValue } from "../format.ts";
import type { Canonicity } from "./interpreter/decoding.ts";

export interface DistinguishedOptions extends DecodeOptions {
  /** Anything less canonical is refused: `NotCanonical` or `UnknownField`. Default: nothing is. */
  readonly minimum?: Canonicity;
}

export interface Distinguished<T = MessageValue> {
  readonly value: T;
  readonly canonicity: Canonicity;
}

export interface DelimitedMessage<T = MessageValue> extends Distinguished<T> {
  /** Bytes of the frame; what follows belongs to someone else. */
  readonly consumed: number;
}

export interface BilrostCodec<T = MessageValue> extends Codec<T> {
  /** `interpreted` also where the runtime forbids code generation. */
  readonly engine: "compiled" | "interpreted";
  /**
   * The bytes are the caller's. Small results are views of a larger buffer that is never written again
   * where they are; copy one with `slice` to keep it for long.
   */
  encode(value: T): Uint8Array<ArrayBuffer>;
  /**
   * Writes from `offset` on and returns the position behind. Throws `EncodeError`, also when there is
   * no room (`LimitExceeded`); what then stands behind `offset` means nothing.
   */
  encodeInto(value: T, target: Uint8Array, offset?: number): number;
  /**
   * The same bytes as `encode` in parts, for vectored writes: payloads of 1 KiB and more are the
   * caller's own buffers, not copies.
   */
  encodeSegments(value: T): Uint8Array[];
  /** The body behind its length, as in a stream of messages (§17 of the specification). */
  encodeDelimited(value: T): Uint8Array<ArrayBuffer>;
  /** A message inside a larger buffer, without a view of its own. Offsets of errors count from `start`. */
  decodeRange(bytes: Uint8Array, start: number, end: number, options?: DecodeOptions): T;
  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished<T>;
  decodeDelimited(bytes: Uint8Array, options?: DistinguishedOptions): DelimitedMessage<T>;
}
