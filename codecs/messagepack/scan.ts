/**
 * Walks over MessagePack bytes without making values. The library trusts the lengths it reads, does
 * not say where it failed and lets a repeated key win silently; so the bytes are judged here first,
 * and on the way out of an error the place is found here again.
 */
import { DecodeError } from "../errors.ts";
import type { Limits } from "../limits.ts";

/** What stands at a position: where its content begins and how many values follow inside. */
interface Head {
  readonly kind: "scalar" | "text" | "binary" | "array" | "map";
  /** First byte after the head; for scalars, after the value. */
  readonly next: number;
  /** Bytes of text and binary, items of arrays, pairs of maps. */
  readonly count: number;
}

const SCALAR_BYTES: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};
const EXTENSIONS = "Cannot read an extension type: this protocol has none";

/** Throws `DecodeError` unless the bytes are one well-formed value within the limits. */
export function checkMessagePack(bytes: Uint8Array, limits: Limits): void {
  const end = checkValue(bytes, 0, limits, 0);
  if (end < bytes.length) {
    throw new DecodeError(
      "Malformed",
      `${bytes.length - end} bytes follow the end of the value`,
      end,
    );
  }
}

function checkValue(bytes: Uint8Array, at: number, limits: Limits, depth: number): number {
  const { kind, next, count } = readHead(bytes, at);
  switch (kind) {
    case "scalar":
      return next;
    case "text":
      checkCount(count, limits.lengthMax, at);
      decodeText(bytes, next, count, "text");
      return next + count;
    case "binary":
      checkCount(count, limits.lengthMax, at);
      return next + count;
    case "array":
      enter(depth, limits, count, at);
      return checkItems(bytes, next, count, limits, depth + 1);
    case "map":
      enter(depth, limits, count, at);
      return checkPairs(bytes, next, count, limits, depth + 1);
  }
}

/** Arrays nest twice per level (a map of messages is an array of pairs), hence the factor. */
function enter(depth: number, limits: Limits, count: number, at: number): void {
  if (depth > 3 * limits.depthMax) {
    throw new DecodeError("RecursionLimitReached", `more than ${limits.depthMax} levels`, at);
  }
  checkCount(count, limits.countMax, at);
}

function checkCount(count: number, max: number, at: number): void {
  if (count > max) throw new DecodeError("LimitExceeded", `${count} is more than ${max}`, at);
}

function checkItems(
  bytes: Uint8Array,
  from: number,
  count: number,
  limits: Limits,
  depth: number,
): number {
  let at = from;
  for (let item = 0; item < count; item++) at = checkValue(bytes, at, limits, depth);
  return at;
}

