/** An enum with the derive `Oneof`: its variants are fields, of which one at most is there (§12). */
import type { FieldShape, MessageShape } from "../../codecs/index.ts";
import type { OneofBuild } from "./definitions.ts";
import { GENERAL, GENERAL_PACKED } from "./encoding.ts";
import { unresolved } from "./errors.ts";
import type { EnumItem, VariantItem } from "./items.ts";
import { isWhole, type MemberContext, readMembers } from "./members.ts";
import type { Place } from "./resolve-type.ts";
import { refuseName } from "./shape-rules.ts";
import { needsVersion } from "./version.ts";
import { encodingOf, tagOf, tagRangesOf, type Word, wordMap, wordsOf } from "./words.ts";

const WORDS = ["tag", "encoding", "recurses", "message", "empty", "reserved_tags", "name"];

export function newOneof(name: string, item: EnumItem): OneofBuild {
  return {
    kind: "oneof",
    name,
    item,
    problems: [],
    uses: new Set(),
    reserved: [],
    variants: [],
    empty: undefined,
  };
}

export function readOneof(
  build: OneofBuild,
  item: EnumItem,
  place: Place,
  context: MemberContext,
): void {
  const { findings } = context;
  for (const variant of item.variants) {
    const path = `${build.name}.${variant.name}`;
    findings.locations.set(path, variant.location);
    findings.attempt(build, { path, location: variant.location }, () => {
      const words = variantWords(variant);
      refuseName(variant.name);
      if (isEmpty(variant, words, context)) {
        if (build.empty !== undefined) unresolved(`"${build.empty}" is the empty variant already`);
        build.empty = variant.name;
        return;
      }
      const number = tagOf(words.get("tag")) ?? unresolved("a variant of a oneof needs a tag");
      checkTag(build, number);
      build.variants.push(variantShape(build, { variant, words, number }, place, context));
    });
  }
}

function variantWords({ attributes }: VariantItem): Map<string, Word> {
  if (attributes.cfg !== true)
    unresolved(`whether the variant exists depends on cfg(${attributes.cfg})`);
  return wordMap(wordsOf(attributes.bilrost, "tag"), WORDS, "a variant of a oneof");
}

/** Said so, or without anything to write. */
function isEmpty(
  variant: VariantItem,
  words: ReadonlyMap<string, Word>,
  { version }: MemberContext,
): boolean {
  const isFlagged = words.has("empty");
  if (isFlagged) needsVersion(version, 1014, '"empty"');
  if (isFlagged && words.size > 1) unresolved('the attribute "empty" stands beside others');
  if (isFlagged && variant.fields.length > 0) unresolved("an empty variant has no fields");
  return isFlagged || (words.size === 0 && variant.fields.length === 0);
}

function checkTag({ variants, reserved }: OneofBuild, tag: number): void {
  const same = variants.find(({ number }) => number === tag);
  if (same !== undefined) unresolved(`"${same.name}" has the tag ${tag} already`);
  if (reserved.some(([first, last]) => first <= tag && tag <= last))
    unresolved(`the tag ${tag} is reserved`);
}

interface Found {
  readonly variant: VariantItem;
  readonly words: ReadonlyMap<string, Word>;
  readonly number: number;
}

function variantShape(
  build: OneofBuild,
  found: Found,
  place: Place,
  context: MemberContext,
): FieldShape {
  const { variant, words, number } = found;
  const base = { kind: "field", name: variant.name, number, presence: "optional" } as const;
  if (words.has("message")) {
    const message = messageVariant(build, found, place, context);
    return { ...base, type: { kind: "message", message: () => message, uncounted: true } };
  }
  if (words.has("reserved_tags"))
    unresolved('the attribute "reserved_tags" needs a message variant');
  const [field, ...more] = variant.fields;
  if (field === undefined)
    unresolved('a variant with a tag and without fields must be a "message"');
  if (more.length > 0) unresolved('a variant with several fields must be a "message"');
  if (field.attributes.bilrost.length > 0) {
    unresolved("attributes of a value variant stand on the variant, not on its field");
  }
  const { types, shapes, version } = context;
  const written = encodingOf(words.get("encoding"));
  const standard = version >= 1013 ? GENERAL_PACKED : GENERAL;
  const encoding = written === undefined ? standard : types.encoding({ type: written, place });
  return { ...base, type: shapes.value({ type: field.type, place }, encoding, "value") };
}

function messageVariant(
  build: OneofBuild,
  found: Found,
  place: Place,
  context: MemberContext,
): MessageShape {
  const { variant, words } = found;
  needsVersion(context.version, 1014, '"message"');
  if (words.has("encoding") || words.has("recurses")) {
    unresolved("a message variant has encodings on its fields, not on itself");
  }
  const list = words.get("reserved_tags");
  const reserved = list === undefined ? [] : tagRangesOf(list, context.version);
  const path = `${build.name}.${variant.name}`;
  const owner = { definition: build, path, form: variant.form, place, reserved };
  const members = readMembers(variant.fields, owner, context);
  return {
    name: `${build.name}::${variant.name}`,
    ...(variant.form === "tuple" && isWhole(members) && { tuple: true as const }),
    members,
  };
}
