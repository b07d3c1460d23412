/** Messages and oneofs, with the TypeScript types that follow from them. */
import { checkTypeName, SchemaError } from "./errors.ts";
import { type AnyField, Field, latest, type NeverEmpty } from "./field.ts";

/** At most one of the variants is set: `{ case: "put", value: … }` or undefined. */
export interface Oneof<V> {
  readonly kind: "oneof";
  readonly variants: Readonly<Record<string, AnyField>>;
  /** Type only. */
  readonly valueType?: V;
}

type CaseOf<Variants> = {
  [K in keyof Variants & string]: Variants[K] extends Field<infer T, "implicit" | NeverEmpty>
    ? { readonly case: K; readonly value: T }
    : never;
}[keyof Variants & string];

/** Members of which at most one is set. Each variant is a field with a number of its own in the message. */
export function oneof<
  const Variants extends Readonly<
    Record<string, Field<never> | AnyField | Field<never, NeverEmpty> | Field<unknown, NeverEmpty>>
  >,
>(variants: Variants): Oneof<CaseOf<Variants>> {
  for (const [name, variant] of Object.entries(variants)) {
    if (variant.presence === "optional") {
      throw new SchemaError(
        `Cannot define oneof variant ${name}: its presence is explicit already`,
      );
    }
  }
  return { kind: "oneof", variants: variants as Readonly<Record<string, AnyField>> };
}

type Members = Readonly<Record<string, AnyField | Field<never> | Oneof<unknown>>>;

type OptionalNames<M> = {
  [K in keyof M]: M[K] extends Field<infer _T, infer P> ? ("optional" extends P ? K : never) : K;
}[keyof M];

type MemberValue<X> = X extends Field<infer T, infer _P> ? T : X extends Oneof<infer V> ? V : never;

type MessageOf<M> = {
  readonly [K in Exclude<keyof M, OptionalNames<M>>]: MemberValue<M[K]>;
} & { readonly [K in OptionalNames<M>]?: MemberValue<M[K]> | undefined };

/** One flat object type instead of an intersection, so that editors show the fields. */
type Flat<T> = { [K in keyof T]: T[K] };

/** How values of an earlier shape of a message and of today's become each other. Pure functions. */
export interface EarlierForm {
  /** Wire versions below this one have the earlier shape. */
  readonly below: number;
  readonly definition: MessageDefinition<object>;
  readonly up: (earlier: object) => object;
  /** May throw `EncodeError` for a value that the earlier shape cannot hold. */
  readonly down: (value: object) => object;
}

export class MessageDefinition<T extends object> {
  readonly kind = "message";
  readonly name: string;
  readonly members: Readonly<Record<string, AnyField | Oneof<unknown>>>;
  readonly earlierForms: readonly EarlierForm[];
  /** Type only; never there at run time. */
  declare readonly value: T;

  constructor(
    name: string,
    members: Readonly<Record<string, AnyField | Oneof<unknown>>>,
    earlierForms: readonly EarlierForm[] = [],
  ) {
    this.name = name;
    this.members = members;
    this.earlierForms = earlierForms;
  }

  /** Where lineage cannot say it: versions below `version` have the shape of `definition`. */
  before<E extends object>(
    version: number,
    definition: MessageDefinition<E>,
    change: { up(earlier: E): T; down(value: T): E },
  ): MessageDefinition<T> {
    const form: EarlierForm = {
      below: version,
      definition: definition as unknown as MessageDefinition<object>,
      up: (earlier) => change.up(earlier as E),
      down: (value) => change.down(value as T),
    };
    const forms = [...this.earlierForms, form].sort((a, b) => a.below - b.below);
    return new MessageDefinition<T>(this.name, this.members, forms);
  }
}

/** The type of a message's values. */
export type Value<D> = D extends MessageDefinition<infer T> ? T : never;

/** One kind of thing on the wire or in the log. Throws `SchemaError` for what cannot be right at some version. */
export function message<const M extends Members>(
  name: string,
  members: M,
): MessageDefinition<Flat<MessageOf<M>>> {
  checkTypeName(name);
  const own = Object.entries(members as Record<string, AnyField | Oneof<unknown>>);
  const fields = own.flatMap(([member, of]) => {
    checkName(name, member);
    return of instanceof Field ? [[member, of] as const] : Object.entries(of.variants);
  });
  for (const [field] of fields) checkName(name, field);
  checkNumbers(name, fields);
  return new MessageDefinition(name, Object.fromEntries(own));
}

/** A name that every object has would be there in a value that lacks the field. */
function checkName(message: string, name: string): void {
  if (/^[a-z][A-Za-z0-9]*$/.test(name) && !(name in Object.prototype)) return;
  throw new SchemaError(`Cannot define ${message}: "${name}" is not a camelCase name of its own`);
}

/** No two fields may have one number at any version. Numbers change at these versions only. */
function checkNumbers(message: string, fields: readonly (readonly [string, AnyField])[]): void {
  const versions = new Set([1]);
  for (const [, { lineage }] of fields) {
    versions.add(lineage.since);
    if (lineage.until !== Infinity) versions.add(lineage.until + 1);
    for (const { from } of lineage.numbers) versions.add(from);
  }
  for (const version of versions) {
    const seen = new Map<number, string>();
    for (const [name, { lineage }] of fields) {
      if (version < lineage.since || version > lineage.until) continue;
      const number = latest(lineage.numbers, version);
      const other = seen.get(number);
      if (other !== undefined) {
        throw new SchemaError(
          `Cannot define ${message}: at version ${version} "${other}" and "${name}" both have number ${number}`,
        );
      }
      seen.set(number, name);
    }
  }
}