function checkPairs(
  bytes: Uint8Array,
  from: number,
  count: number,
  limits: Limits,
  depth: number,
): number {
  const keys = new Set<string>();
  let at = from;
  for (let pair = 0; pair < count; pair++) {
    const key = readKey(bytes, at);
    if (keys.has(key.text)) {
      throw new DecodeError("UnexpectedlyRepeated", `key "${key.text}" stands twice`, at);
    }
    keys.add(key.text);
    at = checkValue(bytes, key.next, limits, depth);
  }
  return at;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readKey(bytes: Uint8Array, at: number): { text: string; next: number } {
  const { kind, next, count } = readHead(bytes, at);
  if (kind !== "text") throw new DecodeError("WrongWireType", "a key that is not text", at);
  return { text: decodeText(bytes, next, count, "a key"), next: next + count };
}

/** The library repairs what is not UTF-8; we refuse it. */
function decodeText(bytes: Uint8Array, from: number, count: number, what: string): string {
  try {
    return UTF8.decode(bytes.subarray(from, from + count));
  } catch {
    throw new DecodeError("InvalidValue", `${what} that is not UTF-8`, from);
  }
}

function readHead(bytes: Uint8Array, at: number): Head {
  const first = bytes[at];
  if (first === undefined) throw new DecodeError("Truncated", "the input ends", at);
  if (first < 0x80 || first >= 0xe0) return { kind: "scalar", next: at + 1, count: 0 };
  if (first < 0x90) return container("map", bytes, at + 1, first & 0x0f, 2);
  if (first < 0xa0) return container("array", bytes, at + 1, first & 0x0f, 1);
  if (first < 0xc0) return run("text", bytes, at + 1, first & 0x1f);
  const size = SCALAR_BYTES[first];
  if (size !== undefined) {
    const next = at + 1 + size;
    if (next > bytes.length) throw new DecodeError("Truncated", `${size} bytes needed`, at + 1);
    return { kind: "scalar", next, count: 0 };
  }
  return readLongHead(bytes, at, first);
}

function readLongHead(bytes: Uint8Array, at: number, first: number): Head {
  const start = at + 1;
  if (first >= 0xc4 && first <= 0xc6) return sized(bytes, start, 1 << (first - 0xc4), "binary");
  if (first >= 0xd9 && first <= 0xdb) return sized(bytes, start, 1 << (first - 0xd9), "text");
  if (first === 0xdc || first === 0xdd) return sized(bytes, start, 2 << (first - 0xdc), "array");
  if (first === 0xde || first === 0xdf) return sized(bytes, start, 2 << (first - 0xde), "map");
  if (first === 0xc1) throw new DecodeError("Malformed", "0xc1 begins no value", at);
  throw new DecodeError("Malformed", EXTENSIONS, at);
}

/** MessagePack numbers are big-endian. */
function sized(
  bytes: Uint8Array,
  start: number,
  width: number,
  kind: Exclude<Head["kind"], "scalar">,
): Head {
  if (start + width > bytes.length)
    throw new DecodeError("Truncated", `${width} bytes needed`, start);
  let count = 0;
  for (let place = 0; place < width; place++) count = count * 256 + (bytes[start + place] ?? 0);
  const next = start + width;
  if (kind === "array" || kind === "map")
    return container(kind, bytes, next, count, kind === "map" ? 2 : 1);
  return run(kind, bytes, next, count);
}

function run(kind: "text" | "binary", bytes: Uint8Array, next: number, count: number): Head {
  if (count > bytes.length - next) {
    throw new DecodeError(
      "Truncated",
      `${count} bytes announced, ${bytes.length - next} left`,
      next,
    );
  }
  return { kind, next, count };
}

/** Each item takes a byte at least, so that a count can never ask for more memory than the input has. */
function container(
  kind: "array" | "map",
  bytes: Uint8Array,
  next: number,
  count: number,
  bytesEach: number,
): Head {
  if (count * bytesEach > bytes.length - next) {
    throw new DecodeError(
      "Truncated",
      `${count} items announced, ${bytes.length - next} bytes left`,
      next,
    );
  }
  return { kind, next, count };
}

/** Start and end of the value that a path of keys and positions leads to; the deepest place it could reach. */
export function locate(
  bytes: Uint8Array,
  path: readonly (string | number)[],
): { readonly start: number; readonly end: number } {
  let at = 0;
  for (const step of path) {
    const found = typeof step === "string" ? findKey(bytes, at, step) : findItem(bytes, at, step);
    if (found === undefined) break;
    at = found;
  }
  return { start: at, end: skip(bytes, at) };
}

function findKey(bytes: Uint8Array, at: number, wanted: string): number | undefined {
  const { kind, next, count } = readHead(bytes, at);
  if (kind !== "map") return undefined;
  let position = next;
  for (let pair = 0; pair < count; pair++) {
    const key = readKey(bytes, position);
    if (key.text === wanted) return key.next;
    position = skip(bytes, key.next);
  }
  return undefined;
}

function findItem(bytes: Uint8Array, at: number, place: number): number | undefined {
  const { kind, next, count } = readHead(bytes, at);
  if (kind !== "array" || place >= count) return undefined;
  let position = next;
  for (let item = 0; item < place; item++) position = skip(bytes, position);
  return position;
}

const NO_LIMITS: Limits = { depthMax: 1e6, lengthMax: Infinity, countMax: Infinity };

function skip(bytes: Uint8Array, at: number): number {
  return checkValue(bytes, at, NO_LIMITS, 0);
}
