export {
  type BilrostCodec,
  type BilrostFormat,
  bilrost,
  type DelimitedMessage,
  type Distinguished,
  type DistinguishedOptions,
} from "./bilrost.ts";
export type { Canonicity } from "./decoding.ts";
export { readVarint, varintLength, writeVarint } from "./varint.ts";
