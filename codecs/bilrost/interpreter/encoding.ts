/**
 * What one encoding carries. Encoding goes over the value twice: `measure` checks everything and finds
 * all lengths, `write` then cannot fail, and the output is allocated once. Both passes visit the parts
 * in the same order, so what the first one found is a queue for the second.
 */
import { EncodeError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";

export class Encoding {
  readonly limits: Limits;
  readonly #lengths: number[] = [];
  readonly #orders: unknown[] = [];
  #lengthsTaken = 0;
  #ordersTaken = 0;
  #depth: number;

  /** `depth`: messages entered before, where only a part of a message is written. */
  constructor(limits: Limits, depth = 0) {
    this.limits = limits;
    this.#depth = depth;
  }

  /** Keeps a place in the queue for a length that is known only after its parts have been measured. */
  reserveLength(): number {
    return this.#lengths.push(0) - 1;
  }

  setLength(place: number, length: number): void {
    if (length > this.limits.lengthMax) {
      const problem = `Cannot encode ${length} bytes: the limit is ${this.limits.lengthMax}`;
      throw new EncodeError("LimitExceeded", problem);
    }
    this.#lengths[place] = length;
  }

  takeLength(): number {
    return this.#lengths[this.#lengthsTaken++] as number;
  }

  /** For parts whose order depends on the value: sorted map entries, the fields that are present. */
  reserveOrder(): number {
    return this.#orders.push(undefined) - 1;
  }

  setOrder(place: number, order: unknown): void {
    this.#orders[place] = order;
  }

  takeOrder(): unknown {
    return this.#orders[this.#ordersTaken++];
  }

  enterMessage(): void {
    if (this.#depth >= this.limits.depthMax) {
      const problem = `Cannot encode message: it is nested deeper than ${this.limits.depthMax}`;
      throw new EncodeError("RecursionLimitReached", problem);
    }
    this.#depth += 1;
  }

  leaveMessage(): void {
    this.#depth -= 1;
  }

  checkCount(count: number): void {
    if (count <= this.limits.countMax) return;
    const problem = `Cannot encode ${count} items: the limit is ${this.limits.countMax}`;
    throw new EncodeError("LimitExceeded", problem);
  }
}
