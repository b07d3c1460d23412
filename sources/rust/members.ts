/** The fields of a struct, or of a variant that is a message: tags, encodings, types (§21). */
import type { FieldShape, MessageShape, OneofShape } from "../../codecs/index.ts";
import type { Definition, Findings, OneofBuild } from "./definitions.ts";
import { GENERAL } from "./encoding.ts";
import { unresolved } from "./errors.ts";
import type { FieldItem, Form } from "./items.ts";
import type { Place, Typed, Types } from "./resolve-type.ts";
import { refuseName } from "./shape-rules.ts";
import type { TypeShapes } from "./type-shapes.ts";
import type { CrateVersion } from "./version.ts";
import { needsVersion } from "./version.ts";
import {
  encodingOf,
  type TagRange,
  tagListOf,
  tagOf,
  type Word,
  wordMap,
  wordsOf,
} from "./words.ts";

type Member = MessageShape["members"][number];

export interface MemberContext {
  readonly types: Types;
  readonly shapes: TypeShapes;
  readonly findings: Findings;
  readonly version: CrateVersion;
  /** The oneof behind a field's type, and whether the type is in an Option. Throws `UnresolvedError`. */
  oneof(typed: Typed): { readonly build: OneofBuild; readonly isOptional: boolean };
}

/** The struct or variant that the fields belong to. */
export interface Owner {
  readonly definition: Definition;
  readonly path: string;
  readonly form: Form;
  readonly place: Place;
  readonly reserved: readonly TagRange[];
}

const TAG_MAX = 2 ** 32 - 1;
const WORDS = ["tag", "encoding", "oneof", "enumeration", "recurses", "ignore", "name"];

export function readMembers(
  fields: readonly FieldItem[],
  owner: Owner,
  context: MemberContext,
): Member[] {
  const { findings, version } = context;
  const members: Member[] = [];
  const taken = new Map<number, string>();
  let next = owner.form === "tuple" && version >= 1007 ? 0 : 1;
  for (const field of fields) {
    const path = `${owner.path}.${field.name}`;
    findings.locations.set(path, field.location);
    findings.attempt(owner.definition, { path, location: field.location }, () => {
      const words = fieldWords(field);
      if (isIgnored(words, version)) return;
      refuseName(field.name);
      const tags = tagsOf(words, next, version);
      next = (tags.at(-1) ?? next - 1) + 1;
      takeTags(tags, field.name, { taken, reserved: owner.reserved });
      members.push(memberOf(field, { words, tags }, owner, context));
    });
  }
  return members;
}

/** The places of a tuple struct are an array's when none is left out. */
export function isWhole(members: readonly Member[]): boolean {
  return members.every(({ name }, place) => name === String(place));
}

function fieldWords({ attributes }: FieldItem): Map<string, Word> {
  if (attributes.cfg !== true)
    unresolved(`whether the field exists depends on cfg(${attributes.cfg})`);
  return wordMap(wordsOf(attributes.bilrost, "tag"), WORDS, "a field");
}

function isIgnored(words: ReadonlyMap<string, Word>, version: CrateVersion): boolean {
  const ignore = words.get("ignore");
  if (ignore === undefined) return false;
  if (words.size > 1) unresolved('the attribute "ignore" stands beside others');
  if (ignore.tokens !== undefined) needsVersion(version, 1015, "ignore with a value");
  return true;
}

/** The tag that stands there, or the next one; all tags of a oneof, in ascending order. */
function tagsOf(
  words: ReadonlyMap<string, Word>,
  next: number,
  version: CrateVersion,
): readonly number[] {
  const list = words.get("oneof");
  if (list !== undefined) {
    if ([...words.keys()].some((name) => name !== "oneof" && name !== "name")) {
      unresolved('the attribute "oneof" stands beside others');
    }
    return tagListOf(list, version);
  }
  const tag = tagOf(words.get("tag")) ?? next;
  return tag > TAG_MAX ? unresolved("no tag is left for the field") : [tag];
}

function takeTags(
  tags: readonly number[],
  name: string,
  {
    taken,
    reserved,
  }: { readonly taken: Map<number, string>; readonly reserved: readonly TagRange[] },
): void {
  for (const tag of tags) {
    const other = taken.get(tag);
    if (other !== undefined) unresolved(`"${other}" has the tag ${tag} already`);
    if (reserved.some(([first, last]) => first <= tag && tag <= last))
      unresolved(`the tag ${tag} is reserved`);
    taken.set(tag, name);
  }
}

function memberOf(
  field: FieldItem,
  { words, tags }: { readonly words: ReadonlyMap<string, Word>; readonly tags: readonly number[] },
  owner: Owner,
  context: MemberContext,
): Member {
  const typed: Typed = { type: field.type, place: owner.place };
  if (words.has("oneof")) return oneofMember(field, { typed, tags }, owner, context);
  const written = encodingOf(words.get("encoding"));
  const encoding =
    written === undefined ? GENERAL : context.types.encoding({ type: written, place: owner.place });
  const [number = 0] = tags;
  const member: FieldShape = {
    kind: "field",
    name: field.name,
    number,
    ...context.shapes.field(typed, encoding),
  };
  return member;
}

function oneofMember(
  field: FieldItem,
  { typed, tags }: { readonly typed: Typed; readonly tags: readonly number[] },
  owner: Owner,
  context: MemberContext,
): OneofShape {
  const { build, isOptional } = context.oneof(typed);
  owner.definition.uses.add(build);
  const at = { path: `${owner.path}.${field.name}`, location: field.location };
  context.findings.later(owner.definition, at, () => {
    checkTags(build, tags);
    if (isOptional === (build.empty === undefined)) return;
    unresolved(
      isOptional
        ? `"${build.name}" has the empty variant "${build.empty}", so it is not in an Option`
        : `"${build.name}" has no empty variant, so it must be in an Option here`,
    );
  });
  return { kind: "oneof", name: field.name, variants: build.variants };
}

/** The list of a field repeats the tags of the enum; one that differs does not compile. */
function checkTags({ name, variants, problems }: OneofBuild, tags: readonly number[]): void {
  if (problems.length > 0) return;
  const own = variants.map(({ number }) => number).sort((left, right) => left - right);
  if (own.join() === tags.join()) return;
  unresolved(`the list has the tags ${tags.join(", ")}, and "${name}" has ${own.join(", ")}`);
}
