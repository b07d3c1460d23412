/** Rewrites value JSON (as codec hosts speak it) into what each peer wants, before any clock runs. */
import type {
  EnumerationDescription,
  FieldDescription,
  MessageDescription,
  TypeDescription,
  VersionDescription,
} from "../../compat-matrix/index.ts";

/** What a peer does differently from plain objects. */
export interface Style {
  readonly enumeration: "name" | "number";
  readonly map: "Map" | "object";
  /** `flat`: a property per variant, as protobuf does. `union`: one property holding a wrapped record, as Avro does. */
  readonly oneof: "flat" | "union";
  /** Absent optionals: left out, or there as null. */
  readonly absent: "omit" | "null";
}

export function convertMessage(
  version: VersionDescription,
  name: string,
  value: unknown,
  style: Style,
): Record<string, unknown> {
  const object = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const member of messageOf(version, name).members) {
    const found = object[member.name];
    if (member.kind === "oneof") {
      convertOneof(version, member, found, style, result);
    } else if (found !== undefined && found !== null) {
      result[member.name] = convert(version, member.type, found, style);
    } else if (style.absent === "null") {
      result[member.name] = null;
    }
  }
  return result;
}

function convertOneof(
  version: VersionDescription,
  oneof: { readonly name: string; readonly variants: readonly FieldDescription[] },
  found: unknown,
  style: Style,
  result: Record<string, unknown>,
): void {
  const chosen = found as { case: string; value: unknown } | null | undefined;
  const variant = oneof.variants.find(({ name }) => name === chosen?.case);
  if (!chosen || !variant) {
    if (style.absent === "null") result[oneof.name] = null;
    return;
  }
  const value = convert(version, variant.type, chosen.value, style);
  if (style.oneof === "flat") result[variant.name] = value;
  else result[oneof.name] = { [`${oneof.name}_${variant.name}`]: { [variant.name]: value } };
}

function convert(
  version: VersionDescription,
  type: TypeDescription,
  value: unknown,
  style: Style,
): unknown {
  switch (type.kind) {
    case "bytes":
      return Buffer.from((value as { hex: string }).hex, "hex");
    case "enumeration":
      return style.enumeration === "name" ? value : enumNumber(version, type.name, value as string);
    case "message":
      return convertMessage(version, type.name, value, style);
    case "list":
      return (value as unknown[]).map((item) => convert(version, type.item, item, style));
    case "map": {
      const pairs = (value as [unknown, unknown][]).map(
        ([key, item]) => [key, convert(version, type.value, item, style)] as const,
      );
      return style.map === "Map" ? new Map(pairs) : Object.fromEntries(pairs);
    }
    default:
      return value;
  }
}

export function messageOf(version: VersionDescription, name: string): MessageDescription {
  const found = version.messages.find((message) => message.name === name);
  if (!found) throw new Error(`Cannot find message ${name} in wire version ${version.version}`);
  return found;
}

export function enumerationOf(version: VersionDescription, name: string): EnumerationDescription {
  const found = version.enumerations.find((enumeration) => enumeration.name === name);
  if (!found) throw new Error(`Cannot find enumeration ${name} in version ${version.version}`);
  return found;
}

function enumNumber(version: VersionDescription, name: string, variant: string): number {
  const known = enumerationOf(version, name).variants.find((entry) => entry.name === variant);
  return known ? known.number : Number(/\d+/.exec(variant)?.[0] ?? 0);
}
