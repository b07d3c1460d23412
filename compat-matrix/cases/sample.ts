/**
 * Makes one value of a message. A *goal* is a path inside the value with what must stand there;
 * everything on the way to it is made present, so that each variant at any depth gets its case.
 */
import type {
  FieldDescription,
  MemberDescription,
  MessageDescription,
  TypeDescription,
} from "../codec-host.ts";
import type { SchemaView } from "../schema-view.ts";
import { emptyMessage } from "../values/empty.ts";
import { type Style, sampleScalar, sampleTime } from "./scalars.ts";

/** Names from the outermost field inwards; `[]` is a list's item, `{}` a map's value. */
export type Path = readonly string[];

export interface Goal {
  readonly path: Path;
  /** Undefined: it is enough that the path exists. */
  readonly value?: unknown;
}

export interface SampleOptions {
  readonly style: Style;
  readonly goal?: Goal;
  /** Items of top-level lists and maps; two where nothing is said. */
  readonly items?: { readonly scalars: number; readonly messages: number };
  /** Whether optional fields and oneofs off the goal's path are set. */
  readonly withOptionals: boolean;
}

/** Deeper than this, optional parts are left out, so that a message inside itself has an end. */
const DEPTH_MAX = 6;

export function sampleMessage(
  message: MessageDescription,
  view: SchemaView,
  options: SampleOptions,
): Readonly<Record<string, unknown>> {
  return makeMessage(message, { view, options, path: [], names: [message.name], place: 0 });
}

interface Site {
  readonly view: SchemaView;
  readonly options: SampleOptions;
  readonly path: Path;
  /** What the seed of the value is made of. */
  readonly names: readonly string[];
  readonly place: number;
}

function makeMessage(message: MessageDescription, site: Site): Readonly<Record<string, unknown>> {
  const value: Record<string, unknown> = {};
  message.members.forEach((member) => {
    const made = makeMember(member, inside(site, member.name));
    if (made !== undefined) value[member.name] = made;
  });
  return value;
}

function makeMember(member: MemberDescription, site: Site): unknown {
  if (hasArrived(site) && site.options.goal?.value !== undefined) return site.options.goal.value;
  const isWanted = leadsToGoal(site);
  const isSet = isWanted || (site.options.withOptionals && site.path.length <= DEPTH_MAX);
  if (member.kind === "field") {
    if (member.presence === "optional" && !isSet) return undefined;
    return makeField(member, site);
  }
  const wanted = member.variants.find(({ name }) => leadsToGoal(inside(site, name)));
  const variant = wanted ?? member.variants[0];
  if (!isSet || variant === undefined) return null;
  const there = inside(site, variant.name);
  const value =
    hasArrived(there) && site.options.goal?.value !== undefined
      ? site.options.goal.value
      : makeValue(variant.type, there);
  return { case: variant.name, value };
}

function makeField(field: FieldDescription, site: Site): unknown {
  return makeValue(field.type, site);
}

function makeValue(type: TypeDescription, site: Site): unknown {
  switch (type.kind) {
    case "message":
      return makeNested(type.name, site);
    case "list":
      return makeList(type, site);
    case "tuple":
      return type.items.map((item, place) =>
        makeValue(item, { ...inside(site, String(place)), place }),
      );
    case "range":
      return {
        start: makeValue(type.of, { ...inside(site, "start"), place: 0 }),
        end: makeValue(type.of, { ...inside(site, "end"), place: 1 }),
      };
    case "time":
      return sampleTime(type.type);
    case "map":
      return makeMap(type.key, type.value, site);
    default:
      return sampleScalar(type, site.options.style, site);
  }
}

function makeList(type: Extract<TypeDescription, { kind: "list" }>, site: Site): unknown[] {
  const items = range(type.length ?? countOf(type.item, site)).map((place) =>
    makeItem(type.item, { ...inside(site, "[]"), place }),
  );
  if (!type.set) return items;
  const distinct = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...distinct.values()].sort(compareKeys);
}

/** The goal's value belongs to the first item only: the others show that neighbours stay as they are. */
function makeItem(type: TypeDescription, site: Site): unknown {
  if (site.place > 0 && leadsToGoal(site)) {
    const { goal: _, ...options } = site.options;
    return makeValue(type, { ...site, options });
  }
  if (hasArrived(site) && site.options.goal?.value !== undefined) return site.options.goal.value;
  return makeValue(type, site);
}

function makeNested(name: string, site: Site): unknown {
  const message = site.view.message(name);
  if (message === undefined || site.path.length > DEPTH_MAX * 2)
    return emptyMessage(message, site.view);
  return makeMessage(message, site);
}

function makeMap(key: TypeDescription, value: TypeDescription, site: Site): unknown {
  const entries = range(countOf(value, site)).map((place) => {
    const keySite = { ...inside(site, "key"), place };
    return [makeValue(key, keySite), makeItem(value, { ...inside(site, "{}"), place })] as const;
  });
  const distinct = new Map(
    entries.map(([made, held]) => [JSON.stringify(made), [made, held] as const]),
  );
  return [...distinct.values()].sort(([a], [b]) => compareKeys(a, b));
}

/** Canonical order: numbers by value, text by its UTF-8 bytes, bytes by value, false before true. */
export function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [keyText(a), keyText(b)];
  if (/^-?\d+$/.test(left) && /^-?\d+$/.test(right)) return BigInt(left) < BigInt(right) ? -1 : 1;
  const [x, y] = [[...left], [...right]];
  const at = x.findIndex((character, place) => character !== y[place]);
  if (at < 0) return x.length - y.length;
  return (x[at]?.codePointAt(0) ?? 0) - (y[at]?.codePointAt(0) ?? -1);
}

function keyText(key: unknown): string {
  if (typeof key === "object" && key !== null && "hex" in key) return String(key.hex);
  return String(key);
}

function countOf(item: TypeDescription, site: Site): number {
  const { style, items } = site.options;
  if (items && site.path.length === 1) {
    return item.kind === "message" ? items.messages : items.scalars;
  }
  if (site.path.length > DEPTH_MAX) return leadsToGoal(site) ? 1 : 0;
  return style === "minimal" ? 1 : 2;
}

function inside(site: Site, name: string): Site {
  return { ...site, path: [...site.path, name], names: [...site.names, name], place: 0 };
}

function leadsToGoal({ path, options }: Site): boolean {
  const goal = options.goal?.path;
  return goal !== undefined && path.every((name, depth) => goal[depth] === name);
}

function hasArrived(site: Site): boolean {
  return leadsToGoal(site) && site.path.length === site.options.goal?.path.length;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}
