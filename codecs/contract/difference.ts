/**
 * Where two decoded values differ, more strictly than `toEqual`: prototypes, -0, NaN, hidden properties
 * and the unknown fields count. The order of an object's properties does not.
 */
import { UNKNOWN, type UnknownFields } from "../format.ts";

export function differenceOf(left: unknown, right: unknown, path = "value"): string | undefined {
  return compare(left, right, path, asTheyAre);
}

/** The same, but sets, maps and unknown fields may have another order, and what is undefined may be absent. */
export function differenceBesideOrder(left: unknown, right: unknown): string | undefined {
  return compare(left, right, "value", inAnyOrder);
}

type Order = (items: readonly unknown[]) => readonly unknown[];

const asTheyAre: Order = (items) => items;

function compare(left: unknown, right: unknown, path: string, order: Order): string | undefined {
  if (Object.is(left, right)) return undefined;
  if (!isObject(left) || !isObject(right)) return `${path}: ${show(left)} and ${show(right)}`;
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) {
    return `${path}: prototypes ${nameOf(left)} and ${nameOf(right)}`;
  }
  if (left instanceof Uint8Array) return differenceOfBytes(left, right as Uint8Array, path);
  if (left instanceof Set || left instanceof Map) {
    const other = right as Iterable<unknown>;
    return compare(order([...left]), order([...other]), path, order);
  }
  return differenceOfProperties(left, right, path, order);
}

function inAnyOrder(items: readonly unknown[]): readonly unknown[] {
  const told = items.map((item) => [tell(item), item] as const);
  return told.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
}

function tell(value: unknown): string {
  if (!isObject(value)) return `${typeof value} ${String(value)}`;
  if (value instanceof Set || value instanceof Map) return tell(inAnyOrder([...value]));
  if (value instanceof Uint8Array) return value.join();
  return Object.entries(value)
    .map(([name, part]) => `${name}(${tell(part)})`)
    .join();
}

function differenceOfProperties(
  left: object,
  right: object,
  path: string,
  order: Order,
): string | undefined {
  const isStrict = order === asTheyAre;
  const keys = keysOf(left, isStrict);
  if (keys.length !== keysOf(right, isStrict).length) return `${path}: other properties`;
  for (const key of keys) {
    const [one, other] = [describe(left, key), describe(right, key)];
    const at = `${path}.${String(key)}`;
    if (one === undefined || other === undefined) return `${at}: only on one side`;
    if (one.enumerable !== other.enumerable) return `${at}: only one is enumerable`;
    const difference =
      key === UNKNOWN
        ? compare(unknownOf(one.value, order), unknownOf(other.value, order), at, order)
        : compare(one.value, other.value, at, order);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function keysOf(value: object, isStrict: boolean): PropertyKey[] {
  const keys = Reflect.ownKeys(value);
  return isStrict ? keys : keys.filter((key) => Reflect.get(value, key) !== undefined);
}

function unknownOf(value: UnknownFields, order: Order): unknown {
  return { ...value, fields: order(value.fields) };
}

function describe(value: object, key: PropertyKey): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(value, key);
}

function differenceOfBytes(left: Uint8Array, right: Uint8Array, path: string): string | undefined {
  if (left.length !== right.length) return `${path}: ${left.length} and ${right.length} bytes`;
  const at = left.findIndex((byte, place) => byte !== right[place]);
  return at < 0 ? undefined : `${path}[${at}]: ${left[at]} and ${right[at]}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function nameOf(value: object): string {
  return String(Object.getPrototypeOf(value)?.constructor?.name);
}

function show(value: unknown): string {
  if (isObject(value)) return nameOf(value);
  return Object.is(value, -0) ? "-0" : `${typeof value} ${String(value).slice(0, 60)}`;
}
