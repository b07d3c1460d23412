/**
 * Cuts a byte stream into frames. A frame that is not complete yet is kept in one buffer that grows
 * with what has really come and never beyond the frame's length, which has passed the limit before;
 * so neither a long announcement nor many small pieces cost more memory than the bytes themselves.
 */
import { crc32c } from "./crc32c.ts";
import {
  FRAME_HEADER_BYTES,
  type Frame,
  FrameError,
  type ReadHeader,
  readHeader,
} from "./frame.ts";

const NO_BYTES = new Uint8Array(0);

export class FrameParser {
  /** Holds from the next frame on: a greeting is short, what follows it may be long. */
  bodyBytesMax: number;
  /** Holds the first `#length` bytes of a frame that lies in more than one piece. */
  #kept: Uint8Array = NO_BYTES;
  #length = 0;
  /** Of the frame that is being read. */
  #header: ReadHeader | undefined;
  #broken: FrameError | undefined;

  constructor(bodyBytesMax: number) {
    this.bodyBytesMax = bodyBytesMax;
  }

  /** Bytes of a frame that is not complete yet. */
  get buffered(): number {
    return this.#length;
  }

  /**
   * The frames that are complete now, each as it is asked for: those before damage are still given,
   * then `FrameError` is thrown, and again by every later call. Iterate to the end, or drop the
   * parser. A body that lies in one piece is a view into `bytes`.
   */
  *push(bytes: Uint8Array): Generator<Frame, void, void> {
    if (this.#broken) throw this.#broken;
    let offset = 0;
    while (offset < bytes.length) {
      const isKept = this.#length > 0;
      if (isKept) offset += this.#fill(bytes, offset);
      const frame = isKept
        ? this.#read(this.#kept, 0, this.#length)
        : this.#read(bytes, offset, bytes.length);
      if (frame) {
        if (!isKept) offset += this.#needed;
        this.#startOver();
        yield frame;
      } else if (!isKept) {
        this.#keep(bytes.subarray(offset));
        return;
      }
    }
  }

  /** Bytes of the frame as far as they are known: the header, then all of it. */
  get #needed(): number {
    return FRAME_HEADER_BYTES + (this.#header?.bodyLength ?? 0);
  }

  #read(source: Uint8Array, start: number, end: number): Frame | undefined {
    if (end - start < FRAME_HEADER_BYTES) return undefined;
    try {
      this.#header ??= readHeader(source, start, this.bodyBytesMax);
      if (end - start < this.#needed) return undefined;
      const body = source.subarray(start + FRAME_HEADER_BYTES, start + this.#needed);
      return takeFrame(this.#header, body);
    } catch (error) {
      if (error instanceof FrameError) this.#broken = error;
      throw error;
    }
  }

  #keep(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#kept.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** Takes what the present frame still needs, and says how much that was; what is left belongs to later ones. */
  #fill(bytes: Uint8Array, offset: number): number {
    const wanted = Math.min(this.#needed - this.#length, bytes.length - offset);
    this.#keep(bytes.subarray(offset, offset + wanted));
    return wanted;
  }

  #reserve(more: number): void {
    const length = this.#length + more;
    if (length <= this.#kept.length) return;
    const grown = new Uint8Array(Math.min(this.#needed, Math.max(length, 2 * this.#kept.length)));
    grown.set(this.#kept.subarray(0, this.#length));
    this.#kept = grown;
  }

  #startOver(): void {
    // The frame that was just read may be a view into the buffer, so it is not used again.
    this.#kept = NO_BYTES;
    this.#length = 0;
    this.#header = undefined;
  }
}

function takeFrame({ header, bodyCrc }: ReadHeader, body: Uint8Array): Frame {
  if (crc32c(body) === bodyCrc) return { header, body };
  throw new FrameError("body_crc", "Cannot read a frame: the checksum of its body is wrong");
}

/** Reads exactly one frame. Throws `FrameError`, with `truncated` when bytes are missing and `trailing` when there are more. */
export function readFrame(bytes: Uint8Array, bodyBytesMax: number): Frame {
  const parser = new FrameParser(bodyBytesMax);
  const [frame] = parser.push(bytes);
  if (frame === undefined) {
    throw new FrameError(
      "truncated",
      `Cannot read a frame: ${bytes.length} bytes are not all of it`,
    );
  }
  const length = FRAME_HEADER_BYTES + frame.body.length;
  if (length === bytes.length) return frame;
  throw new FrameError(
    "trailing",
    `Cannot read a frame: ${bytes.length - length} bytes follow its end`,
  );
}
