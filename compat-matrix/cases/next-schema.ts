/**
 * Bytes from the future: a made-up next schema is today's with one more field in each message and
 * one more variant in each oneof. What it writes tells whether today's reader keeps what it does
 * not know (law 8), before any such future exists.
 */

import type { Format, MessageShape, Shape } from "../../codecs/index.ts";
import * as codecs from "../../codecs/index.ts";
import type {
  FieldDescription,
  MemberDescription,
  MessageDescription,
  TypeDescription,
} from "../codec-host.ts";
import { messageInside, type SchemaView } from "../schema-view.ts";
import { isObject } from "../values/empty.ts";
import { sampleMessage } from "./sample.ts";
import { sitesOf } from "./sites.ts";

export interface FutureCase {
  readonly case: string;
  /** What today's reader sees. */
  readonly value: unknown;
  readonly bytes: Uint8Array;
  /** How many fields it does not know. */
  readonly unknownFields: number;
}

/** The formats of this build, whichever they are: an early one has fewer. */
const FORMATS: readonly Format[] = Object.values(
  codecs as Readonly<Record<string, unknown>>,
).filter(isFormat);

function isFormat(exported: unknown): exported is Format {
  return (
    typeof exported === "object" && exported !== null && "compile" in exported && "name" in exported
  );
}

/** Without the format there are no bytes from the future. */
export function hasFormat(name: string): boolean {
  return FORMATS.some((format) => format.name === name);
}

/** Far above any number in use, so that no real later version gives it a meaning. */
const ADDED_NUMBER = 1_000_003;
const ADDED: FieldDescription = {
  kind: "field",
  name: "addedLater",
  number: ADDED_NUMBER,
  type: { kind: "string" },
  presence: "implicit",
};
const ADDED_VALUE = "later";

export function futureCasesOf(message: MessageDescription, view: SchemaView): FutureCase[] {
  const format = FORMATS.find(({ name }) => name === view.format);
  if (format === undefined) return [];
  const shape = nextShape(message, view);
  const codec = format.compile(shape, codecs.DEFAULT_LIMITS);
  const future = (name: string, value: unknown, written: unknown, unknownFields: number) => ({
    case: name,
    value,
    bytes: codec.encode(codecs.messageFromJson(shape, written)),
    unknownFields,
  });
  const value = sampleMessage(message, view, { style: "typical", withOptionals: true });
  const cases = [future("unknown field", value, { ...value, [ADDED.name]: ADDED_VALUE }, 1)];
  const inside = addInside(value, message, view);
  if (inside.count > 0) {
    cases.push(future("unknown field inside", value, inside.value, inside.count));
  }
  for (const path of oneofPaths(message, view)) {
    const sample = (chosen: unknown) =>
      sampleMessage(message, view, {
        style: "minimal",
        withOptionals: false,
        goal: { path, value: chosen },
      });
    const name = path.filter((part) => part !== "[]" && part !== "{}").join(".");
    const added = { case: ADDED.name, value: ADDED_VALUE };
    cases.push(future(`unknown variant ${name}`, sample(null), sample(added), 1));
  }
  return cases;
}

/** Paths of the oneofs at any depth: the sites of their variants, without the last name. */
function oneofPaths(message: MessageDescription, view: SchemaView): string[][] {
  const paths = sitesOf(message, view)
    .filter(({ name }) => name.startsWith("variant "))
    .map(({ goal }) => goal.path.slice(0, -1));
  return [...new Map(paths.map((path) => [path.join("/"), path])).values()];
}

/** The value with the added field in every message below the outermost. */
function addInside(
  value: unknown,
  message: MessageDescription,
  view: SchemaView,
): { readonly value: unknown; readonly count: number } {
  let count = 0;
  const addTo = (held: unknown, type: TypeDescription): unknown => {
    const name = messageInside(type);
    if (name === undefined || held === undefined) return held;
    if (type.kind === "list") return (held as unknown[]).map((item) => addTo(item, type.item));
    if (type.kind === "map") {
      return (held as [unknown, unknown][]).map(([key, item]) => [key, addTo(item, type.value)]);
    }
    count++;
    return { ...addBelow(held, view.message(name)), [ADDED.name]: ADDED_VALUE };
  };
  const addBelow = (held: unknown, description: MessageDescription | undefined): object => {
    const copy: Record<string, unknown> = { ...(held as object) };
    for (const member of description?.members ?? []) {
      copy[member.name] = addToMember(copy[member.name], member);
    }
    return copy;
  };
  const addToMember = (held: unknown, member: MemberDescription): unknown => {
    if (member.kind === "field") return addTo(held, member.type);
    const variant = isObject(held) && member.variants.find(({ name }) => name === held.case);
    return variant && isObject(held)
      ? { case: held.case, value: addTo(held.value, variant.type) }
      : held;
  };
  return { value: addBelow(value, message), count };
}

/** The next schema of a message as the codecs know shapes. Nested ones get the added field too. */
function nextShape(message: MessageDescription, view: SchemaView): MessageShape {
  const shapes = new Map<string, MessageShape>();
  const shapeOf = (description: MessageDescription): MessageShape => {
    const known = shapes.get(description.name);
    if (known) return known;
    const members: MessageShape["members"][number][] = [];
    const shape: MessageShape = { name: description.name, members };
    shapes.set(description.name, shape);
    let variantNumber = ADDED_NUMBER;
    for (const member of description.members) {
      if (member.kind === "field") {
        members.push({ ...member, type: typeShape(member.type) });
        continue;
      }
      variantNumber += 1;
      const added = { ...ADDED, number: variantNumber };
      const variants = [...member.variants, added].map((variant) => ({
        ...variant,
        type: typeShape(variant.type),
      }));
      members.push({ kind: "oneof", name: member.name, variants });
    }
    members.push({ ...ADDED, type: { kind: "string" } });
    return shape;
  };
  const typeShape = (type: TypeDescription): Shape => {
    switch (type.kind) {
      case "message":
        return {
          kind: "message",
          message: () => shapeOf(known(view.message(type.name), type.name)),
        };
      case "list":
        return { ...type, item: typeShape(type.item) };
      case "tuple":
        return codecs.tupleShape(type.items.map(typeShape));
      case "range":
        return codecs.rangeShape(typeShape(type.of), type.inclusive);
      case "map":
        return { kind: "map", key: typeShape(type.key), value: typeShape(type.value) };
      case "enumeration": {
        const { name, open, variants } = known(view.enumeration(type.name), type.name);
        const numbers = new Map(variants.map((variant) => [variant.name, variant.number]));
        return { kind: "enumeration", enumeration: { name, open, variants: numbers } };
      }
      default:
        return type as Shape;
    }
  };
  return shapeOf(message);
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined)
    throw new Error(`Cannot use the description: it names "${name}" but does not describe it`);
  return found;
}
