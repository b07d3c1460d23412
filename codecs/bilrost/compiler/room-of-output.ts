/**
 * Where encoders write. A small result is a view of a slab, of which each byte is handed out once: that
 * costs half of an allocation of its own. A large one is written into a scratch buffer and copied out
 * exactly, which spares the page faults of fresh memory.
 */
const SLAB = 64 * 1024;
const SMALL_MAX = 4096;
const SCRATCH_MIN = 64 * 1024;
/** A larger message gets a buffer for itself, so that one giant does not stay in memory for ever. */
const SCRATCH_MAX = 8 * 1024 * 1024;

let slab = new Uint8Array(0);
let slabUsed = 0;
let scratch = new Uint8Array(0);

/** What one codec expects to need: the sizes of its messages differ less than those of all. */
export class Room {
  #isLarge = false;
  #target: Uint8Array<ArrayBuffer> = slab;
  #offset = 0;

  /** A place to write; valid until the next call of `next` on any room. */
  next(): { readonly target: Uint8Array; readonly offset: number } {
    if (this.#isLarge) {
      if (scratch.length === 0) scratch = new Uint8Array(SCRATCH_MIN);
      this.#target = scratch;
      this.#offset = 0;
    } else {
      if (slab.length - slabUsed < SMALL_MAX * 2) {
        slab = new Uint8Array(SLAB);
        slabUsed = 0;
      }
      this.#target = slab;
      this.#offset = slabUsed;
    }
    return { target: this.#target, offset: this.#offset };
  }

  /** What was written up to `end` of the last place given, as bytes that nobody writes again. */
  take(end: number): Uint8Array {
    const length = end - this.#offset;
    if (this.#target === slab && length <= SMALL_MAX) {
      slabUsed = end;
      return new Uint8Array(slab.buffer, this.#offset, length);
    }
    this.#isLarge = length > SMALL_MAX;
    return this.#target.slice(this.#offset, end);
  }

  /** Called after a message found too little room. */
  expect(length: number): void {
    this.#isLarge = length > SMALL_MAX;
    const needed = Math.min(SCRATCH_MAX, 2 * length + 4096);
    if (this.#isLarge && scratch.length < needed) scratch = new Uint8Array(needed);
  }
}
