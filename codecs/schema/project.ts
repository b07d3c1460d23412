/**
 * Carries values between today's form and the form of one wire version. Most messages are the same
 * in both, and then nothing is copied: a projection that changes nothing is `undefined`.
 */
import { EncodeError } from "../errors.ts";
import { type MessageValue, UNKNOWN } from "../format.ts";
import { attachUnknown, withUnknown } from "../unknown.ts";
import { isEmpty } from "./empty.ts";
import type { EnumerationDefinition } from "./enumeration.ts";
import { type AnyField, Field, type Lineage, latest, type TypeSpec } from "./field.ts";
import type { MessageDefinition, Oneof } from "./message.ts";
import { formAt, isWithin, type Resolver } from "./resolve.ts";
import type { IntegerShape } from "./shape.ts";

export interface Loss {
  /** `entries[3].kind`, without the message's name. */
  readonly path: string;
  readonly reason: string;
}

/** Where a projection stands, and what it had to drop. */
export interface Journey {
  readonly path: string[];
  readonly losses: Loss[];
}

/** Undefined: the value stays as it is. Throws `EncodeError` where the version cannot hold it. */
type Projection = ((value: unknown, journey: Journey) => unknown) | undefined;

/** Projections towards one version, each made once. `newest` tells what a dropped field's type is. */
export class Projector {
  readonly #version: number;
  readonly #newest: Resolver;
  readonly #made = new Map<MessageDefinition<object>, { projection: Projection }>();

  constructor(version: number, newest: Resolver) {
    this.#version = version;
    this.#newest = newest;
  }

  message(definition: MessageDefinition<object>): Projection {
    const made = this.#made.get(definition);
    if (made) return made.projection;
    // A message that contains itself meets this entry: it is looked up again when a value is there.
    const entry: { projection: Projection } = {
      projection: (value, journey) =>
        this.#made.get(definition)?.projection?.(value, journey) ?? value,
    };
    this.#made.set(definition, entry);
    const recursive = entry.projection;
    entry.projection = this.#makeMessage(definition);
    return entry.projection === recursive ? undefined : entry.projection;
  }

  #makeMessage(definition: MessageDefinition<object>): Projection {
    const earlier = definition.earlierForms.find(({ below }) => this.#version < below);
    if (earlier) {
      const inner = this.#makeMembers(formAt(definition, this.#version));
      return (value, journey) => {
        const old = withUnknown(earlier.down(value as object), value as object);
        return inner ? inner(old, journey) : old;
      };
    }
    return this.#makeMembers(definition);
  }

