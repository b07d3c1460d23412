/** CRC32C (Castagnoli), as an unsigned number; `seed` continues a checksum over several parts. */
import CRC32C from "crc-32/crc32c.js";

export function crc32c(bytes: Uint8Array, seed = 0): number {
  return CRC32C.buf(bytes, seed) >>> 0;
}
