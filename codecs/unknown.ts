/** Fields that the reader's schema does not know, kept beside the value (law 8). */
import { type FormatName, type MessageValue, UNKNOWN, type UnknownFields } from "./format.ts";
import type { MessageShape } from "./schema/shape.ts";

/** Gives `next` the unknown fields of the message it was made from; spreading alone forgets them. */
export function withUnknown<T extends object>(next: T, previous: object): T {
  const unknown = (previous as MessageValue)[UNKNOWN];
  return unknown === undefined ? next : attachUnknown({ ...next }, unknown);
}

export function attachUnknown<T extends object>(value: T, unknown: UnknownFields): T {
  return Object.defineProperty(value, UNKNOWN, {
    value: unknown,
    enumerable: false,
    configurable: true, // A message field that stands twice adds to what its first occurrence left.
  });
}

/** The unknown fields that may be written back: read in the same format at the same version. */
export function unknownToWrite(
  value: object,
  format: FormatName,
  shape: MessageShape,
): UnknownFields | undefined {
  const unknown = (value as MessageValue)[UNKNOWN];
  const fits = unknown?.format === format && unknown.version === shape.version;
  return fits ? unknown : undefined;
}

/** Unknown fields in a decoded value, at any depth. */
export function countUnknown(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 0;
  let count = (value as MessageValue)[UNKNOWN]?.fields.length ?? 0;
  const parts = value instanceof Map ? [...value.entries()].flat() : Object.values(value);
  for (const part of parts) count += countUnknown(part);
  return count;
}
