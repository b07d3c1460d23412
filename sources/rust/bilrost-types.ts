/** The messages of the crate bilrost-types, which every user of it has. */
import type { FieldShape, MessageShape, Shape } from "../../codecs/index.ts";
import type { BilrostTypesName } from "./known-types.ts";

/** The one member of a message that is derived on a oneof's enum, which has no name of its own in Rust. */
export const ONEOF_MEMBER = "value";

type Integers = "number" | "bigint";

export function bilrostTypesMessage(name: BilrostTypesName, integers64: Integers): MessageShape {
  const messages = integers64 === "bigint" ? WITH_BIGINTS : WITH_NUMBERS;
  return messages[name];
}

const WITH_BIGINTS = messagesWith("bigint");
const WITH_NUMBERS = messagesWith("number");

function messagesWith(as: Integers): Readonly<Record<BilrostTypesName, MessageShape>> {
  const span: MessageShape["members"] = [
    field("seconds", 1, { kind: "integer", signed: true, bits: 64, encoding: "varint", as }),
    field("nanos", 2, { kind: "integer", signed: true, bits: 32, encoding: "fixed", as: "number" }),
  ];
  const own: FieldShape[] = [];
  const value: MessageShape = {
    name: "Value",
    members: [{ kind: "oneof", name: ONEOF_MEMBER, variants: own }],
  };
  const reference: Shape = { kind: "message", message: () => value };
  const struct: MessageShape = {
    name: "StructValue",
    members: [field("fields", 1, { kind: "map", key: { kind: "string" }, value: reference })],
  };
  const list: MessageShape = {
    name: "ListValue",
    members: [field("values", 1, { kind: "list", item: reference, packed: true })],
  };
  const variants: [string, Shape][] = [
    ["Float", { kind: "float", bits: 64 }],
    ["Signed", { kind: "integer", signed: true, bits: 64, encoding: "varint", as }],
    ["Unsigned", { kind: "integer", signed: false, bits: 64, encoding: "varint", as }],
    ["String", { kind: "string" }],
    ["Bool", { kind: "bool" }],
    ["Struct", { kind: "message", message: () => struct }],
    ["List", { kind: "message", message: () => list }],
  ];
  for (const [at, [name, type]] of variants.entries()) {
    own.push({ ...field(name, at + 1, type), presence: "optional" });
  }
  return {
    Timestamp: { name: "Timestamp", members: span },
    Duration: { name: "Duration", members: span },
    Value: value,
    StructValue: struct,
    ListValue: list,
  };
}

function field(name: string, number: number, type: Shape): FieldShape {
  return { kind: "field", name, number, type, presence: "implicit" };
}
