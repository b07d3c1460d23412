/**
 * Keeps every frame that the node receives, for the matrix: real bytes of real runs.
 *
 * File: 16 bytes of header (magic `57 53 43 31` ("WSC1"), format u32 = 1, node id u64), then records:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 4 | length of the frame, n |
 * | 4 | 4 | connection, counted from 1 by the node |
 * | 8 | 1 | direction: 1 from a peer that dialled us, 2 from a client, 3 from a peer we dialled |
 * | 9 | 7 | reserved, 0 |
 * | 16 | 8 | time of receipt, milliseconds since 1970 |
 * | 24 | n | the frame, header and body, as received |
 *
 * Numbers are little-endian. Only whole frames stand in it: what follows bytes that are no frame
 * on the same connection is left out. The file ends before it would exceed its bound.
 */
import { createWriteStream, type WriteStream } from "node:fs";
import type { ConnectionId } from "../replica/index.ts";
import { FrameParser, rulesOf, wireProtocol, writeFrame } from "../wire/index.ts";
import type { CaptureTarget } from "./configuration.ts";
import type { LinkHandler } from "./link.ts";

export const CAPTURE_MAGIC = 0x31435357;
export const CAPTURE_FORMAT = 1;
export const CAPTURE_HEADER_BYTES = 16;
export const CAPTURE_RECORD_BYTES = 24;

const FRAME_BYTES_MAX = rulesOf(wireProtocol.range.max).frameBytesMax;
const DIRECTION = { acceptedPeer: 1, client: 2, dialledPeer: 3 } as const;

interface CapturedStream {
  readonly direction: number;
  readonly parser: FrameParser;
}

export class Capture {
  readonly #stream: WriteStream;
  readonly #bytesMax: number;
  readonly #onProblem: (message: string) => void;
  readonly #streams: Map<ConnectionId, CapturedStream> = new Map();
  #length = CAPTURE_HEADER_BYTES;
  #isOpen = true;

  constructor(target: CaptureTarget, nodeId: number, onProblem: (message: string) => void) {
    this.#bytesMax = target.bytesMax;
    this.#onProblem = onProblem;
    this.#stream = createWriteStream(target.file);
    this.#stream.on("error", (error) => this.#stop(`Cannot capture frames: ${error.message}`));
    const header = Buffer.alloc(CAPTURE_HEADER_BYTES);
    header.writeUInt32LE(CAPTURE_MAGIC, 0);
    header.writeUInt32LE(CAPTURE_FORMAT, 4);
    header.writeBigUInt64LE(BigInt(nodeId), 8);
    this.#stream.write(header);
  }

  /** What comes to this handler is kept and then passed on. */
  before(handler: LinkHandler): LinkHandler {
    return {
      onAccept: (connection, side) => {
        this.#open(connection, side === "client" ? DIRECTION.client : DIRECTION.acceptedPeer);
        handler.onAccept(connection, side);
      },
      onOpen: (connection) => {
        this.#open(connection, DIRECTION.dialledPeer);
        handler.onOpen(connection);
      },
      onBytes: (connection, bytes) => {
        this.#onBytes(connection, bytes);
        handler.onBytes(connection, bytes);
      },
      onClose: (connection) => {
        this.#streams.delete(connection);
        handler.onClose(connection);
      },
    };
  }

  /** Resolves when everything is written, or can not be. */
  async end(): Promise<void> {
    this.#isOpen = false;
    if (this.#stream.closed) return;
    await new Promise<void>((fulfil) => {
      this.#stream.once("close", fulfil);
      this.#stream.end();
    });
  }

  #open(connection: ConnectionId, direction: number): void {
    if (this.#isOpen)
      this.#streams.set(connection, { direction, parser: new FrameParser(FRAME_BYTES_MAX) });
  }

  #onBytes(connection: ConnectionId, bytes: Uint8Array): void {
    const stream = this.#streams.get(connection);
    if (stream === undefined) return;
    try {
      for (const { header, body } of stream.parser.push(bytes))
        this.#write(connection, stream.direction, writeFrame(header, body));
    } catch {
      // No frame begins here, so none can be found behind it; the replica counts and closes.
      this.#streams.delete(connection);
    }
  }

  #write(connection: ConnectionId, direction: number, frame: readonly Uint8Array[]): void {
    if (!this.#isOpen) return;
    const length = frame.reduce((sum, part) => sum + part.length, 0);
    this.#length += CAPTURE_RECORD_BYTES + length;
    if (this.#length > this.#bytesMax) {
      this.#stop(`Capture ends: the file has reached its bound of ${this.#bytesMax} bytes`);
      return;
    }
    const header = Buffer.alloc(CAPTURE_RECORD_BYTES);
    header.writeUInt32LE(length, 0);
    header.writeUInt32LE(connection, 4);
    header.writeUInt8(direction, 8);
    header.writeBigUInt64LE(BigInt(Date.now()), 16);
    this.#stream.write(header);
    for (const part of frame) this.#stream.write(part);
  }

  #stop(problem: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#streams.clear();
    this.#stream.end();
    this.#onProblem(problem);
  }
}
