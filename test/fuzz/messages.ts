/** What the main thread and its workers tell each other. */
import type { FormatName } from "../../codecs/index.ts";

export interface WorkerSetup {
  readonly format: FormatName;
  readonly seed: number;
  /** This worker takes every `stride`th block from `first` on. */
  readonly first: number;
  readonly stride: number;
  readonly shared: SharedArrayBuffer;
}

export interface Progress {
  readonly kind: "progress";
  readonly inputs: number;
  /** Of them, how many could be read. */
  readonly read: number;
  readonly bytes: number;
  /** Values that no schema asked for, which were to be refused or written. */
  readonly hostile: number;
}

export interface Failure {
  readonly kind: "failure";
  readonly format: FormatName;
  readonly block: number;
  readonly turn: number;
  readonly fault: string;
  /** The smallest bytes that show it; undefined for a value. */
  readonly hex: string | undefined;
}

export type FromWorker = Progress | Failure;

export const INPUTS_PER_BLOCK = 4000;
const INPUT_MAX = 1 << 17;
const WORDS = 8;

/** Where a worker leaves what it is busy with, so that it is known when it does not come back. */
export class Logbook {
  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(WORDS * 4 + INPUT_MAX);
  }

  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared, 0, WORDS);
    this.#bytes = new Uint8Array(shared, WORDS * 4);
  }

  /** Grows with every input. */
  get beats(): number {
    return Atomics.load(this.#words, 0);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#words, 1) === 1;
  }

  stop(): void {
    Atomics.store(this.#words, 1, 1);
  }

  begin(block: number, turn: number, bytes: Uint8Array): void {
    const length = Math.min(bytes.length, INPUT_MAX);
    this.#bytes.set(length === bytes.length ? bytes : bytes.subarray(0, length));
    Atomics.store(this.#words, 2, block | 0);
    Atomics.store(this.#words, 3, turn);
    Atomics.store(this.#words, 4, length);
    Atomics.add(this.#words, 0, 1);
  }

  get last(): { readonly block: number; readonly turn: number; readonly hex: string } {
    const length = Atomics.load(this.#words, 4);
    return {
      block: Atomics.load(this.#words, 2) >>> 0,
      turn: Atomics.load(this.#words, 3),
      hex: Buffer.from(this.#bytes.slice(0, length)).toString("hex"),
    };
  }
}
