/** Resolves lineage: what a definition is at one wire version. */
import type { EnumerationDefinition } from "./enumeration.ts";
import { type AnyField, Field, latest, type TypeSpec } from "./field.ts";
import type { MessageDefinition } from "./message.ts";
import {
  type EnumerationShape,
  type FieldShape,
  type MessageShape,
  type OneofShape,
  rangeShape,
  type Shape,
  tupleShape,
} from "./shape.ts";

/** Shapes of one version, each made once. */
export class Resolver {
  readonly version: number;
  readonly #messages = new Map<MessageDefinition<object>, MessageShape>();
  readonly #enumerations = new Map<EnumerationDefinition<string>, EnumerationShape>();

  constructor(version: number) {
    this.version = version;
  }

  message(given: MessageDefinition<object>): MessageShape {
    const known = this.#messages.get(given);
    if (known) return known;
    const definition = formAt(given, this.version);
    const shape = {
      name: given.name,
      version: this.version,
      members: this.#members(definition),
    };
    this.#messages.set(given, shape);
    return shape;
  }

  #members(definition: MessageDefinition<object>): (FieldShape | OneofShape)[] {
    return Object.entries(definition.members).flatMap(
      ([name, member]): (FieldShape | OneofShape)[] => {
        if (member instanceof Field) return this.#field(name, member);
        const variants = Object.entries(member.variants).flatMap(([variant, of]) =>
          this.#field(variant, of),
        );
        return variants.length > 0 ? [{ kind: "oneof" as const, name, variants }] : [];
      },
    );
  }

  #field(name: string, field: AnyField): FieldShape[] {
    const { since, until, numbers, types } = field.lineage;
    if (this.version < since || this.version > until) return [];
    const number = latest(numbers, this.version);
    const type = this.shapeOf(latest(types, this.version));
    return [{ kind: "field", name, number, type, presence: field.presence }];
  }

  /** The shape of one type at this version. */
  shapeOf(spec: TypeSpec): Shape {
    switch (spec.kind) {
      case "enumeration":
        return { kind: "enumeration", enumeration: this.enumeration(spec.definition) };
      case "message":
        return { kind: "message", message: () => this.message(spec.definition()) };
      case "list":
        return { ...spec, item: this.shapeOf(spec.item) };
      case "map":
        return { kind: "map", key: this.shapeOf(spec.key), value: this.shapeOf(spec.value) };
      case "tuple":
        return tupleShape(spec.items.map((item) => this.shapeOf(item)));
      case "range":
        return rangeShape(this.shapeOf(spec.of), spec.inclusive);
      case "bool":
      case "string":
        return { kind: spec.kind };
      default:
        return spec;
    }
  }

  enumeration(definition: EnumerationDefinition<string>): EnumerationShape {
    const known = this.#enumerations.get(definition);
    if (known) return known;
    const variants = [...definition.variants]
      .filter(([, { sinceVersion, untilVersion }]) =>
        isWithin(this.version, sinceVersion, untilVersion),
      )
      .map(([name, { number }]) => [name, number] as const);
    const shape = { name: definition.name, variants: new Map(variants), open: definition.open };
    this.#enumerations.set(definition, shape);
    return shape;
  }
}

/** The shape a message has at a version: today's, or that of the earlier form which covers it. */
export function formAt(
  definition: MessageDefinition<object>,
  version: number,
): MessageDefinition<object> {
  return definition.earlierForms.find(({ below }) => version < below)?.definition ?? definition;
}

export function isWithin(version: number, since: number, until: number): boolean {
  return version >= since && version <= until;
}
