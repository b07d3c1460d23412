/**
 * Hello, Welcome and Refusal bodies, read and written naively from the layout in ARCHITECTURE.md,
 * so that a release is judged by the document and not by its own code.
 */
export interface HelloItem {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Top bit of an item's type: who does not know the item must refuse. */
export const CRITICAL = 0x8000;

export function writeItems(items: readonly HelloItem[]): Uint8Array {
  return Uint8Array.from(
    items.flatMap(({ type, content }) => [...u16(type), ...u16(content.length), ...content]),
  );
}

/** Undefined when the body is not a list of items. */
export function readItems(body: Uint8Array): HelloItem[] | undefined {
  const items: HelloItem[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + 4 > body.length) return undefined;
    const length = number(body.subarray(at + 2, at + 4));
    if (at + 4 + length > body.length) return undefined;
    const content = body.slice(at + 4, at + 4 + length);
    items.push({ type: number(body.subarray(at, at + 2)), content });
    at += 4 + length;
  }
  return items;
}

export function u16(value: number): number[] {
  return [value & 255, (value >>> 8) & 255];
}

export function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

/** Little-endian. */
export function number(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
