/**
 * A toy format for tests of the matrix itself: a message is the JSON text of `[number, value]`
 * pairs, empty implicit fields left out, unknown pairs kept at the end. It shares no code with the
 * real codecs, so a defect there cannot hide a defect of the judge.
 */
import type {
  DecodeResult,
  FieldDescription,
  HostError,
  MessageDescription,
  TypeDescription,
} from "../codec-host.ts";
import { numberOfVariant, type SchemaView } from "../schema-view.ts";
import { emptyMessage, isEmpty, isObject } from "../values/empty.ts";

type Pair = readonly [number: number, value: unknown];

/** Unknown pairs of a message, under a key that no value JSON has. */
const KEPT = "\u0000kept";

export function writeNumbered(
  message: MessageDescription,
  view: SchemaView,
  value: unknown,
): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(writeMessage(message, view, value)));
}

function writeMessage(message: MessageDescription, view: SchemaView, value: unknown): Pair[] {
  const held = isObject(value) ? value : {};
  const pairs = message.members.flatMap((member): Pair[] => {
    const own = held[member.name];
    if (member.kind === "field") {
      if (own === undefined || isEmpty(own, member, view)) return [];
      return [[member.number, writeValue(member.type, view, own)]];
    }
    const variant = isObject(own) && member.variants.find(({ name }) => name === own.case);
    return variant && isObject(own)
      ? [[variant.number, writeValue(variant.type, view, own.value)]]
      : [];
  });
  return [...pairs, ...((held[KEPT] as Pair[] | undefined) ?? [])];
}

function writeValue(type: TypeDescription, view: SchemaView, value: unknown): unknown {
  switch (type.kind) {
    case "message":
      return writeMessage(view.message(type.name) as MessageDescription, view, value);
    case "list":
      return (value as unknown[]).map((item) => writeValue(type.item, view, item));
    case "map":
      return (value as Pair[]).map(([key, item]) => [key, writeValue(type.value, view, item)]);
    case "enumeration":
      return (
        numberOfVariant(view.enumeration(type.name), value) ?? refuse(`no variant ${String(value)}`)
      );
    case "integer":
      return value;
    default:
      return value;
  }
}

export function readNumbered(
  message: MessageDescription,
  view: SchemaView,
  bytes: Uint8Array,
): DecodeResult & { readonly raw?: unknown } {
  try {
    const count = { unknown: 0 };
    const raw = readMessage(message, view, JSON.parse(new TextDecoder().decode(bytes)), count);
    return { ok: true, value: JSON.parse(withoutKept(raw)), unknownFields: count.unknown, raw };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ok: false, error: hostError("DecodeError", "Malformed", text) };
  }
}

function withoutKept(raw: unknown): string {
  return JSON.stringify(raw, (key, value: unknown) => (key === KEPT ? undefined : value));
}

function readMessage(
  message: MessageDescription,
  view: SchemaView,
  pairs: unknown,
  count: { unknown: number },
): unknown {
  if (!Array.isArray(pairs)) return refuse("not a list of pairs");
  const value: Record<string, unknown> = { ...emptyMessage(message, view) };
  const kept: Pair[] = [];
  for (const pair of pairs as Pair[]) {
    const [number, held] = pair;
    const found = findByNumber(message, number);
    if (found === undefined) {
      count.unknown++;
      kept.push(pair);
      continue;
    }
    const read = readValue(found.field.type, view, held, count);
    value[found.member] = found.isVariant ? { case: found.field.name, value: read } : read;
  }
  return kept.length > 0 ? { ...value, [KEPT]: kept } : value;
}

function findByNumber(
  message: MessageDescription,
  number: number,
): { member: string; field: FieldDescription; isVariant: boolean } | undefined {
  for (const member of message.members) {
    if (member.kind === "field") {
      if (member.number === number) return { member: member.name, field: member, isVariant: false };
      continue;
    }
    const field = member.variants.find((variant) => variant.number === number);
    if (field) return { member: member.name, field, isVariant: true };
  }
  return undefined;
}

function readValue(
  type: TypeDescription,
  view: SchemaView,
  held: unknown,
  count: { unknown: number },
): unknown {
  switch (type.kind) {
    case "message":
      return readMessage(view.message(type.name) as MessageDescription, view, held, count);
    case "list":
      return (held as unknown[]).map((item) => readValue(type.item, view, item, count));
    case "map":
      return (held as Pair[]).map(([key, item]) => [key, readValue(type.value, view, item, count)]);
    case "enumeration": {
      const variants = view.enumeration(type.name)?.variants ?? [];
      return variants.find(({ number }) => number === held)?.name ?? `unknown(${String(held)})`;
    }
    case "integer":
      return Number.isInteger(held) || type.as === "bigint" ? held : refuse("not an integer");
    case "string":
      return typeof held === "string" ? held : refuse("not a string");
    default:
      return held;
  }
}

function refuse(why: string): never {
  throw new TypeError(why);
}

export function hostError(kind: HostError["kind"], code: string, message: string): HostError {
  return { kind, code, message, path: [] };
}
