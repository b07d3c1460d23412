/**
 * What a length-delimited body may be. The bytes alone do not say (§18 of the Bilrost specification),
 * so every plausible reading is given, the best one first:
 *
 * - text: UTF-8 without control characters but tab and line ends; the first 64 KiB are looked at
 * - a message: all of its fields can be walked over, and no tag is above 4095
 * - packed varints: the last one ends where the body ends; bodies up to 64 KiB only
 * - bytes: always
 */
import { DecodeError } from "../errors.ts";
import type { Cursor, Dialect } from "./cursor.ts";
import { guessVarint } from "./scalars.ts";
import { type Scan, scanFields } from "./scan.ts";
import type { Reading } from "./tree.ts";

/** Bytes that a guess looks at. A message is always walked over to its end. */
export const LOOKAHEAD_MAX = 64 * 1024;
export const TAG_PLAUSIBLE_MAX = 4095;
/** Text and items that are kept for people to see. */
const TEXT_KEPT = 1024;
const ITEMS_KEPT = 16;

/** A guess that the body is a message; its pieces are read only if it is the best one. */
export type BodyGuess = Reading | { readonly as: "message"; readonly scan: Scan };

export function guessBody(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): BodyGuess[] {
  if (start === end) return [{ as: "empty" }];
  const body = bytes.subarray(start, end);
  const text = guessText(body);
  const message = guessMessage(dialect, bytes, start, end);
  const packed = guessPacked(dialect, bytes, start, end);
  const isTextFirst = text?.isStrong && !(message && beginsWithControl(body));
  const ordered = isTextFirst ? [text.reading, message, packed] : [message, packed, text?.reading];
  return [...ordered.filter((guess) => guess !== undefined), { as: "bytes" }];
}

function guessMessage(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): { as: "message"; scan: Scan } | undefined {
  const scan = scanFields(dialect, bytes, start, end);
  return !scan.error && scan.tagMax <= TAG_PLAUSIBLE_MAX ? { as: "message", scan } : undefined;
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

function guessPacked(
  dialect: Dialect,
  bytes: Uint8Array,
  start: number,
  end: number,
): Reading | undefined {
  if (end - start > LOOKAHEAD_MAX) return undefined;
  try {
    const cursor = dialect.open(bytes, start, end);
    return readPacked("packed varints", cursor, () => guessVarint(cursor.varint(), false)[0]);
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
