/** A position in bytes that are being explained. Leaving its region ends the explanation, not the program. */
export class OutOfBytes extends Error {
  override readonly name = "OutOfBytes";
}

export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    if (byte === undefined) throw new OutOfBytes();
    this.at++;
    return byte;
  }

  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new OutOfBytes();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A region of its own; this cursor goes on behind it. */
  region(length: number): Cursor {
    const start = this.at;
    this.take(length);
    return new Cursor(this.bytes, start, this.at);
  }

  little(length: number): bigint {
    return this.take(length).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  }

  big(length: number): bigint {
    return this.take(length).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  }
}
