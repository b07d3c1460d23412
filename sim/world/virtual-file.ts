/** The bytes of one file: how far they were written, and how far a crash can not touch them. */
const NO_BYTES = new Uint8Array(0);
const CAPACITY_MIN = 4096;

export class VirtualFile {
  private buffer: Uint8Array;
  length: number;
  durable: number;
  /** All before was synced when a batch was appended that is synced too: a reader can tell damage there from a torn write. */
  settled = 0;
  private batchAt = 0;
  /** What a failed sync dropped: it reads as it was written, but no later sync brings it to the disk. */
  private dropped: { readonly from: number; readonly to: number } | undefined;
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

  /** So far a power cut changes nothing. */
  get safe(): number {
    return Math.min(this.durable, this.dropped?.from ?? this.durable);
  }

  /** A sync failed: the machine takes its pages for written and never tries again. */
  dropUnsynced(to: number): void {
    if (to > this.durable) this.dropped ??= { from: this.durable, to };
  }

  /** A batch of bytes begins here. */
  beginBatch(): void {
    if (this.safe === this.length) this.batchAt = this.length;
  }

  /** A sync that began when the file had this length is done. What was cut off meanwhile is not there to be kept. */
  synced(length: number): void {
    this.durable = Math.min(this.length, Math.max(this.durable, length));
    if (this.batchAt < this.safe) this.settled = this.batchAt;
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
    this.settled = Math.min(this.settled, this.length);
    this.batchAt = this.settled;
    if (this.dropped && this.dropped.from >= length) this.dropped = undefined;
  }

  /** What a power cut leaves: `kept` of the bytes that were not synced, one of them spoilt perhaps. */
  cut(kept: number, spoiltAt?: number): void {
    this.truncate(this.durable + kept);
    if (spoiltAt !== undefined) this.buffer[this.durable + spoiltAt] = 0;
    if (this.dropped) this.buffer.fill(0, this.dropped.from, this.dropped.to);
    this.dropped = undefined;
    this.durable = this.length;
  }
}
