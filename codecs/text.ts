/** UTF-8 read strictly: the default would swallow a leading byte order mark and repair what is wrong. */
import { DecodeError } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});

export function decodeText(bytes: Uint8Array, offset: number): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new DecodeError(
      "InvalidValue",
      `Cannot read string of ${bytes.length} bytes: they are not UTF-8`,
      offset,
    );
  }
}

/**
 * The bytes as a plain `Uint8Array`. A Node `Buffer` must not reach a decoder: its `slice` is a view,
 * so that a copy would be none. Throws `TypeError` for anything else, which would read as empty.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes?.constructor === Uint8Array) return bytes;
  checkIsBytes(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A wrong argument, not wrong bytes: an `ArrayBuffer` has to be wrapped by whoever knows which part is meant. */
export function checkIsBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (bytes instanceof Uint8Array) return;
  const found = bytes === null ? "null" : (bytes?.constructor?.name ?? typeof bytes);
  throw new TypeError(`Cannot use ${found}: a Uint8Array needed`);
}
