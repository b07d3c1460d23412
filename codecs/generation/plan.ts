/**
 * What generators need to know of a message before they write code: fields by number, which messages
 * stand where they are used, how deep they nest, and what is better left to the interpreter.
 */
import type { Limits } from "../limits.ts";
import type {
  EnumerationShape,
  FieldShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import type { ShapePath } from "./shape-path.ts";

/** A field, or one variant of a oneof: in the binary formats they stand by their own numbers. */
export interface Place {
  readonly number: number;
  readonly field: FieldShape;
  /** The oneof it belongs to, undefined for a field. */
  readonly oneof: OneofShape | undefined;
  readonly path: ShapePath;
}

/** In ascending order of numbers. */
export function placesOf(shape: MessageShape, path: ShapePath): Place[] {
  const places = shape.members.flatMap((member): Place[] =>
    member.kind === "field"
      ? [{ number: member.number, field: member, oneof: undefined, path: [...path, member.name] }]
      : member.variants.map((field) => ({
          number: field.number,
          field,
          oneof: member,
          path: [...path, member.name, field.name],
        })),
  );
  return places.sort((left, right) => left.number - right.number);
}

const INLINE_MEMBERS_MAX = 16;

/** A message whose code stands where it is used: small, and without messages or maps in it. */
export function isLeaf(shape: MessageShape): boolean {
  const types = typesOf(shape);
  return types.length <= INLINE_MEMBERS_MAX && types.every(isFlat);
}

function isFlat(type: Shape): boolean {
  if (type.kind === "list") return isFlat(type.item);
  return type.kind !== "message" && type.kind !== "map";
}

export function typesOf({ members }: MessageShape): Shape[] {
  return members.flatMap((member) =>
    member.kind === "field" ? [member.type] : member.variants.map(({ type }) => type),
  );
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

/** Levels of messages under a root that does not recurse; `levelsIn` counts what else nests in one of them. */
export function depthOf(
  root: MessageShape,
  levelsIn: (message: MessageShape) => number = () => 0,
): number {
  const known = new Map<MessageShape, number>();
  const measure = (message: MessageShape): number => {
    const before = known.get(message);
    if (before !== undefined) return before;
    const depth = Math.max(
      levelsIn(message),
      ...reached(message).map((inner) => 1 + measure(inner)),
    );
    known.set(message, depth);
    return depth;
  };
  return measure(root);
}

/** Messages that stand in this one. */
export function reached(message: MessageShape): MessageShape[] {
  return typesOf(message).flatMap(within);
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
    return typesOf(message).every((type) => look(type, weight));
  };
  return visit(root, 1) && texts >= TEXTS_MIN;
}

/** Names go into code only as quoted text, and some would still mean something else to an object. */
const NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,199}$/;
/** Keys of the binary formats stay within four bytes. */
const NUMBER_MAX = 2 ** 25 - 1;

/** False for what is better interpreted; rare, every one of them. */
export function canGenerate(root: MessageShape, { depthMax }: Limits): boolean {
  const seen = new Set<MessageShape>();
  const fits = (message: MessageShape): boolean => {
    if (seen.has(message)) return true;
    seen.add(message);
    return (
      message.members.every(({ name }) => NAME.test(name)) &&
      placesOf(message, []).every(
        ({ number, field }) => number <= NUMBER_MAX && NAME.test(field.name) && isPlain(field.type),
      ) &&
      reached(message).every(fits)
    );
  };
  return fits(root) && (isRecursive(root) || depthOf(root) <= depthMax);
}

function isPlain(type: Shape): boolean {
  switch (type.kind) {
    case "integer":
      return type.as === "number" || type.bits === 64;
    case "enumeration":
      return isUsual(type.enumeration);
    case "list":
      return isPlain(type.item);
    case "map":
      return isPlain(type.key) && isPlain(type.value);
    default:
      return true;
  }
}

const VARIANTS_MAX = 256;

/** Each number has one name, and zero is among them where the enumeration is closed. */
function isUsual({ variants, open }: EnumerationShape): boolean {
  const numbers = new Set(variants.values());
  if (variants.size > VARIANTS_MAX || numbers.size < variants.size) return false;
  return open || numbers.has(0);
}