  #makeMembers(definition: MessageDefinition<object>): Projection {
    const steps = Object.entries(definition.members).flatMap(([name, member]) => {
      const step = member instanceof Field ? this.#field(member) : this.#oneof(member);
      return step ? [{ name, step }] : [];
    });
    if (steps.length === 0) return undefined;
    return (value, journey) => {
      const source = value as MessageValue;
      const copy: Record<string, unknown> = { ...source };
      for (const { name, step } of steps) {
        if (copy[name] === undefined) continue;
        journey.path.push(name);
        copy[name] = step(copy[name], journey);
        journey.path.pop();
      }
      const unknown = source[UNKNOWN];
      return unknown ? attachUnknown(copy, unknown) : copy;
    };
  }

  #field({ lineage, presence }: AnyField): Projection {
    const { since, until, types } = lineage;
    if (isWithin(this.#version, since, until)) {
      const spec = latest(types, this.#version);
      const narrowing = this.#narrowing(lineage, spec);
      return narrowing ?? this.#type(spec);
    }
    const shape = this.#newest.shapeOf(latest(types, Infinity));
    return (value, journey) => {
      // An optional field that is present and empty tells something; an implicit one does not.
      if (presence === "implicit" && isEmpty(shape, value)) return undefined;
      return this.#drop(lineage, journey);
    };
  }

  #drop(
    { since, until, loss }: Pick<Lineage, "since" | "until" | "loss">,
    journey: Journey,
  ): undefined {
    if (loss !== undefined) {
      journey.losses.push({ path: pathText(journey.path), reason: loss });
      return undefined;
    }
    const isEarly = this.#version < since;
    throw new EncodeError(
      "VersionMismatch",
      `Cannot encode at wire version ${this.#version}: it exists ${isEarly ? `since version ${since}` : `until version ${until}`}`,
      [...journey.path],
      { needed: isEarly ? since : until, actual: this.#version },
    );
  }

  /** A wider integer that an older version cannot hold needs the version that widened it. */
  #narrowing({ types }: Lineage, spec: TypeSpec): Projection {
    const newest = latest(types, Infinity);
    if (spec.kind !== "integer" || newest.kind !== "integer" || spec.bits >= newest.bits)
      return undefined;
    const widened = types.find(({ is }) => is.kind === "integer" && is.bits > spec.bits);
    return (value, journey) => {
      if (fits(spec, value as number | bigint)) return value;
      throw new EncodeError(
        "VersionMismatch",
        `Cannot encode ${value} at wire version ${this.#version}: it has ${spec.bits} bits there`,
        [...journey.path],
        { needed: widened?.from ?? this.#version, actual: this.#version },
      );
    };
  }

  #oneof(oneof: Oneof<unknown>): Projection {
    const steps = new Map(
      Object.entries(oneof.variants).map(([name, variant]) => [name, this.#variant(variant)]),
    );
    if ([...steps.values()].every((step) => step === undefined)) return undefined;
    return (value, journey) => {
      const chosen = value as { readonly case: string; readonly value: unknown };
      const step = steps.get(chosen.case);
      if (!step) return chosen;
      journey.path.push(chosen.case);
      const inner = step(chosen.value, journey);
      journey.path.pop();
      return inner === undefined ? undefined : { case: chosen.case, value: inner };
    };
  }

  /** A variant counts as set even when its value is empty. */
  #variant({ lineage }: AnyField): Projection {
    const { since, until, types } = lineage;
    if (!isWithin(this.#version, since, until)) return (_, journey) => this.#drop(lineage, journey);
    const spec = latest(types, this.#version);
    return this.#narrowing(lineage, spec) ?? this.#type(spec);
  }

  #type(spec: TypeSpec): Projection {
    switch (spec.kind) {
      case "enumeration":
        return this.#enumeration(spec.definition);
      case "message":
        return this.message(spec.definition());
      case "list": {
        const item = this.#type(spec.item);
        if (!item) return undefined;
        if (spec.set) {
          return (value, journey) =>
            new Set(projectList([...(value as Set<unknown>)], () => item, journey));
        }
        return (value, journey) => projectList(value as unknown[], () => item, journey);
      }
      case "tuple": {
        const items = spec.items.map((item) => this.#type(item));
        if (items.every((item) => item === undefined)) return undefined;
        return (value, journey) => projectList(value as unknown[], (at) => items[at], journey);
      }
      case "map": {
        const key = spec.key.kind === "enumeration" && this.#enumeration(spec.key.definition, true);
        const inner = this.#type(spec.value);
        if (!key && !inner) return undefined;
        const steps = { key: key || undefined, value: inner };
        return (value, journey) => projectMap(value as Map<unknown, unknown>, steps, journey);
      }
      default:
        return undefined;
    }
  }

  /** A key of a map is never replaced: two keys could become one. */
  #enumeration(definition: EnumerationDefinition<string>, isKey = false): Projection {
    const absent = [...definition.variants].filter(
      ([, { sinceVersion, untilVersion }]) => !isWithin(this.#version, sinceVersion, untilVersion),
    );
    if (absent.length === 0) return undefined;
    const missing = new Map(absent);
    return (value, journey) => {
      const variant = missing.get(value as string);
      if (!variant) return value;
      const { sinceVersion: since, untilVersion: until, fallbackTo } = variant;
      if (fallbackTo && !isKey) {
        journey.losses.push({ path: pathText(journey.path), reason: fallbackTo.reason });
        return fallbackTo.variant;
      }
      journey.path.push(String(value));
      return this.#drop({ since, until, loss: undefined }, journey);
    };
  }
}

function projectList(
  items: readonly unknown[],
  stepOf: (place: number) => Projection,
  journey: Journey,
): unknown[] {
  return items.map((item, place) => {
    const step = stepOf(place);
    if (!step) return item;
    journey.path.push(`[${place}]`);
    const projected = step(item, journey);
    journey.path.pop();
    return projected;
  });
}

function projectMap(
  entries: ReadonlyMap<unknown, unknown>,
  steps: { readonly key: Projection; readonly value: Projection },
  journey: Journey,
): Map<unknown, unknown> {
  const result = new Map<unknown, unknown>();
  for (const [key, value] of entries) {
    journey.path.push(`[${String(key)}]`);
    const projected = steps.value ? steps.value(value, journey) : value;
    result.set(steps.key ? steps.key(key, journey) : key, projected);
    journey.path.pop();
  }
  return result;
}

function fits({ signed, bits }: IntegerShape, value: number | bigint): boolean {
  const wide = BigInt(value);
  return signed ? BigInt.asIntN(bits, wide) === wide : BigInt.asUintN(bits, wide) === wide;
}

/** `entries[3].kind` */
function pathText(path: readonly string[]): string {
  return path.join(".").replaceAll(".[", "[");
}
