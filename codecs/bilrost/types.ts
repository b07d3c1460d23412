/**
 * The messages of the crate `bilrost-types` (§16 of the specification). A `Value` is any JSON; its
 * empty state, no kind set, is null.
 */
import {
  bigInt64,
  bigUint64,
  bool,
  field,
  float64,
  map,
  packed,
  sfixed32,
  string,
} from "../schema/field.ts";
import { type MessageDefinition, message, oneof } from "../schema/message.ts";

interface Span {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Since the epoch; nanos from 0 to 999,999,999 count up. Not the bytes of Rust's `SystemTime`. */
const Timestamp: MessageDefinition<Span> = message("Timestamp", {
  seconds: bigInt64(1),
  nanos: sfixed32(2),
});

/** Seconds and nanos of one sign. Not the bytes of Rust's own `Duration`. */
const Duration: MessageDefinition<Span> = message("Duration", {
  seconds: bigInt64(1),
  nanos: sfixed32(2),
});

export interface AnyValue {
  readonly kind?:
    | { readonly case: "float"; readonly value: number }
    | { readonly case: "signed" | "unsigned"; readonly value: bigint }
    | { readonly case: "string"; readonly value: string }
    | { readonly case: "bool"; readonly value: boolean }
    | { readonly case: "struct"; readonly value: AnyStruct }
    | { readonly case: "list"; readonly value: AnyList }
    | undefined;
}

export interface AnyStruct {
  readonly fields: ReadonlyMap<string, AnyValue>;
}

export interface AnyList {
  readonly values: readonly AnyValue[];
}

const Value: MessageDefinition<AnyValue> = message("Value", {
  kind: oneof({
    float: float64(1),
    signed: bigInt64(2),
    unsigned: bigUint64(3),
    string: string(4),
    bool: bool(5),
    struct: field(6, (): MessageDefinition<AnyStruct> => StructValue),
    list: field(7, (): MessageDefinition<AnyList> => ListValue),
  }),
}) as MessageDefinition<AnyValue>;

const StructValue: MessageDefinition<AnyStruct> = message("StructValue", {
  fields: map(1, string, () => Value),
});

const ListValue: MessageDefinition<AnyList> = message("ListValue", {
  values: packed(1, () => Value),
});

export const bilrostTypes: {
  readonly Timestamp: MessageDefinition<Span>;
  readonly Duration: MessageDefinition<Span>;
  readonly Value: MessageDefinition<AnyValue>;
  readonly StructValue: MessageDefinition<AnyStruct>;
  readonly ListValue: MessageDefinition<AnyList>;
} = { Timestamp, Duration, Value, StructValue, ListValue };
