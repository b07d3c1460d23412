/**
 * Cuts a stream of bytes into frames by the length in their headers, and looks at nothing else:
 * judging a frame is the replica's part. The layout is fixed for ever (ARCHITECTURE.md, "Frame").
 */
const HEADER_BYTES = 68;
const MAGIC = 0x31465357; // "WSF1", read as a little-endian number.
const BODY_LENGTH_OFFSET = 12;
/** Longer bodies are refused by every release, so waiting for one would only cost memory. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);
  #isLost = false;

  /** The frames that are complete now; none any more once something else than a frame has come. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.#isLost) return [];
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : Buffer.from(bytes);
    const frames: Uint8Array[] = [];
    while (!this.#isLost && this.#rest.length >= HEADER_BYTES) {
      const bodyLength = this.#rest.readUInt32LE(BODY_LENGTH_OFFSET);
      this.#isLost = this.#rest.readUInt32LE(0) !== MAGIC || bodyLength > BODY_BYTES_MAX;
      const length = HEADER_BYTES + bodyLength;
      if (this.#isLost || this.#rest.length < length) break;
      frames.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
    return frames;
  }
}
