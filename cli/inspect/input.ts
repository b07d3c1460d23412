/** Where the bytes come from: a file, hex on the command line, or stdin. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { HexError, readHexText } from "./hex-text.ts";

export interface Input {
  /** As a person would name it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The bytes stood there as hex digits. */
  readonly wasHex: boolean;
}

/** What was asked for cannot be read, or is nothing. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** The command line is wrong, not what it points at. */
  readonly isUsage: boolean;
  constructor(message: string, isUsage: boolean) {
    super(message);
    this.isUsage = isUsage;
  }
}

/** More is no message, and would have to be in memory at once. */
export const INPUT_BYTES_MAX: number = 512 * 1024 * 1024;
/** Of a file, to see whether it is text of hex digits. */
const SAMPLE_BYTES = 4096;
const NOT_HEX_TEXT = /[^0-9a-fx\s,:;_'"[\](){}\\|.*-]/i;

export async function readInput(words: readonly string[], isBinary: boolean): Promise<Input> {
  const [word = ""] = words;
  if (words.length === 1 && word === "-") {
    return fromBytes("stdin", await readStdin(), isBinary);
  }
  if (words.length === 1 && existsSync(word)) {
    return fromBytes(word, readBounded(word), isBinary);
  }
  const hex = hexFrom(words.join(" "));
  if (hex) return { name: "hex", bytes: hex, wasHex: true };
  const what = words.length === 1 ? `"${shorten(word)}"` : `${words.length} words`;
  throw new InputError(`Cannot inspect ${what}: it is neither a file nor hex`, true);
}

function hexFrom(text: string): Uint8Array | undefined {
  try {
    return readHexText(text);
  } catch (error) {
    if (error instanceof HexError) throw new InputError(error.message, true);
    throw error;
  }
}

function fromBytes(name: string, bytes: Uint8Array, isBinary: boolean): Input {
  if (isBinary || !looksLikeHexText(bytes)) return { name, bytes, wasHex: false };
  const hex = hexFrom(Buffer.from(bytes).toString("latin1"));
  return hex ? { name, bytes: hex, wasHex: true } : { name, bytes, wasHex: false };
}

/** A dump has the characters behind the digits, so only its first line is judged as it begins. */
function looksLikeHexText(bytes: Uint8Array): boolean {
  const sample = Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString("latin1");
  const start = sample.slice(0, 10);
  return /^[\s[{(]*(0x|\\x)?[0-9a-f]{2}/i.test(sample) && !NOT_HEX_TEXT.test(start);
}

function readBounded(path: string): Uint8Array {
  if (statSync(path).isDirectory()) {
    throw new InputError(`Cannot inspect ${path}: it is a folder`, true);
  }
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > INPUT_BYTES_MAX) throw tooLong(path, `${size} bytes`);
      return new Uint8Array(readFileSync(file));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`Cannot read ${path}: ${reason}`, false);
  }
}

async function readStdin(): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    process.stderr.write("wirespan: waiting for bytes or hex on stdin (Ctrl-D ends)\n");
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    if (length > INPUT_BYTES_MAX) throw tooLong("stdin", "more");
    chunks.push(bytes);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function tooLong(name: string, found: string): InputError {
  const most = `${INPUT_BYTES_MAX / 1024 / 1024} MiB`;
  return new InputError(`Cannot inspect ${name}: ${found}, at most ${most}`, false);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
