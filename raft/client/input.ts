import type { Bytes } from "./client.ts";

/** A copy, out of a pool: an operation that waits its turn must not change with the caller's buffer. */
export function toBytes(input: Bytes): Uint8Array {
  return typeof input === "string" ? Buffer.from(input, "utf8") : Buffer.from(input);
}

/** 48 bits, never 0: enough that clients do not meet, few enough for a number. */
export function randomClientId(): number {
  const [high = 0, low = 0] = globalThis.crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 16) * 2 ** 32 + low + 1;
}
