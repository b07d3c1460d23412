/** Writes little-endian numbers and byte runs into a buffer that grows; knows nothing of any format. */
import { lengthOf } from "./bytes.ts";

const UTF8 = /* @__PURE__ */ new TextEncoder();

export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #offset = 0;

  /** A caller that knows the size passes it, and nothing is copied. */
  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get offset(): number {
    return this.#offset;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  i32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
  }

  i64(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  f32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setFloat32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(lengthOf(value));
    this.#bytes.set(value, at);
  }

  /** `length` is the UTF-8 length of `value`, which the caller has measured for its length prefix. */
  utf8(value: string, length: number): void {
    const at = this.#reserve(length);
    UTF8.encodeInto(value, this.#bytes.subarray(at, at + length));
  }

  /** All that was written, as a view of the buffer. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#offset);
  }

  #reserve(size: number): number {
    const start = this.#offset;
    if (start + size > this.#bytes.byteLength) this.#grow(start + size);
    this.#offset = start + size;
    return start;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.byteLength * 2));
    larger.set(this.#bytes.subarray(0, this.#offset));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
