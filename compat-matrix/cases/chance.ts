/**
 * Seeded numbers for typical values. Each value has a seed made from the names that lead to it, so
 * adding a field leaves the values of all others as they were.
 */
export interface Chance {
  /** Uniform integer in 0 … below - 1. */
  below(limit: number): number;
}

export function chanceFor(...names: readonly string[]): Chance {
  let state = hashText(names.join("\u0000"));
  return {
    below(limit) {
      // The mixing steps of mulberry32, a public-domain generator of 32 bits.
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    },
  };
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193) >>> 0;
  }
  return hash;
}
