/**
 * Does a reader see what the writer meant? Two values are walked along the two schemas they were
 * made with. Members are matched by name; what is left is matched by number where the format
 * writes numbers, because there a rename changes nothing on the wire. A name that both sides have
 * is never matched otherwise: two swapped fields are a difference, not two renames.
 */
import type {
  FieldDescription,
  MemberDescription,
  MessageDescription,
  OneofDescription,
  TypeDescription,
} from "../codec-host.ts";
import { memberNamed, numberOfVariant, type SchemaView } from "../schema-view.ts";
import { isEmpty, isEmptyValue, isObject, isSame, looksEmpty } from "./empty.ts";

export interface Difference {
  /** As in the value: `entries[3].kind`. */
  readonly path: string;
  /** `unmatched`: the member exists on one side only, or has another kind of type there. */
  readonly kind: "changed" | "unmatched";
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface Sides {
  readonly writer: SchemaView;
  readonly reader: SchemaView;
  /** Whether members left over by name may match by number. Wrong for string keys and across versions. */
  readonly byNumber: boolean;
}

/** What the writer meant and what the reader saw, at one path. */
interface Pair {
  readonly meant: unknown;
  readonly seen: unknown;
  readonly path: string;
}

type Differences = readonly Difference[];
const NONE: Differences = [];

export function compareMessages(
  name: string,
  expected: unknown,
  actual: unknown,
  sides: Sides,
): Differences {
  const [writer, reader] = [sides.writer.message(name), sides.reader.message(name)];
  const pair = { meant: expected, seen: actual, path: "" };
  if (writer === undefined || reader === undefined) return unmatched(pair);
  return compareMembers(sides, writer, reader, pair);
}

function compareMembers(
  sides: Sides,
  writer: MessageDescription,
  reader: MessageDescription,
  pair: Pair,
): Differences {
  const { meant, seen, path } = pair;
  if (!isObject(meant) || !isObject(seen)) return changed(pair);
  const matched = new Set<MemberDescription>();
  const found = writer.members.flatMap((member) => {
    const partner = partnerOf(member, writer, reader, sides.byNumber);
    if (partner) matched.add(partner);
    return compareMember(sides, member, partner, {
      meant: meant[member.name],
      seen: partner && seen[partner.name],
      path: join(path, member.name),
    });
  });
  const added = reader.members
    .filter((member) => !matched.has(member))
    .filter((member) => !isEmptyMember(seen[member.name], member, sides.reader))
    .flatMap(({ name }) =>
      unmatched({ meant: undefined, seen: seen[name], path: join(path, name) }),
    );
  // Members of other versions may be shown when they are empty; the empty value of an enumeration
  // has a name, so text does not count here.
  const foreign = Object.keys(seen)
    .filter((name) => memberNamed(reader, name) === undefined)
    .filter((name) => typeof seen[name] !== "string" && !looksEmpty(seen[name]))
    .flatMap((name) => unmatched({ meant: meant[name], seen: seen[name], path: join(path, name) }));
  return [...found, ...added, ...foreign];
}

function partnerOf(
  member: MemberDescription,
  writer: MessageDescription,
  reader: MessageDescription,
  byNumber: boolean,
): MemberDescription | undefined {
  const named = memberNamed(reader, member.name);
  if (named || !byNumber) return named;
  return reader.members.find(
    (other) => memberNamed(writer, other.name) === undefined && hasNumberOf(other, member),
  );
}

function hasNumberOf(a: MemberDescription, b: MemberDescription): boolean {
  if (a.kind === "field") return b.kind === "field" && a.number === b.number;
  return (
    b.kind === "oneof" &&
    a.variants.some(({ number }) => b.variants.some((variant) => variant.number === number))
  );
}

function compareMember(
  sides: Sides,
  member: MemberDescription,
  partner: MemberDescription | undefined,
  pair: Pair,
): Differences {
  if (member.kind === "oneof" && partner?.kind === "oneof") {
    return compareOneofs(sides, member, partner, pair);
  }
  if (member.kind === "field" && partner?.kind === "field") {
    return compareFields(sides, member, partner, pair);
  }
  return isEmptyMember(pair.meant, member, sides.writer) ? NONE : unmatched(pair);
}

function compareFields(
  sides: Sides,
  field: FieldDescription,
  partner: FieldDescription,
  pair: Pair,
): Differences {
  const { meant, seen } = pair;
  if (meant !== undefined && seen !== undefined) {
    return compareValues(sides, field.type, partner.type, pair);
  }
  // One side says absent: the same only where the other side cannot tell absent from empty.
  const isNothing =
    meant === undefined
      ? isEmpty(seen, partner, sides.reader)
      : isEmpty(meant, field, sides.writer);
  return isNothing ? NONE : changed(pair);
}

function compareOneofs(
  sides: Sides,
  oneof: OneofDescription,
  partner: OneofDescription,
  pair: Pair,
): Differences {
  const { meant, seen, path } = pair;
  if (!isObject(meant)) return isObject(seen) ? changed(pair) : NONE;
  const variant = oneof.variants.find(({ name }) => name === meant.case);
  const other = variant && variantPartner(sides, variant, oneof, partner);
  if (variant === undefined) return changed(pair);
  if (other === undefined) return unmatched(pair);
  if (!isObject(seen) || seen.case !== other.name) return changed(pair);
  return compareValues(sides, variant.type, other.type, {
    meant: meant.value,
    seen: seen.value,
    path: join(path, variant.name),
  });
}

function variantPartner(
  sides: Sides,
  variant: FieldDescription,
  oneof: OneofDescription,
  partner: OneofDescription,
): FieldDescription | undefined {
  const named = partner.variants.find(({ name }) => name === variant.name);
  if (named || !sides.byNumber) return named;
  return partner.variants.find(
    ({ name, number }) =>
      number === variant.number && !oneof.variants.some((own) => own.name === name),
  );
}

function compareValues(
  sides: Sides,
  type: TypeDescription,
  other: TypeDescription,
  pair: Pair,
): Differences {
  if (type.kind === "list" && other.kind === "list") {
    return compareLists(sides, type.item, other.item, pair);
  }
  if (type.kind === "map" && other.kind === "map") return compareMaps(sides, type, other, pair);
  if (type.kind === "message" && other.kind === "message") {
    const writer = sides.writer.message(type.name);
    const reader = sides.reader.message(other.name);
    if (writer && reader) return compareMembers(sides, writer, reader, pair);
  }
  if (isSameScalar(sides, type, other, pair)) return NONE;
  if (type.kind === other.kind) return changed(pair);
  const isNothing =
    isEmptyValue(pair.meant, type, sides.writer) && isEmptyValue(pair.seen, other, sides.reader);
  return isNothing ? NONE : unmatched(pair);
}

function compareLists(
  sides: Sides,
  item: TypeDescription,
  other: TypeDescription,
  pair: Pair,
): Differences {
  const { meant, seen, path } = pair;
  if (!Array.isArray(meant) || !Array.isArray(seen) || meant.length !== seen.length) {
    return changed(pair);
  }
  return meant.flatMap((one, place) =>
    compareValues(sides, item, other, { meant: one, seen: seen[place], path: `${path}[${place}]` }),
  );
}

type MapType = Extract<TypeDescription, { kind: "map" }>;

function compareMaps(sides: Sides, type: MapType, other: MapType, pair: Pair): Differences {
  const { meant, seen, path } = pair;
  if (!Array.isArray(meant) || !Array.isArray(seen) || meant.length !== seen.length) {
    return changed(pair);
  }
  const ordered = byKey(seen);
  return byKey(meant).flatMap(([key, value], place) => {
    const [seenKey, seenValue] = ordered[place] ?? [];
    const here = `${path}[${JSON.stringify(key)}]`;
    const keys = { meant: key, seen: seenKey, path: here };
    if (!isSameScalar(sides, type.key, other.key, keys)) return changed(keys);
    return compareValues(sides, type.value, other.value, {
      meant: value,
      seen: seenValue,
      path: here,
    });
  });
}

type MapEntry = readonly [key: unknown, value: unknown];

function byKey(entries: readonly MapEntry[]): MapEntry[] {
  const text = ([key]: MapEntry) => JSON.stringify(key);
  return [...entries].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function isSameScalar(
  sides: Sides,
  type: TypeDescription,
  other: TypeDescription,
  { meant, seen }: Pair,
): boolean {
  if (type.kind === "integer" && other.kind === "integer") return isSameInteger(meant, seen);
  if (type.kind !== "enumeration" || other.kind !== "enumeration") {
    return type.kind === other.kind && isSame(meant, seen);
  }
  if (meant === seen) return true;
  const own = sides.writer.enumeration(type.name);
  const foreign = sides.reader.enumeration(other.name);
  const isRenamed =
    !foreign?.variants.some(({ name }) => name === meant) &&
    !own?.variants.some(({ name }) => name === seen);
  // A bare number where the writer had a word is no rename: the reader can not act on it.
  if (own?.variants.some(({ name }) => name === meant) && /^unknown\(/.test(String(seen)))
    return false;
  const number = numberOfVariant(own, meant);
  return isRenamed && number !== undefined && number === numberOfVariant(foreign, seen);
}

/** A number and a decimal string are the same integer: a field may have been widened to all 64 bits. */
function isSameInteger(a: unknown, b: unknown): boolean {
  return isInteger(a) && isInteger(b) && BigInt(a) === BigInt(b);
}

export function isInteger(value: unknown): value is number | string {
  return Number.isInteger(value) || (typeof value === "string" && /^-?\d+$/.test(value));
}

function isEmptyMember(value: unknown, member: MemberDescription, view: SchemaView): boolean {
  if (member.kind === "oneof") return (value ?? null) === null;
  return isEmpty(value, member, view);
}

function changed({ meant, seen, path }: Pair): Differences {
  return [{ path, kind: "changed", expected: meant, actual: seen }];
}

function unmatched({ meant, seen, path }: Pair): Differences {
  return [{ path, kind: "unmatched", expected: meant, actual: seen }];
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
