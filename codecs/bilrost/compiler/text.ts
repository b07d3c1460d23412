/**
 * Text in and out of UTF-8. Short ASCII goes byte by byte, which is faster than any call; the rest goes
 * through Node's own functions where there are any, else through the standard ones.
 */
interface NodeBytes {
  utf8Write(this: Uint8Array, text: string, offset: number, length: number): number;
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  latin1Slice(this: Uint8Array, start: number, end: number): string;
}

const NODE = (globalThis as { readonly Buffer?: { readonly prototype?: Partial<NodeBytes> } })
  .Buffer?.prototype;
const utf8Write = NODE?.utf8Write;
const utf8Slice = NODE?.utf8Slice;
const latin1Slice = NODE?.latin1Slice;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Longer ones are read faster by one call than character by character. */
const SHORT_READ = 12;

/** The text behind its length, `room` bytes kept free. -1: too little room, or a lone surrogate. */
export function writeText(b: Uint8Array, p: number, text: string, room: number): number {
  const count = text.length;
  if (p + count * 3 + 5 + room > b.length) return -1;
  return writeLongText(b, p, text);
}

function writeLongText(b: Uint8Array, p: number, text: string): number {
  const guess = text.length < 128 ? 1 : text.length < 16_512 ? 2 : 3;
  const start = p + guess;
  const written = writeUtf8(b, start, text);
  if (written !== text.length && !text.isWellFormed()) return -1;
  const width = written < 128 ? 1 : written < 16_512 ? 2 : written < 2_113_664 ? 3 : 4;
  if (width !== guess) b.copyWithin(p + width, start, start + written);
  writeLength(b, p, written);
  return p + width + written;
}

function writeLength(b: Uint8Array, p: number, length: number): void {
  let rest = length;
  let at = p;
  while (rest > 127) {
    b[at++] = (rest & 127) | 128;
    rest = (rest >>> 7) - 1;
  }
  b[at] = rest;
}

function writeUtf8(b: Uint8Array, at: number, text: string): number {
  if (utf8Write) return utf8Write.call(b, text, at, text.length * 3);
  return ENCODER.encodeInto(text, b.subarray(at)).written;
}

/** `n` bytes from `p` as text; undefined when they are not UTF-8. */
export function readText(b: Uint8Array, p: number, n: number): string | undefined {
  if (n <= SHORT_READ && isAscii(b, p, p + n)) return readShort(b, p, n);
  if (utf8Slice === undefined) return readStandard(b, p, n);
  const text = utf8Slice.call(b, p, p + n);
  // What cannot be read becomes U+FFFD, which may also stand there in its own right.
  return text.includes("\ufffd") ? readStandard(b, p, n) : text;
}

function readStandard(b: Uint8Array, p: number, n: number): string | undefined {
  try {
    return DECODER.decode(b.subarray(p, p + n));
  } catch {
    return undefined;
  }
}

/** Whether the bytes are UTF-8. */
export function isText(b: Uint8Array, from: number, to: number): boolean {
  return isAscii(b, from, to) || readStandard(b, from, to - from) !== undefined;
}

/** Whether all bytes are ASCII. */
function isAscii(b: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let at = from; at < to; at++) all |= b[at] as number;
  return all < 128;
}

/** A window of many texts, one character a byte: undefined where the runtime has no such call. */
export const latin1: ((b: Uint8Array, from: number, to: number) => string) | undefined =
  latin1Slice && ((b, from, to) => latin1Slice.call(b, from, to));

type Short = (b: Uint8Array, p: number) => string;
const char = String.fromCharCode;

/** By count of characters: one call with as many arguments. */
const SHORTS: readonly Short[] = [
  () => "",
  (b, p) => char(b[p] as number),
  (b, p) => char(b[p] as number, b[p + 1] as number),
  (b, p) => char(b[p] as number, b[p + 1] as number, b[p + 2] as number),
  (b, p) => char(b[p] as number, b[p + 1] as number, b[p + 2] as number, b[p + 3] as number),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
      b[p + 7] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
      b[p + 7] as number,
      b[p + 8] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
      b[p + 7] as number,
      b[p + 8] as number,
      b[p + 9] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
      b[p + 7] as number,
      b[p + 8] as number,
      b[p + 9] as number,
      b[p + 10] as number,
    ),
  (b, p) =>
    char(
      b[p] as number,
      b[p + 1] as number,
      b[p + 2] as number,
      b[p + 3] as number,
      b[p + 4] as number,
      b[p + 5] as number,
      b[p + 6] as number,
      b[p + 7] as number,
      b[p + 8] as number,
      b[p + 9] as number,
      b[p + 10] as number,
      b[p + 11] as number,
    ),
];

function readShort(b: Uint8Array, p: number, n: number): string {
  return (SHORTS[n] as Short)(b, p);
}
