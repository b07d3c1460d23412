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
