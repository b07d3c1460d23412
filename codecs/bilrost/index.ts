export {
  type BilrostCodec,
  type BilrostFormat,
  bilrost,
  type DelimitedMessage,
  type Distinguished,
  type DistinguishedOptions,
} from "./bilrost.ts";
export type { Canonicity } from "./interpreter/decoding.ts";
export { decodeOpaque, encodeOpaque, type OpaqueField } from "./opaque.ts";
export { readVarint, varintLength, writeVarint } from "./varint.ts";
