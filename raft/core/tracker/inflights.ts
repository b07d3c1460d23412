/** Appends under way to one follower, bounded by count and by bytes (etcd raft, tracker/inflights.go). */
import { assert } from "../../../base/index.ts";

export class Inflights {
  readonly #size: number;
  /** 0: no limit. */
  readonly #bytesMax: number;
  #queue: { readonly index: number; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(size: number, bytesMax: number) {
    this.#size = size;
    this.#bytesMax = bytesMax;
  }

  get count(): number {
    return this.#queue.length;
  }

  add(index: number, bytes: number): void {
    assert(!this.full(), "nothing is added to a full window");
    this.#queue.push({ index, bytes });
    this.#bytes += bytes;
  }

  /** Everything up to and including `to` has arrived. */
  freeLe(to: number): void {
    let freed = 0;
    for (const { index, bytes } of this.#queue) {
      if (index > to) break;
      freed++;
      this.#bytes -= bytes;
    }
    if (freed > 0) this.#queue.splice(0, freed);
  }

  full(): boolean {
    return (
      this.#queue.length >= this.#size || (this.#bytesMax > 0 && this.#bytes >= this.#bytesMax)
    );
  }

  reset(): void {
    this.#queue = [];
    this.#bytes = 0;
  }

  clone(): Inflights {
    const copy = new Inflights(this.#size, this.#bytesMax);
    copy.#queue = [...this.#queue];
    copy.#bytes = this.#bytes;
    return copy;
  }
}
