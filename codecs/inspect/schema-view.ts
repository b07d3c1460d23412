/** A wire version's description, by name and by number, and its types as a reader would write them. */
import type {
  EnumerationDescription,
  FieldDescription,
  MessageDescription,
  TypeDescription,
  VersionDescription,
} from "../description.ts";

/** A field, or a variant of a oneof. */
export interface KnownField {
  readonly field: FieldDescription;
  /** As in an error's path: `role`, or `operation.put` for a variant. */
  readonly name: string;
}

export interface KnownMessage {
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, KnownField>;
  readonly description: MessageDescription;
}

export class SchemaView {
  readonly #messages = new Map<string, KnownMessage>();
  readonly #enumerations: ReadonlyMap<string, EnumerationDescription>;

  constructor({ messages, enumerations }: VersionDescription) {
    for (const message of messages) this.#messages.set(message.name, known(message));
    this.#enumerations = new Map(enumerations.map((one) => [one.name, one]));
  }

  message(name: string): KnownMessage | undefined {
    return this.#messages.get(name);
  }

  enumeration(name: string): EnumerationDescription | undefined {
    return this.#enumerations.get(name);
  }
}

function known(description: MessageDescription): KnownMessage {
  const byNumber = new Map<number, KnownField>();
  for (const member of description.members) {
    if (member.kind === "field") {
      byNumber.set(member.number, { field: member, name: member.name });
      continue;
    }
    for (const field of member.variants) {
      byNumber.set(field.number, { field, name: `${member.name}.${field.name}` });
    }
  }
  return { name: description.name, byNumber, description };
}

/** Members of a tuple are places: "0" at tag 0, and so on. */
export function placesOf(name: string, items: readonly TypeDescription[]): KnownMessage {
  const members = items.map(
    (type, place): FieldDescription => ({
      kind: "field",
      name: String(place),
      number: place,
      type,
      presence: "implicit",
    }),
  );
  return known({ name, surface: "nested", members });
}

export function rangeOf(type: TypeDescription): KnownMessage {
  const part = (name: string, number: number): FieldDescription => ({
    kind: "field",
    name,
    number,
    type,
    presence: "implicit",
  });
  return known({ name: "Range", surface: "nested", members: [part("start", 0), part("end", 1)] });
}

export function typeName(type: TypeDescription): string {
  switch (type.kind) {
    case "integer": {
      const { signed, bits, encoding } = type;
      if (encoding === "fixed") return `${signed ? "s" : ""}fixed${bits}`;
      return `${signed ? "int" : "uint"}${bits}`;
    }
    case "float":
      return `float${type.bits}`;
    case "bytes":
      return type.length === undefined ? "bytes" : `${type.length} bytes`;
    case "enumeration":
    case "message":
      return type.name;
    case "list":
      return listName(type);
    case "map":
      return `map of ${typeName(type.key)} to ${typeName(type.value)}`;
    case "tuple":
      return `(${type.items.map(typeName).join(", ")})`;
    case "range":
      return `range of ${typeName(type.of)}`;
    case "time":
      return type.type;
    default:
      return type.kind;
  }
}

function listName(type: Extract<TypeDescription, { kind: "list" }>): string {
  const noun = type.length === undefined ? (type.set ? "set" : "list") : `${type.length}`;
  return `${type.packed ? "packed " : ""}${noun} of ${typeName(type.item)}`;
}
