/** Look-ups in the description of one wire version; a description itself is only lists. */
import type {
  EnumerationDescription,
  FieldDescription,
  HostDescription,
  MemberDescription,
  MessageDescription,
  TypeDescription,
  VersionDescription,
} from "./codec-host.ts";

export interface SchemaView {
  readonly version: number;
  readonly format: string;
  /** Messages that are encoded on their own, in declaration order. */
  readonly roots: readonly MessageDescription[];
  message(name: string): MessageDescription | undefined;
  enumeration(name: string): EnumerationDescription | undefined;
}

export function viewOf(description: VersionDescription): SchemaView {
  const messages = new Map(description.messages.map((message) => [message.name, message]));
  const enumerations = new Map(description.enumerations.map((one) => [one.name, one]));
  return {
    version: description.version,
    format: description.format,
    roots: description.messages.filter(({ surface }) => surface !== "nested"),
    message: (name) => messages.get(name),
    enumeration: (name) => enumerations.get(name),
  };
}

/** The views of all versions a release reads. */
export function viewsOf(host: HostDescription): ReadonlyMap<number, SchemaView> {
  return new Map(host.versions.map((version) => [version.version, viewOf(version)]));
}

export function isInRange(host: Pick<HostDescription, "range">, version: number): boolean {
  return host.range.min <= version && version <= host.range.max;
}

/** All fields of a message, those inside oneofs too. */
export function fieldsOf(message: MessageDescription): FieldDescription[] {
  return message.members.flatMap((member) =>
    member.kind === "field" ? [member] : member.variants,
  );
}

export function memberNamed(
  message: MessageDescription,
  name: string,
): MemberDescription | undefined {
  return message.members.find((member) => member.name === name);
}

/** Name of the message that a type holds, itself or inside a list or map; undefined when none. */
export function messageInside(type: TypeDescription): string | undefined {
  switch (type.kind) {
    case "message":
      return type.name;
    case "list":
      return messageInside(type.item);
    case "map":
      return messageInside(type.value);
    default:
      return undefined;
  }
}

const UNKNOWN_VARIANT = /^unknown\((\d+)\)$/;

/** Number of a variant by its name in a value, also of `unknown(7)`. */
export function numberOfVariant(
  enumeration: EnumerationDescription | undefined,
  name: unknown,
): number | undefined {
  if (typeof name !== "string") return undefined;
  const unknown = UNKNOWN_VARIANT.exec(name);
  if (unknown) return Number(unknown[1]);
  return enumeration?.variants.find((variant) => variant.name === name)?.number;
}
