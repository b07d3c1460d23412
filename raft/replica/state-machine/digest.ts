/**
 * Digest of the whole state, kept up to date with every change. It is the sum of one hash for each
 * pair and session, so the order in which they came plays no part and a change costs one hash.
 * Two lanes of 32 bits, because JavaScript multiplies those without leaving the integers.
 */

/** Rises when the definition changes: digests of different versions can not be compared. */
export const DIGEST_VERSION = 1;

/** Two signed numbers of 32 bits, which the engine holds without a box. */
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
  for (const number of numbers) {
    high = mixHigh(mixHigh(high, number | 0), Math.floor(number / 2 ** 32));
    low = mixLow(mixLow(low, number | 0), Math.floor(number / 2 ** 32));
  }
  for (const part of parts) {
    // The length first, so that moving a byte from one part to the next is another element.
    high = mixHigh(high, part.length);
    low = mixLow(low, part.length);
    for (let place = 0; place < part.length; place++) {
      const byte = part[place] as number;
      high = mixHigh(high, byte);
      low = mixLow(low, byte);
    }
  }
  return { high: finish(high ^ low), low: finish(low + Math.imul(high, HIGH_PRIME)) };
}

function mixHigh(high: number, word: number): number {
  const mixed = Math.imul(high ^ word, HIGH_PRIME);
  return mixed ^ (mixed >>> 15);
}

function mixLow(low: number, word: number): number {
  const mixed = Math.imul(low ^ word, LOW_PRIME);
  return (mixed << 13) | (mixed >>> 19);
}

export class DigestSum {
  private high = 0;
  private low = 0;

  add(hash: Hash64): void {
    this.high = (this.high + hash.high) | 0;
    this.low = (this.low + hash.low) | 0;
  }

  remove(hash: Hash64): void {
    this.high = (this.high - hash.high) | 0;
    this.low = (this.low - hash.low) | 0;
  }

  /** The sum with one more element. */
  with(hash: Hash64): Hash64 {
    return { high: (this.high + hash.high) | 0, low: (this.low + hash.low) | 0 };
  }
}

/** Makes each bit of the result depend on each bit of the input. */
function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** 16 hex digits. */
export function hexOf({ high, low }: Hash64): string {
  return hex(high) + hex(low);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
