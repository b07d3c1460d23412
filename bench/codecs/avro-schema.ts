/** An Avro schema for a message: records with every field, unions for what may be absent. */
import type { Schema } from "avsc";
import type {
  FieldDescription,
  TypeDescription,
  VersionDescription,
} from "../../compat-matrix/index.ts";
import { enumerationOf, messageOf } from "./convert.ts";

type Json = Record<string, unknown> | string | Json[];

export function avroSchema(version: VersionDescription, message: string): Schema {
  return record(version, message, new Set()) as Schema;
}

/** Avro defines a name once and refers to it afterwards. */
function record(version: VersionDescription, name: string, defined: Set<string>): Json {
  if (defined.has(name)) return name;
  defined.add(name);
  const fields = messageOf(version, name).members.map((member) => ({
    name: member.name,
    type:
      member.kind === "oneof"
        ? [
            "null",
            ...member.variants.map((variant) => wrapped(version, member.name, variant, defined)),
          ]
        : optionalIf(member.presence === "optional", avroType(version, member.type, defined)),
  }));
  return { type: "record", name, fields };
}

function optionalIf(optional: boolean, type: Json): Json {
  return optional ? ["null", type] : type;
}

/** A union holds each record type once, so that a variant is a record around its value. */
function wrapped(
  version: VersionDescription,
  oneof: string,
  variant: FieldDescription,
  defined: Set<string>,
): Json {
  return {
    type: "record",
    name: `${oneof}_${variant.name}`,
    fields: [{ name: variant.name, type: avroType(version, variant.type, defined) }],
  };
}

function avroType(version: VersionDescription, type: TypeDescription, defined: Set<string>): Json {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "integer":
      return type.bits < 32 ? "int" : "long";
    case "float":
      return type.bits === 32 ? "float" : "double";
    case "string":
    case "bytes":
      return type.kind;
    case "message":
      return record(version, type.name, defined);
    case "enumeration":
      return enumeration(version, type.name, defined);
    case "list":
      return { type: "array", items: avroType(version, type.item, defined) };
    case "map":
      return { type: "map", values: avroType(version, type.value, defined) };
  }
}

function enumeration(version: VersionDescription, name: string, defined: Set<string>): Json {
  if (defined.has(name)) return name;
  defined.add(name);
  return {
    type: "enum",
    name,
    symbols: enumerationOf(version, name).variants.map((variant) => variant.name),
  };
}
