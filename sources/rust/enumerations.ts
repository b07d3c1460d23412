/** An enum with the derive `Enumeration`: names, numbers, and the order Rust gives them (§13). */
import type { EnumerationShape } from "../../codecs/index.ts";
import type { EnumerationBuild, Findings } from "./definitions.ts";
import { unresolved } from "./errors.ts";
import type { Attribute, EnumItem, VariantItem } from "./items.ts";
import type { Place, Types } from "./resolve-type.ts";
import { markWithoutEmpty } from "./shape-rules.ts";
import { type Token, textOf } from "./tokens.ts";
import { contentOf, wordMap, wordsOf } from "./words.ts";

const NUMBER_MAX = 2n ** 32n - 1n;
const WORDS = ["val", "name"];

interface Variant {
  readonly name: string;
  readonly number: number;
  readonly discriminant: bigint;
}

export function newEnumeration(name: string, item: EnumItem): EnumerationBuild {
  const shape: EnumerationShape = { name, variants: new Map(), open: false };
  return { kind: "enumeration", name, item, problems: [], uses: new Set(), reserved: [], shape };
}

export function readEnumeration(
  build: EnumerationBuild,
  item: EnumItem,
  context: { readonly types: Types; readonly findings: Findings; readonly place: Place },
): void {
  const { types, findings, place } = context;
  const variants: Variant[] = [];
  let next = 0n;
  let hasZero = false;
  let isNumberedByAttributes = false;
  const evaluate = (expression: readonly Token[]): bigint => types.constant(expression, place);
  for (const variant of item.variants) {
    const path = `${build.name}.${variant.name}`;
    findings.locations.set(path, variant.location);
    findings.attempt(build, { path, location: variant.location }, () => {
      checkVariant(variant);
      const discriminant =
        variant.discriminant === undefined ? next : evaluate(variant.discriminant);
      next = discriminant + 1n;
      const byAttribute = attributeNumber(variant.attributes.bilrost);
      const expression =
        byAttribute ?? variant.discriminant ?? unresolved("the variant has no number");
      isNumberedByAttributes ||= byAttribute !== undefined;
      // Only the literal is the empty variant; a constant of the value 0 is not.
      hasZero ||= textOf(expression) === "0";
      variants.push({
        name: variant.name,
        number: numberOf(evaluate(expression), variants),
        discriminant,
      });
    });
  }
  complete(build.shape, variants, isNumberedByAttributes);
  if (!hasZero) markWithoutEmpty(build.shape);
}

function checkVariant({ fields, attributes }: VariantItem): void {
  if (fields.length > 0) unresolved("a variant of an Enumeration has no fields");
  if (attributes.cfg !== true)
    unresolved(`whether the variant exists depends on cfg(${attributes.cfg})`);
}

/** `#[bilrost = N]`, `#[bilrost(N)]`, `#[bilrost(CONSTANT)]`, `#[bilrost(val = N)]`. */
function attributeNumber(attributes: readonly Attribute[]): readonly Token[] | undefined {
  const words = attributes.flatMap((attribute) => {
    const [head, mark] = attribute.tokens;
    const isWord = !attribute.isValue && WORDS.includes(head?.text ?? "") && mark !== undefined;
    return isWord ? wordsOf([attribute]) : [{ name: "val", tokens: attribute.tokens }];
  });
  const val = wordMap(words, WORDS, "a variant of an Enumeration").get("val");
  return val === undefined ? undefined : contentOf(val);
}

function numberOf(value: bigint, before: readonly Variant[]): number {
  if (value < 0n || value > NUMBER_MAX) unresolved(`the number ${value} is none of 32 bits`);
  const same = before.find(({ number }) => BigInt(number) === value);
  return same === undefined
    ? Number(value)
    : unresolved(`"${same.name}" has the number ${value} already`);
}

/** Rust orders by discriminant. Where attributes give the numbers, that is another order than theirs. */
function complete(
  shape: EnumerationShape,
  variants: readonly Variant[],
  byAttributes: boolean,
): void {
  const ordered = byAttributes
    ? [...variants].sort((left, right) => (left.discriminant < right.discriminant ? -1 : 1))
    : variants;
  const names = shape.variants as Map<string, number>;
  for (const { name, number } of ordered) names.set(name, number);
  if (byAttributes) Object.assign(shape, { order: "declaration" });
}
