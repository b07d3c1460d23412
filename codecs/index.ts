export {
  type Batch,
  type BilrostCodec,
  type BilrostFormat,
  bilrost,
  type Canonicity,
  type Column,
  type ColumnReader,
  type ColumnsOptions,
  type CompileOptions,
  columns,
  compile as compileBilrost,
  type DelimitedMessage,
  type Distinguished,
  type DistinguishedOptions,
  decodeOpaque,
  encodeOpaque,
  fromGenerated,
  type GeneratedModuleOptions,
  generatedModule,
  type OpaqueField,
} from "./bilrost/index.ts";
export type {
  EnumerationDescription,
  FieldDescription,
  MemberDescription,
  MessageDescription,
  OneofDescription,
  Surface,
  TypeDescription,
  VersionDescription,
} from "./description.ts";
export { DecodeError, type DecodeErrorCode, EncodeError, type EncodeErrorCode } from "./errors.ts";
export {
  type Codec,
  type DecodeOptions,
  type Format,
  type FormatName,
  type MessageValue,
  UNKNOWN,
  type UnknownField,
  type UnknownFields,
} from "./format.ts";
export {
  type FormatGuess,
  guessFormat,
  type Inspection,
  type InspectNode,
  type InspectOptions,
  type InspectProblem,
  inspect,
  piece,
  piecesOf,
  type Reading,
} from "./inspect/index.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { messagepack } from "./messagepack/format.ts";
export { protobuf } from "./protobuf/format.ts";
export { toProto } from "./protobuf/to-proto.ts";
export {
  type Encoded,
  Protocol,
  type ProtocolMessage,
  type ProtocolOptions,
  protocol,
  type WireVersion,
} from "./protocol.ts";
export {
  type EnumerationDefinition,
  enumeration,
  type UnknownVariant,
  variant,
} from "./schema/enumeration.ts";
export { SchemaError } from "./schema/errors.ts";
export {
  bigInt64,
  bigUint64,
  bool,
  bytes,
  Field,
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
} from "./schema/field.ts";
export { MessageDefinition, message, oneof, type Value } from "./schema/message.ts";
export type { Loss } from "./schema/project.ts";
export {
  type EnumerationShape,
  type FieldShape,
  type IntegerShape,
  type MessageReference,
  type MessageShape,
  type OneofShape,
  rangeShape,
  type Shape,
  tupleShape,
} from "./schema/shape.ts";
export {
  emptyTime,
  type NamedPart,
  TIME_TYPES,
  type TimePart,
  type TimeType,
  type TimeValue,
  timeParts,
} from "./schema/time.ts";
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
} from "./schema/types.ts";
export { countUnknown, withUnknown } from "./unknown.ts";
export {
  fromHex,
  type JsonObject,
  messageFromJson,
  messageToJson,
  timeToJson,
  toHex,
} from "./value-json.ts";
