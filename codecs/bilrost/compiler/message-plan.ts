/**
 * What both generators need to know of a message before they write code: members in the order of their
 * tags, which messages get a function of their own, and what is left to the interpreter.
 */

import type { ShapePath } from "../../generation/shape-path.ts";
import type { Limits } from "../../limits.ts";
import type { FieldShape, MessageShape, OneofShape, Shape } from "../../schema/shape.ts";

/** A field, or one variant of a oneof: they stand on the wire by their own tags. */
export interface Place {
  readonly tag: number;
  readonly field: FieldShape;
  /** The oneof it belongs to, undefined for a field. */
  readonly oneof: OneofShape | undefined;
  readonly path: ShapePath;
}

export function placesOf(shape: MessageShape, path: ShapePath): Place[] {
  const places = shape.members.flatMap((member): Place[] =>
    member.kind === "field"
      ? [{ tag: member.number, field: member, oneof: undefined, path: [...path, member.name] }]
      : member.variants.map((field) => ({
          tag: field.number,
          field,
          oneof: member,
          path: [...path, member.name, field.name],
        })),
  );
  return places.sort((left, right) => left.tag - right.tag);
}

/** Members as the interpreter orders them, so that values of both have one form. */
export function membersOf(shape: MessageShape): (FieldShape | OneofShape)[] {
  const lowest = (member: FieldShape | OneofShape): number =>
    member.kind === "field"
      ? member.number
      : Math.min(...member.variants.map(({ number }) => number));
  return [...shape.members].sort((left, right) => lowest(left) - lowest(right));
}

/** Types that are rare and intricate go through the interpreter's codec of that one value. */
export function isLeftToInterpreter(type: Shape): boolean {
  switch (type.kind) {
    case "time":
      return true;
    case "list":
      return type.set === true || (type.length ?? 0) > 16 || isLeftToInterpreter(type.item);
    case "map":
      return !["bool", "integer", "string", "enumeration"].includes(type.key.kind);
    case "enumeration":
      return type.enumeration.variants.size > 256;
    default:
      return false;
  }
}

const INLINE_MEMBERS_MAX = 16;

/** A message whose code stands where it is used: small, and without messages or maps in it. */
export function isLeaf(shape: MessageShape): boolean {
  const places = placesOf(shape, []);
  return places.length <= INLINE_MEMBERS_MAX && places.every(({ field }) => isFlat(field.type));
}

function isFlat(type: Shape): boolean {
  if (type.kind === "list") return isFlat(type.item);
  return type.kind !== "message" && type.kind !== "map";
}

/** Whether messages nest without an end, so that depth has to be counted at run time. */
export function isRecursive(root: MessageShape): boolean {
  const open = new Set<MessageShape>();
  const done = new Set<MessageShape>();
  const visit = (message: MessageShape): boolean => {
    if (open.has(message)) return true;
    if (done.has(message)) return false;
    open.add(message);
    const found = reached(message).some(visit);
    open.delete(message);
    done.add(message);
    return found;
  };
  return visit(root);
}

/** Levels of counted messages under a root that does not recurse. */
function depthOf(root: MessageShape): number {
  const known = new Map<MessageShape, number>();
  const measure = (message: MessageShape): number => {
    const before = known.get(message);
    if (before !== undefined) return before;
    const depth = Math.max(
      timeLevelsIn(message),
      ...reached(message).map((inner) => 1 + measure(inner)),
    );
    known.set(message, depth);
    return depth;
  };
  return measure(root);
}

/** A zoned time is a message in a message, and nothing here has more levels. */
const TIME_LEVELS = 2;

function timeLevelsIn({ members }: MessageShape): number {
  const types = members.flatMap((one) => (one.kind === "field" ? [one] : one.variants));
  return types.some(({ type }) => hasTime(type)) ? TIME_LEVELS : 0;
}

function hasTime(type: Shape): boolean {
  if (type.kind === "list") return hasTime(type.item);
  return (
    type.kind === "time" || (type.kind === "map" && (hasTime(type.key) || hasTime(type.value)))
  );
}

function reached(message: MessageShape): MessageShape[] {
  return message.members.flatMap((member) =>
    (member.kind === "field" ? [member] : member.variants).flatMap(({ type }) => within(type)),
  );
}

function within(type: Shape): MessageShape[] {
  if (type.kind === "message") return [type.message()];
  if (type.kind === "list") return within(type.item);
  return type.kind === "map" ? [...within(type.key), ...within(type.value)] : [];
}

const TEXTS_MIN = 4;

/** Four texts or more, lists counted twice, and no payload anywhere. */
export function isRichInTexts(root: MessageShape): boolean {
  const seen = new Set<MessageShape>();
  let texts = 0;
  const look = (type: Shape, weight: number): boolean => {
    if (type.kind === "bytes") return false;
    if (type.kind === "string") texts += weight;
    if (type.kind === "list") return look(type.item, weight * 2);
    if (type.kind === "map") return look(type.key, weight * 2) && look(type.value, weight * 2);
    return type.kind !== "message" || visit(type.message(), weight);
  };
  const visit = (message: MessageShape, weight: number): boolean => {
    if (seen.has(message)) return true;
    seen.add(message);
    return placesOf(message, []).every(({ field }) => look(field.type, weight));
  };
  return visit(root, 1) && texts >= TEXTS_MIN;
}

const TAG_MAX = 2 ** 28;

/** False for what is better interpreted: tags whose keys leave 32 bits, nesting beyond the limit. */
export function canCompile(root: MessageShape, { depthMax }: Limits): boolean {
  const seen = new Set<MessageShape>();
  const fits = (message: MessageShape): boolean => {
    if (seen.has(message)) return true;
    seen.add(message);
    const tags = placesOf(message, []).map(({ tag }) => tag);
    return tags.every((tag) => tag < TAG_MAX) && reached(message).every(fits);
  };
  return fits(root) && (isRecursive(root) || depthOf(root) <= depthMax);
}

/** The expression of a helper for one place of the schema, made when the code is linked. */
export function helperAt(maker: "codec" | "order", path: ShapePath): string {
  return `H.${maker}(${JSON.stringify(path)})`;
}
