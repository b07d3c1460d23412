/**
 * Enumerations: variant names and numbers, with the lineage of each variant. Open unless declared
 * closed: an undeclared number n is the value `unknown(n)` and survives being written back (law 8).
 */
import { checkTypeName, checkVersions, SchemaError } from "./errors.ts";

export type UnknownVariant = `unknown(${number})`;

export interface Fallback {
  readonly variant: string;
  readonly reason: string;
}

/** A variant with lineage: `variant(4).since(4).fallback("follower", "a leaving node still follows")`. */
export class Variant {
  readonly number: number;
  readonly sinceVersion: number;
  readonly untilVersion: number;
  readonly fallbackTo: Fallback | undefined;

  constructor(number: number, sinceVersion = 1, untilVersion = Infinity, fallbackTo?: Fallback) {
    if (!Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
      throw new SchemaError(`Cannot number a variant ${number}: 0 to 2^32 - 1 is needed`);
    }
    checkVersions(sinceVersion, untilVersion);
    this.number = number;
    this.sinceVersion = sinceVersion;
    this.untilVersion = untilVersion;
    this.fallbackTo = fallbackTo;
  }

  /** First version that has the variant. */
  since(version: number): Variant {
    return new Variant(this.number, version, this.untilVersion, this.fallbackTo);
  }

  /** Last version that has it. */
  until(version: number): Variant {
    return new Variant(this.number, this.sinceVersion, version, this.fallbackTo);
  }

  /** What stands for it at a version without it, and why that is acceptable. Without one, encoding refuses. */
  fallback(variant: string, reason: string): Variant {
    return new Variant(this.number, this.sinceVersion, this.untilVersion, { variant, reason });
  }
}

/** A variant that has lineage; one without is its number alone. */
export function variant(number: number): Variant {
  return new Variant(number);
}

export interface EnumerationDefinition<V extends string, Open extends boolean = boolean> {
  readonly kind: "enumeration";
  readonly name: string;
  readonly variants: ReadonlyMap<V, Variant>;
  readonly open: Open;
}

/** Variant names with their numbers. The variant 0, if there is one, is the empty value. */
export function enumeration<V extends string, const Closed extends boolean = false>(
  name: string,
  variants: Readonly<Record<V, number | Variant>>,
  options: { readonly closed?: Closed } = {},
): EnumerationDefinition<V, Closed extends true ? false : true> {
  checkTypeName(name);
  const entries = Object.entries<number | Variant>(variants).map(
    ([key, value]) => [key as V, value instanceof Variant ? value : variant(value)] as const,
  );
  const numbers = new Set(entries.map(([, { number }]) => number));
  if (entries.length === 0) throw new SchemaError(`Cannot define ${name}: it has no variants`);
  if (numbers.size < entries.length) {
    throw new SchemaError(`Cannot define ${name}: two variants have the same number`);
  }
  const declared = new Map<string, Variant>(entries);
  for (const [key, one] of entries) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(key)) {
      throw new SchemaError(`Cannot define ${name}: "${key}" is not a camelCase name`);
    }
    if (one.fallbackTo) checkFallback(name, key, one, declared.get(one.fallbackTo.variant));
  }
  const open = (options.closed !== true) as Closed extends true ? false : true;
  return { kind: "enumeration", name, variants: new Map(entries), open };
}

/** What stands for a variant must be there at every version that lacks the variant. */
function checkFallback(name: string, key: string, one: Variant, other: Variant | undefined): void {
  const before = one.sinceVersion - 1;
  const after = one.untilVersion + 1;
  const standsBefore = before < 1 || (other?.sinceVersion === 1 && other.untilVersion >= before);
  const standsAfter =
    after === Infinity || (other?.untilVersion === Infinity && other.sinceVersion <= after);
  if (other && other !== one && standsBefore && standsAfter) return;
  throw new SchemaError(
    `Cannot define ${name}: ${key} falls back to "${one.fallbackTo?.variant}", which is missing at a version where it is needed`,
  );
}

/** The number inside `unknown(7)`, or undefined for any other text: `unknown(07)` is no second name for it. */
export function unknownNumber(value: string): number | undefined {
  const match = /^unknown\((0|[1-9]\d{0,9})\)$/.exec(value);
  if (!match) return undefined;
  const number = Number(match[1]);
  return number <= 0xffff_ffff ? number : undefined;
}
