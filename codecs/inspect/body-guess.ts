/**
 * What a length-delimited body may be. The bytes alone do not say (§18 of the Bilrost specification),
 * so every plausible reading is given, the best one first:
 *
 * - text: UTF-8 without control characters but tab and line ends; the first 64 KiB are looked at
 * - a message: all of its fields can be walked over, and no tag is above 4095
 * - packed items (Bilrost): lengths lead to the end, and the first hundred items are texts or messages
 * - packed varints: the last one ends where the body ends; bodies up to 64 KiB only
 * - bytes: always
 *
 * Bilrost maps and packed fixed numbers are not tried: nearly anything would pass.
 */
import { DecodeError } from "../errors.ts";
import { type Cursor, type Dialect, readLength } from "./cursor.ts";
import { type Scan, scanFields, tightness } from "./scan.ts";
import type { Reading } from "./tree.ts";

/** Bytes that a guess looks at. A message is always walked over to its end. */
export const LOOKAHEAD_MAX = 64 * 1024;
export const TAG_PLAUSIBLE_MAX = 4095;
/** Text and items that are kept for people to see. */
const TEXT_KEPT = 1024;
const ITEMS_KEPT = 16;

/**
 * Every plausible reading, the best one first. A message and packed items come as a summary: their
 * pieces are read only if they are the best.
 */
export function guessBody(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): Reading[] {
  if (start === end) return [{ as: "empty" }];
  const body = bytes.subarray(start, end);
  const text = guessText(body);
  const scan = scanFields(dialect, bytes, start, end);
  const isMessage = !scan.error && scan.tagMax <= TAG_PLAUSIBLE_MAX;
  const message: Reading | undefined = isMessage ? messageReading(scan) : undefined;
  const items = dialect.name === "bilrost" ? guessItems(dialect, bytes, start, end) : undefined;
  const packed = guessPacked(dialect, bytes, start, end);
  const isTextFirst = text?.isStrong && !(isMessage && beginsWithControl(body));
  const areItemsFirst = items && (!isMessage || items.tightness > tightness(scan));
  const ordered = [
    isTextFirst ? text.reading : undefined,
    areItemsFirst ? items.reading : undefined,
    message,
    areItemsFirst ? undefined : items?.reading,
    packed?.isLikely ? packed.reading : undefined,
    isTextFirst ? undefined : text?.reading,
    BYTES,
    packed?.isLikely ? undefined : packed?.reading,
  ];
  return ordered.filter((reading) => reading !== undefined);
}

const BYTES: Reading = { as: "bytes" };

function messageReading(scan: Scan): Reading {
  return { as: "message", summary: summaryOf(scan) };
}

/** Bilrost packs messages and texts, too: lengths that lead to the end, and items that are text or messages without gaps. */
function guessItems(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): { reading: Reading; tightness: number } | undefined {
  const cursor = dialect.open(bytes, start, end);
  let count = 0;
  let sum = 0;
  try {
    for (; cursor.offset < end; count++) {
      const length = readLength(cursor);
      const from = cursor.offset;
      cursor.skip(length);
      if (count >= ITEMS_LOOKED_AT) continue;
      const likely = likelihoodOfItem(dialect, bytes, from, from + length);
      if (likely < ITEM_LIKELY_MIN) return undefined;
      sum += likely;
    }
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  if (count === 0) return undefined;
  const reading = { as: "packed items", summary: count === 1 ? "1 item" : `${count} items` };
  return { reading, tightness: sum / Math.min(count, ITEMS_LOOKED_AT) };
}

const ITEM_BYTES_MIN = 3;
const ITEMS_LOOKED_AT = 100;
const ITEM_LIKELY_MIN = 0.7;

function likelihoodOfItem(dialect: Dialect, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < ITEM_BYTES_MIN) return 0; // Too short to tell anything from chance.
  if (guessText(bytes.subarray(start, end))?.isStrong) return 1;
  const scan = scanFields(dialect, bytes, start, end);
  return scan.error ? 0 : tightness(scan);
}

/** A line end at the start is more often a key: field 1 of protobuf with a length is `0a`. */
function beginsWithControl(body: Uint8Array): boolean {
  return (body[0] as number) < 0x20;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const CONTROL = /[^\P{C}\t\n\r\u200d]/u;
const LETTER = /[\p{L}\p{N}]/u;

/** Strong: it has a letter or a digit, as what people write has. */
export function guessText(body: Uint8Array): { reading: Reading; isStrong: boolean } | undefined {
  const looked = decodePrefix(body, LOOKAHEAD_MAX);
  if (looked === undefined || CONTROL.test(looked)) return undefined;
  return { reading: textReading(looked, body.length), isStrong: LETTER.test(looked) };
}

export function textReading(text: string, byteLength: number): Reading {
  const kept = [...text.slice(0, TEXT_KEPT)].join("");
  const isCut = kept.length < text.length || byteLength > LOOKAHEAD_MAX;
  return { as: "text", value: withoutHalf(kept), ...(isCut && { isCut }) };
}

/** A cut may fall between the two halves of a character. */
function withoutHalf(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1);
}

/** Of a longer text the beginning, cut where a character ends. */
function decodePrefix(body: Uint8Array, most: number): string | undefined {
  if (body.length <= most) return decode(body);
  for (let length = most; length > most - 4; length--) {
    const text = decode(body.subarray(0, length));
    if (text !== undefined) return text;
  }
  return undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Likely: most bytes are small numbers of their own, or the numbers ascend. Half of all random bytes would pass otherwise. */
function guessPacked(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): { reading: Reading; isLikely: boolean } | undefined {
  const length = end - start;
  if (length > LOOKAHEAD_MAX) return undefined;
  const cursor = dialect.open(bytes, start, end);
  let before: number | bigint = -1;
  let ascends = true;
  const next = (): Reading => {
    const value = cursor.varint();
    ascends &&= value > before;
    before = value;
    return { as: "unsigned", value };
  };
  try {
    const reading = readPacked("packed varints", cursor, next);
    const count = reading.list?.count ?? 0;
    return { reading, isLikely: count >= 0.75 * length || (ascends && count > 2) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Reads items to the end of the region; the first few are kept. Throws what `next` throws. */
export function readPacked(as: string, cursor: Cursor, next: () => Reading | undefined): Reading {
  const shown: (boolean | number | bigint | string)[] = [];
  let count = 0;
  while (cursor.offset < cursor.end) {
    const value = next()?.value;
    if (count < ITEMS_KEPT && value !== undefined) shown.push(value);
    count++;
  }
  return { as, list: { shown, count } };
}

/** One line for a message that is not shown in full. */
export function summaryOf({ fieldCount, tagMin, tagMax }: Scan): string {
  if (fieldCount === 1) return `1 field, tag ${tagMin}`;
  const tags = tagMin === tagMax ? `tag ${tagMin}` : `tags ${tagMin} to ${tagMax}`;
  return `${fieldCount} fields, ${tags}`;
}
