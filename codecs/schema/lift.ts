/**
 * Gives a value decoded at one wire version today's form: fields that the version lacks read as
 * empty, earlier forms go through their `up`. Undefined: the two forms are the same.
 */
import { type MessageValue, UNKNOWN } from "../format.ts";
import { attachUnknown, withUnknown } from "../unknown.ts";
import { emptyValue } from "./empty.ts";
import { type AnyField, Field, latest, type TypeSpec } from "./field.ts";
import type { MessageDefinition } from "./message.ts";
import { isWithin, type Resolver } from "./resolve.ts";

export type Lift = ((value: unknown) => unknown) | undefined;

export class Lifter {
  readonly #version: number;
  readonly #newest: Resolver;
  readonly #made = new Map<MessageDefinition<object>, { lift: Lift }>();

  constructor(version: number, newest: Resolver) {
    this.#version = version;
    this.#newest = newest;
  }

  message(definition: MessageDefinition<object>): Lift {
    const made = this.#made.get(definition);
    if (made) return made.lift;
    const entry: { lift: Lift } = {
      lift: (value) => this.#made.get(definition)?.lift?.(value) ?? value,
    };
    this.#made.set(definition, entry);
    entry.lift = this.#make(definition);
    return entry.lift;
  }

  #make(definition: MessageDefinition<object>): Lift {
    const earlier = definition.earlierForms.find(({ below }) => this.#version < below);
    if (!earlier) return this.#members(definition);
    const inner = this.#members(earlier.definition);
    return (value) =>
      withUnknown(earlier.up((inner ? inner(value) : value) as object), value as object);
  }

  #members(definition: MessageDefinition<object>): Lift {
    const missing: { name: string; empty: () => unknown }[] = [];
    const steps: { name: string; lift: NonNullable<Lift> }[] = [];
    for (const [name, member] of Object.entries(definition.members)) {
      if (member instanceof Field && this.#isMissing(member)) {
        const shape = this.#newest.shapeOf(latest(member.lineage.types, Infinity));
        missing.push({ name, empty: () => emptyValue(shape) });
      } else {
        const lift = member instanceof Field ? this.#field(member) : this.#oneof(member.variants);
        if (lift) steps.push({ name, lift });
      }
    }
    if (missing.length === 0 && steps.length === 0) return undefined;
    return (value) => {
      const source = value as MessageValue;
      const copy: Record<string, unknown> = { ...source };
      for (const { name, lift } of steps) {
        if (copy[name] !== undefined) copy[name] = lift(copy[name]);
      }
      for (const { name, empty } of missing) copy[name] = empty();
      const unknown = source[UNKNOWN];
      return unknown ? attachUnknown(copy, unknown) : copy;
    };
  }

  #isMissing({ presence, lineage }: AnyField): boolean {
    return presence === "implicit" && !isWithin(this.#version, lineage.since, lineage.until);
  }

  #field({ lineage }: AnyField): Lift {
    if (!isWithin(this.#version, lineage.since, lineage.until)) return undefined;
    return this.#type(latest(lineage.types, this.#version));
  }

  #oneof(variants: Readonly<Record<string, AnyField>>): Lift {
    const lifts = new Map(Object.entries(variants).map(([name, of]) => [name, this.#field(of)]));
    if ([...lifts.values()].every((lift) => lift === undefined)) return undefined;
    return (value) => {
      const chosen = value as { readonly case: string; readonly value: unknown };
      const lift = lifts.get(chosen.case);
      return lift ? { case: chosen.case, value: lift(chosen.value) } : chosen;
    };
  }

  #type(spec: TypeSpec): Lift {
    switch (spec.kind) {
      case "message":
        return this.message(spec.definition());
      case "list": {
        const item = this.#type(spec.item);
        if (!item) return undefined;
        if (spec.set) return (value) => new Set([...(value as Set<unknown>)].map(item));
        return (value) => (value as unknown[]).map(item);
      }
      case "tuple": {
        const items = spec.items.map((item) => this.#type(item));
        if (items.every((item) => item === undefined)) return undefined;
        return (value) => (value as unknown[]).map((one, at) => items[at]?.(one) ?? one);
      }
      case "map": {
        const inner = this.#type(spec.value);
        return (
          inner &&
          ((value) =>
            new Map([...(value as Map<unknown, unknown>)].map(([key, of]) => [key, inner(of)])))
        );
      }
      default:
        return undefined;
    }
  }
}
