/** Bilrost by itself: everything a program needs to read and write it, and the schema language. */
export {
  type BilrostFormat,
  bilrost,
  type CompileOptions,
  compile,
} from "./bilrost.ts";
export type {
  BilrostCodec,
  DelimitedMessage,
  Distinguished,
  DistinguishedOptions,
} from "./codec.ts";
export type { Canonicity } from "./interpreter/decoding.ts";
export { decodeOpaque, encodeOpaque, type OpaqueField } from "./opaque.ts";
export { readVarint, varintLength, writeVarint } from "./varint.ts";
