/**
 * Bilrost by itself: `compile` a message of the schema language into a codec. Both engines, all modes,
 * segments for vectored writes, columns for batches, and the view without a schema.
 */

export { DecodeError, type DecodeErrorCode, EncodeError, type EncodeErrorCode } from "../errors.ts";
export { type DecodeOptions, type MessageValue, UNKNOWN, type UnknownFields } from "../format.ts";
export { DEFAULT_LIMITS, type Limits } from "../limits.ts";
export { enumeration, variant } from "../schema/enumeration.ts";
export { SchemaError } from "../schema/errors.ts";
export {
  bigInt64,
  bigUint64,
  bool,
  bytes,
  field,
  fixed32,
  fixed64,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  list,
  map,
  optional,
  packed,
  sfixed32,
  sfixed64,
  string,
  uint8,
  uint16,
  uint32,
  uint64,
} from "../schema/field.ts";
export { type MessageDefinition, message, oneof, type Value } from "../schema/message.ts";
export type { MessageShape, Shape } from "../schema/shape.ts";
export type { TimeType, TimeValue } from "../schema/time.ts";
export {
  arrayOf,
  byteArray,
  fixedBytes,
  float32Bits,
  float64Bits,
  listOf,
  mapOf,
  nonZero,
  packedArrayOf,
  packedOf,
  packedSetOf,
  rangeOf,
  setOf,
  time,
  tupleOf,
} from "../schema/types.ts";
export { countUnknown, withUnknown } from "../unknown.ts";
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
export type { Batch, Column, ColumnReader } from "./columns/batch.ts";
export { type ColumnsOptions, columns } from "./columns/columns.ts";
export {
  fromGenerated,
  type GeneratedCode,
  type GeneratedModuleOptions,
  generatedModule,
} from "./compiler/generated.ts";
export type { Canonicity } from "./interpreter/decoding.ts";
export { decodeOpaque, encodeOpaque, type OpaqueField } from "./opaque.ts";
export { type AnyList, type AnyStruct, type AnyValue, bilrostTypes } from "./types.ts";
