/** Writes the description of one wire version: its messages, the nested ones they reach, their enumerations. */
import type {
  EnumerationDescription,
  FieldDescription,
  MemberDescription,
  MessageDescription,
  Surface,
  TypeDescription,
} from "./description.ts";
import type { EnumerationDefinition } from "./schema/enumeration.ts";
import { SchemaError } from "./schema/errors.ts";
import { type AnyField, Field, latest, type TypeSpec } from "./schema/field.ts";
import type { MessageDefinition } from "./schema/message.ts";
import { formAt, isWithin } from "./schema/resolve.ts";

export interface Described {
  readonly messages: readonly MessageDescription[];
  readonly enumerations: readonly EnumerationDescription[];
}

export function describeMessages(
  roots: readonly { readonly definition: MessageDefinition<object>; readonly surface: Surface }[],
  version: number,
): Described {
  const surfaces = new Map(roots.map(({ definition, surface }) => [definition.name, surface]));
  const seen = new Map<string, MessageDescription>();
  const definitions = new Map<string, MessageDefinition<object>>();
  const enumerations = new Map<string, EnumerationDescription>();
  const queue = roots.map(({ definition }) => definition);

  const typeOf = (spec: TypeSpec): TypeDescription => {
    switch (spec.kind) {
      case "enumeration":
        enumerations.set(spec.definition.name, describeEnumeration(spec.definition, version));
        return { kind: "enumeration", name: spec.definition.name };
      case "message":
        queue.push(spec.definition());
        return { kind: "message", name: spec.definition().name };
      case "list":
        return { ...spec, item: typeOf(spec.item) };
      case "tuple":
        return { kind: "tuple", items: spec.items.map(typeOf) };
      case "range":
        return { ...spec, of: typeOf(spec.of) };
      case "map":
        return { kind: "map", key: typeOf(spec.key), value: typeOf(spec.value) };
      case "bool":
      case "string":
        return { kind: spec.kind };
      default:
        return spec;
    }
  };
  const fieldOf = (name: string, field: AnyField): FieldDescription[] => {
    const { since, until, numbers, types, loss } = field.lineage;
    if (!isWithin(version, since, until)) return [];
    const described: FieldDescription = {
      kind: "field",
      name,
      number: latest(numbers, version),
      type: typeOf(latest(types, version)),
      presence: field.presence,
    };
    return [loss === undefined ? described : { ...described, loss }];
  };
  const memberOf = ([name, member]: [string, AnyMember]): MemberDescription[] => {
    if (member instanceof Field) return fieldOf(name, member);
    const variants = Object.entries(member.variants).flatMap(([of, field]) => fieldOf(of, field));
    return variants.length > 0 ? [{ kind: "oneof", name, variants }] : [];
  };

  for (let definition = queue.shift(); definition; definition = queue.shift()) {
    const other = definitions.get(definition.name);
    if (other && other !== definition) {
      throw new SchemaError(`Cannot describe two messages by the name ${definition.name}`);
    }
    if (other) continue;
    definitions.set(definition.name, definition);
    const surface = surfaces.get(definition.name) ?? "nested";
    // Entered before its members are looked at, so that a message may contain itself.
    const members: MemberDescription[] = [];
    seen.set(definition.name, { name: definition.name, surface, members });
    members.push(...Object.entries(formAt(definition, version).members).flatMap(memberOf));
  }
  return { messages: [...seen.values()], enumerations: [...enumerations.values()] };
}

type AnyMember = AnyField | { readonly variants: Readonly<Record<string, AnyField>> };

function describeEnumeration(
  { name, open, variants }: EnumerationDefinition<string>,
  version: number,
): EnumerationDescription {
  const present = [...variants].filter(([, { sinceVersion, untilVersion }]) =>
    isWithin(version, sinceVersion, untilVersion),
  );
  return {
    name,
    open,
    variants: present.map(([variant, { number, fallbackTo }]) => ({
      name: variant,
      number,
      ...(fallbackTo ? { fallback: fallbackTo } : {}),
    })),
  };
}
