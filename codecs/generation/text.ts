/**
 * Text in and out of UTF-8 for generated code. Short ASCII goes character by character, which is faster
 * than any call; the rest through Node's own functions where there are any, else the standard ones.
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

/** Longer ones are faster by one call than by a loop. */
const SHORT = 24;
const SHORT_READ = 12;

/** Most bytes that a text may take. */
export const BYTES_EACH = 3;

/** The text alone, from `p` on, into room that suffices. Returns the end; -1 for a lone surrogate. */
export function putText(b: Uint8Array, p: number, text: string): number {
  const count = text.length;
  if (count <= SHORT) {
    let at = p;
    let all = 0;
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      b[at++] = unit;
      all |= unit;
    }
    if (all < 128) return at;
  }
  const written = writeUtf8(b, p, text);
  // A lone surrogate would become U+FFFD, of three bytes.
  return written !== count && !text.isWellFormed() ? -1 : p + written;
}

function writeUtf8(b: Uint8Array, at: number, text: string): number {
  if (utf8Write) return utf8Write.call(b, text, at, text.length * BYTES_EACH);
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

function isAscii(b: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let at = from; at < to; at++) all |= b[at] as number;
  return all < 128;
}

/** A window of many texts, one character a byte: undefined where the runtime has no such call. */
export const latin1: ((b: Uint8Array, from: number, to: number) => string) | undefined =
  latin1Slice && ((b, from, to) => latin1Slice.call(b, from, to));

/** Whether the bytes are UTF-8. */
export function isText(b: Uint8Array, from: number, to: number): boolean {
  return isAscii(b, from, to) || readStandard(b, from, to - from) !== undefined;
}

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
