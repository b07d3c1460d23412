/**
 * Configurations that were tried: which operations with an answer have a place, and the state they led
 * to (Lowe's cache). The set is held as a hash of 85 bits that changes with each operation, so an entry
 * takes the same small room however long the history is. Two sets that share all bits could make a
 * history look wrong, never right.
 */
import type { Doubts, Used } from "./doubts.ts";

interface Configuration {
  readonly check: number;
  readonly state: number;
  readonly used: Used;
}

export class Seen {
  readonly #configurations = new Map<number, Configuration[]>();
  #low = 0;
  #high = 0;
  #check = 0;
  #size = 0;

  /** Entries, and operations of unknown outcome in them: what memory grows with. */
  get size(): number {
    return this.#size;
  }

  /** Puts the operation into the present set, or takes it out. */
  flip(operation: number): void {
    this.#low ^= scramble(operation, 0x9e3779b9);
    this.#high ^= scramble(operation, 0x7f4a7c15);
    this.#check ^= scramble(operation, 0x1ce4e5b9);
  }

  /**
   * False when the present set was tried with this state before, and with no more operations of unknown
   * outcome than now: what is possible now was possible then.
   */
  add(state: number, doubts: Doubts): boolean {
    const low = (this.#low ^ scramble(state, 0x133111eb)) >>> 0;
    const key = low + (this.#high & 0x1fffff) * 2 ** 32;
    const bucket = this.#configurations.get(key);
    const isSeen = bucket?.some(
      (seen) => seen.check === this.#check && seen.state === state && doubts.coversAll(seen.used),
    );
    if (isSeen) return false;
    const used = doubts.used();
    this.#size += 1 + used.size;
    if (bucket === undefined) this.#configurations.set(key, [{ check: this.#check, state, used }]);
    else bucket.push({ check: this.#check, state, used });
    return true;
  }
}

function scramble(value: number, salt: number): number {
  let mixed = Math.imul(value + salt, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ salt, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return mixed ^ (mixed >>> 16);
}
