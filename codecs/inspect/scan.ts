/**
 * Walks over the fields of one region without looking into their bodies: whether it is a message at
 * all, and what kind of one. It touches each byte at most once and keeps nothing, so any input may be tried.
 */
import { DecodeError } from "../errors.ts";
import { type Cursor, type Dialect, type Key, readLength } from "./cursor.ts";
import { DEPTH_MAX } from "./inspecting.ts";

export interface Scan {
  readonly fieldCount: number;
  readonly distinctTags: number;
  readonly tagMin: number;
  readonly tagMax: number;
  /** Fields whose tag is lower than the one before. Writers do not do that. */
  readonly descents: number;
  /** Where the first field stands that cannot be read; the end of the region when all can. */
  readonly end: number;
  readonly error?: DecodeError;
}

export function scanFields(dialect: Dialect, bytes: Uint8Array, start: number, end: number): Scan {
  return scanFrom(dialect.open(bytes, start, end), 0);
}

/** From where the cursor stands to the end of its region, or behind the end of the open group. */
export function scanFrom(cursor: Cursor, tagBefore: number, openGroup?: number): Scan {
  let previous = tagBefore;
  let [fieldCount, distinctTags, tagMin, tagMax, descents] = [0, 0, Infinity, 0, 0];
  let error: DecodeError | undefined;
  let at = cursor.offset;
  try {
    for (; at < cursor.end; at = cursor.offset) {
      const key = cursor.key(previous);
      if (key.wire === "group end" && key.tag === openGroup) {
        at = cursor.offset;
        break;
      }
      skipBody(cursor, key, at);
      if (fieldCount === 0 || key.tag !== previous) distinctTags++;
      if (fieldCount > 0 && key.tag < previous) descents++;
      tagMin = Math.min(tagMin, key.tag);
      tagMax = Math.max(tagMax, key.tag);
      previous = key.tag;
      fieldCount++;
    }
  } catch (caught) {
    if (!(caught instanceof DecodeError)) throw caught;
    error = caught;
  }
  const scan = { fieldCount, distinctTags, tagMin, tagMax, descents, end: at };
  return error === undefined ? scan : { ...scan, error };
}

/** 1 when every tag from the first to the last is there, near 0 for a few scattered ones. */
export function tightness({ distinctTags, tagMin, tagMax, descents, fieldCount }: Scan): number {
  if (fieldCount === 0) return 0;
  const possible = tagMin === 0 ? tagMax + 1 : tagMax;
  return Math.min(1, distinctTags / possible) / (1 + descents);
}

/** `start` is where the key began. */
export function skipBody(cursor: Cursor, { tag, wire }: Key, start: number): void {
  switch (wire) {
    case "varint":
      cursor.varint();
      return;
    case "fixed 32-bit":
      cursor.skip(4);
      return;
    case "fixed 64-bit":
      cursor.skip(8);
      return;
    case "length-delimited":
      cursor.skip(readLength(cursor));
      return;
    case "group":
      skipGroup(cursor, tag);
      return;
    case "group end":
      throw strayGroupEnd(tag, start);
  }
}

/** Groups have no length: their fields must be walked over, and a list of the open ones is kept instead of recursion. */
function skipGroup(cursor: Cursor, tag: number): void {
  const open = [tag];
  while (open.length > 0) {
    const start = cursor.offset;
    const key = cursor.key(0);
    if (key.wire === "group end") {
      if (open.pop() !== key.tag) throw strayGroupEnd(key.tag, start);
    } else if (key.wire === "group") {
      open.push(key.tag);
      if (open.length > DEPTH_MAX) throw tooDeep(start);
    } else skipBody(cursor, key, start);
  }
}

export function strayGroupEnd(tag: number, start: number): DecodeError {
  return new DecodeError("Malformed", `Cannot close group ${tag}: it is not open`, start);
}

export function tooDeep(start: number): DecodeError {
  const problem = `Cannot read message: it is nested deeper than ${DEPTH_MAX}`;
  return new DecodeError("RecursionLimitReached", problem, start);
}
