/**
 * Frames between us and a codec host: a little-endian u32, the length of the body in bytes, then
 * the body, which is JSON in UTF-8. A frame that announces too much ends the conversation, because
 * what follows it cannot be told apart from the next frame.
 */

/** Hex doubles bytes, so this leaves room for the longest message that any limit allows. */
export const FRAME_BYTES_MAX: number = 256 * 1024 * 1024;

/** Nested deeper than this, a body is refused before anything recursive looks at it. */
const DEPTH_MAX = 512;

const HEAD_BYTES = 4;

export type HostFrameErrorCode = "TooLong" | "CutOff" | "NotJson";

/** The bytes are no frame, or its body is no JSON. */
export class HostFrameError extends Error {
  override readonly name = "HostFrameError";
  readonly code: HostFrameErrorCode;

  constructor(code: HostFrameErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function writeHostFrame(body: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(body));
  if (text.length > FRAME_BYTES_MAX) throw tooLong(text.length, FRAME_BYTES_MAX);
  const frame = new Uint8Array(HEAD_BYTES + text.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, HEAD_BYTES);
  return frame;
}

/** Collects chunks until frames are whole. It holds what has arrived, never what was announced. */
export class HostFrameReader {
  readonly #bytesMax: number;
  #chunks: Uint8Array[] = [];
  #held = 0;

  constructor(bytesMax: number = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** Bodies that are whole now. Throws `TooLong`, after which the reader must not be used. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    for (let body = this.#take(); body; body = this.#take()) yield body;
  }

  /** Throws `CutOff` when the input ended inside a frame. */
  end(): void {
    if (this.#held === 0) return;
    throw new HostFrameError(
      "CutOff",
      `Cannot read the last frame: the input ends ${this.#held} bytes into it`,
    );
  }

  #take(): Uint8Array | undefined {
    if (this.#held < HEAD_BYTES) return undefined;
    const head = this.#first(HEAD_BYTES);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
    if (length > this.#bytesMax) throw tooLong(length, this.#bytesMax, head);
    if (this.#held < HEAD_BYTES + length) return undefined;
    const whole = this.#first(HEAD_BYTES + length);
    this.#drop(HEAD_BYTES + length);
    return whole.subarray(HEAD_BYTES);
  }

  /** The first bytes held, in one piece. Chunks are joined only when a frame needs it. */
  #first(length: number): Uint8Array {
    const [head = new Uint8Array()] = this.#chunks;
    if (head.length >= length) return head.subarray(0, length);
    const joined = new Uint8Array(this.#held);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [joined];
    return joined.subarray(0, length);
  }

  #drop(length: number): void {
    const [head = new Uint8Array(), ...rest] = this.#chunks;
    this.#chunks = head.length > length ? [head.subarray(length), ...rest] : rest;
    this.#held -= length;
  }
}

export function parseBody(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    if (isTooDeep(text)) throw new Error(`it is nested deeper than ${DEPTH_MAX}`);
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HostFrameError("NotJson", `Cannot read a frame's body as JSON in UTF-8: ${why}`);
  }
}

/** Counts the brackets outside strings. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length && depth <= DEPTH_MAX; at++) {
    const character = text[at] ?? "";
    if (character === '"') isString = !isString;
    else if (isString) at += character === "\\" ? 1 : 0;
    else if ("{[".includes(character)) depth++;
    else if ("}]".includes(character)) depth--;
  }
  return depth > DEPTH_MAX;
}

function tooLong(length: number, most: number, head?: Uint8Array): HostFrameError {
  const hint = head !== undefined && isPrinted(head) ? hintAt(head) : "";
  return new HostFrameError(
    "TooLong",
    `Cannot take a frame of ${length} bytes: the most is ${most}${hint}`,
  );
}

/** Whether the bytes look like text that was not meant for us. */
function isPrinted(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}

function hintAt(head: Uint8Array): string {
  const shown = JSON.stringify(String.fromCharCode(...head));
  return `; in place of a length it reads ${shown}, as when a program prints to stdout: stderr is the place for that`;
}
