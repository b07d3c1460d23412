/**
 * Digest of the whole state, kept up to date with every change. It is the sum of one hash for each
 * pair and session, so the order in which they came plays no part and a change costs one hash.
 * Two lanes of 32 bits, because JavaScript multiplies those without leaving the integers.
 */

/** Rises when the definition changes: digests of different versions can not be compared. */
export const DIGEST_VERSION = 1;

export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

const HIGH_SEED = 0x9747b28c;
const LOW_SEED = 0x3c6ef372;
const HIGH_PRIME = 0x01000193;
const LOW_PRIME = 0x85ebca6b;

/** Hash of an element: what kind of thing it is, its numbers, its bytes. */
export function hashElement(
  kind: number,
  numbers: readonly number[],
  parts: readonly Uint8Array[],
): Hash64 {
  let high = HIGH_SEED ^ kind;
  let low = LOW_SEED ^ kind;
  const mix = (word: number): void => {
    high = Math.imul(high ^ word, HIGH_PRIME);
    high ^= high >>> 15;
    low = Math.imul(low ^ word, LOW_PRIME);
    low = (low << 13) | (low >>> 19);
  };
  for (const number of numbers) {
    mix(number | 0);
    mix(Math.floor(number / 2 ** 32));
  }
  for (const part of parts) {
    // The length first, so that moving a byte from one part to the next is another element.
    mix(part.length);
    for (let place = 0; place < part.length; place++) mix(part[place] ?? 0);
  }
  return { high: finish(high ^ low), low: finish(low + Math.imul(high, HIGH_PRIME)) };
}

export class DigestSum {
  private high = 0;
  private low = 0;

  add(hash: Hash64): void {
    this.high = (this.high + hash.high) >>> 0;
    this.low = (this.low + hash.low) >>> 0;
  }

  remove(hash: Hash64): void {
    this.high = (this.high - hash.high) >>> 0;
    this.low = (this.low - hash.low) >>> 0;
  }

  /** The sum with one more element. */
  with(hash: Hash64): Hash64 {
    return { high: (this.high + hash.high) >>> 0, low: (this.low + hash.low) >>> 0 };
  }
}

/** Makes each bit of the result depend on each bit of the input. */
function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 16 hex digits. */
export function hexOf({ high, low }: Hash64): string {
  return hex(high) + hex(low);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
