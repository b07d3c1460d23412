/**
 * Prints a wire version as a .proto text, for specifications and for programs that speak protobuf
 * already. It needs the description only, so a frozen release can be printed as well.
 *
 * Names stay as they are (camelCase). Two things have no word in the language and are printed as the
 * message that is on the wire: a map with a key of another type than .proto allows, as a list of
 * entries; a variant name that a message uses twice, with the name of its oneof before it.
 */
import type {
  EnumerationDescription,
  FieldDescription,
  MessageDescription,
  OneofDescription,
  TypeDescription,
  VersionDescription,
} from "../description.ts";
import { SchemaError } from "../schema/errors.ts";

type MapType = Extract<TypeDescription, { kind: "map" }>;
type IntegerType = Extract<TypeDescription, { kind: "integer" }>;

export function toProto(version: VersionDescription): string {
  const blocks = [
    'syntax = "proto3";',
    ...version.enumerations.map(printEnumeration),
    ...version.messages.map(printMessage),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The first variant must be 0 in proto3, so one is added where there is none. */
function printEnumeration({ name, variants, open }: EnumerationDescription): string {
  const prefix = upperSnake(name);
  const lines = variants.map(({ name: variant, number }) => {
    return `  ${prefix}_${upperSnake(variant)} = ${number};`;
  });
  const zero = variants.findIndex(({ number }) => number === 0);
  const [first] = zero < 0 ? [`  ${prefix}_UNSPECIFIED_ZERO = 0;`] : lines.splice(zero, 1);
  const note = open ? "" : "// Closed: any other number is refused.\n";
  return `${note}enum ${name} {\n${[first, ...lines].join("\n")}\n}`;
}

function upperSnake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();
}

function printMessage({ name, members }: MessageDescription): string {
  const names = new MemberNames(members.flatMap(namesOf));
  const entries: string[] = [];
  const lines = members.flatMap((member) =>
    member.kind === "oneof"
      ? printOneof(member, names)
      : [`  ${printField(member, member.name, entries)}`],
  );
  return `message ${name} {\n${[...entries, ...lines].join("\n")}\n}`;
}

function namesOf(member: FieldDescription | OneofDescription): string[] {
  if (member.kind === "field") return [member.name];
  return [member.name, ...member.variants.map(({ name }) => name)];
}

/** In .proto a oneof, its variants and the fields beside it share one namespace. */
class MemberNames {
  readonly #repeated: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#repeated = new Set(names.filter((name, place) => names.indexOf(name) !== place));
  }

  ofVariant(oneof: string, variant: string): string {
    return this.#repeated.has(variant) ? `${oneof}_${variant}` : variant;
  }
}

function printOneof({ name, variants }: OneofDescription, names: MemberNames): string[] {
  const lines = variants.map(
    (variant) =>
      `    ${typeName(variant.type)} ${names.ofVariant(name, variant.name)} = ${variant.number};`,
  );
  return [`  oneof ${name} {`, ...lines, "  }"];
}

function printField(field: FieldDescription, name: string, entries: string[]): string {
  const { type, number, presence } = field;
  if (type.kind === "list") {
    const packable = !["string", "bytes", "message"].includes(type.item.kind);
    const option = packable ? ` [packed = ${type.packed}]` : "";
    return `repeated ${typeName(type.item)} ${name} = ${number}${option};`;
  }
  if (type.kind === "map") return printMap(type, name, number, entries);
  const label = presence === "optional" ? "optional " : "";
  return `${label}${typeName(type)} ${name} = ${number};`;
}

function printMap(type: MapType, name: string, number: number, entries: string[]): string {
  const [key, value] = [typeName(type.key), typeName(type.value)];
  if (["bool", "string", "integer"].includes(type.key.kind)) {
    return `map<${key}, ${value}> ${name} = ${number};`;
  }
  const entry = `${name[0]?.toUpperCase()}${name.slice(1)}Entry`;
  entries.push(`  message ${entry} {\n    ${key} key = 1;\n    ${value} value = 2;\n  }`);
  return `repeated ${entry} ${name} = ${number};`;
}

function typeName(type: TypeDescription): string {
  switch (type.kind) {
    case "bool":
    case "string":
    case "bytes":
      return type.kind;
    case "integer":
      return integerName(type);
    case "float":
      return type.bits === 32 ? "float" : "double";
    case "enumeration":
    case "message":
      return type.name;
    default:
      throw new SchemaError(`Cannot print a ${type.kind} inside another type as .proto`);
  }
}

/** Protobuf has no integers below 32 bits; the bytes are the same. */
function integerName({ signed, bits, encoding }: IntegerType): string {
  const width = bits === 64 ? 64 : 32;
  if (encoding === "fixed") return `${signed ? "sfixed" : "fixed"}${width}`;
  return `${signed ? "sint" : "uint"}${width}`;
}
