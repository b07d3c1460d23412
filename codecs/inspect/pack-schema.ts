/** What a schema expects of a MessagePack value: messages are maps by name, maps are arrays of pairs. */
import type { FieldDescription, OneofDescription, TypeDescription } from "../description.ts";
import type { PackKind } from "./pack-scalar.ts";
import { type KnownMessage, placesOf, rangeOf, type SchemaView, typeName } from "./schema-view.ts";

/** A type, a message that is known already, or a oneof, which is a map of one pair. */
export type Expected = TypeDescription | KnownMessage | OneofDescription;

export function expectedName(expected: Expected): string {
  if (!("kind" in expected)) return expected.name;
  return expected.kind === "oneof" ? "oneof" : typeName(expected);
}

export function neededKind(expected: Expected): PackKind | undefined {
  if (!("kind" in expected) || expected.kind === "oneof") return "map";
  switch (expected.kind) {
    case "bool":
      return "a bool";
    case "integer":
    case "enumeration":
      return "an integer";
    case "float":
      return "a float";
    case "string":
      return "text";
    case "bytes":
      return "binary";
    case "message":
      return "map";
    case "list":
    case "map":
      return "array";
    default:
      return undefined;
  }
}

/** What stands under a name. */
export function memberOf(
  expected: Expected,
  name: string,
  schema: SchemaView | undefined,
): Expected | undefined {
  if ("kind" in expected && expected.kind === "oneof") return typeNamed(expected.variants, name);
  const members = messageOf(expected, schema)?.description.members ?? [];
  const member = members.find((one) => one.name === name);
  return member?.kind === "field" ? member.type : member;
}

function typeNamed(fields: readonly FieldDescription[], name: string): TypeDescription | undefined {
  return fields.find((one) => one.name === name)?.type;
}

function messageOf(expected: Expected, schema: SchemaView | undefined): KnownMessage | undefined {
  if (!("kind" in expected)) return expected;
  if (expected.kind === "message") return schema?.message(expected.name);
  if (expected.kind === "tuple") return placesOf("tuple", expected.items);
  return expected.kind === "range" ? rangeOf(expected.of) : undefined;
}

/** What stands in an array: items, or entries. */
export function partOf(
  expected: Expected,
): { item?: TypeDescription; entry?: readonly [TypeDescription, TypeDescription] } | undefined {
  if (!("kind" in expected)) return undefined;
  if (expected.kind === "list") return { item: expected.item };
  return expected.kind === "map" ? { entry: [expected.key, expected.value] } : undefined;
}
