/** The bytes of one file: how far they were written, and how far a crash can not touch them. */
const NO_BYTES = new Uint8Array(0);
const CAPACITY_MIN = 4096;

export class VirtualFile {
  private buffer: Uint8Array;
  length: number;
  durable: number;
  /** When the last operation under way on it is done: operations on one file keep their order. */
  busyUntilMs = 0;
  /** Its removal is under way. */
  isLeaving = false;

  constructor(bytes: Uint8Array = NO_BYTES) {
    this.buffer = bytes;
    this.length = bytes.length;
    this.durable = bytes.length;
  }

  /** A view; it does not change when bytes are appended. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  append(part: Uint8Array): void {
    const length = this.length + part.length;
    if (length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(CAPACITY_MIN, 2 * length));
      grown.set(this.bytes);
      this.buffer = grown;
    }
    this.buffer.set(part, this.length);
    this.length = length;
  }

  truncate(length: number): void {
    // Views on the old bytes stay what they were.
    this.buffer = this.buffer.slice(0, Math.min(length, this.length));
    this.length = this.buffer.length;
    this.durable = Math.min(this.durable, this.length);
  }

  /** What a power cut leaves: `kept` of the bytes that were not synced, one of them spoilt perhaps. */
  cut(kept: number, spoiltAt?: number): void {
    this.truncate(this.durable + kept);
    if (spoiltAt !== undefined) this.buffer[this.durable + spoiltAt] = 0;
    this.durable = this.length;
  }
}
