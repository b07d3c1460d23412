/**
 * Keeps every frame that the node receives, for the matrix: real bytes of real runs. Only whole
 * frames are kept: what follows bytes that are no frame on the same connection is left out. The
 * file ends before it would exceed its bound. Layout: `capture-file.ts`.
 */
import { createWriteStream, type WriteStream } from "node:fs";
import type { ConnectionId } from "../replica/index.ts";
import { FrameParser, rulesOf, wireProtocol, writeFrame } from "../wire/index.ts";
import {
  CAPTURE_DIRECTION,
  CAPTURE_HEADER_BYTES,
  CAPTURE_RECORD_BYTES,
  captureHeader,
  captureRecord,
} from "./capture-file.ts";
import type { CaptureTarget } from "./configuration.ts";
import type { LinkHandler } from "./link.ts";

const FRAME_BYTES_MAX = rulesOf(wireProtocol.range.max).frameBytesMax;

interface CapturedStream {
  readonly direction: number;
  readonly parser: FrameParser;
}

export class Capture {
  readonly #stream: WriteStream;
  readonly #bytesMax: number;
  readonly #onProblem: (message: string) => void;
  readonly #streams: Map<ConnectionId, CapturedStream> = new Map();
  #length: number = CAPTURE_HEADER_BYTES;
  #isOpen = true;

  constructor(target: CaptureTarget, nodeId: number, onProblem: (message: string) => void) {
    this.#bytesMax = target.bytesMax;
    this.#onProblem = onProblem;
    this.#stream = createWriteStream(target.file);
    this.#stream.on("error", (error) => this.#stop(`Cannot capture frames: ${error.message}`));
    this.#stream.write(captureHeader(nodeId));
  }

  /** What comes to this handler is kept and then passed on. */
  before(handler: LinkHandler): LinkHandler {
    return {
      onAccept: (connection, side) => {
        const { client, acceptedPeer } = CAPTURE_DIRECTION;
        this.#open(connection, side === "client" ? client : acceptedPeer);
        handler.onAccept(connection, side);
      },
      onOpen: (connection) => {
        this.#open(connection, CAPTURE_DIRECTION.dialledPeer);
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
    if (!this.#isOpen) return;
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
    const record = { connection, direction, receivedMs: Date.now(), length };
    for (const part of [captureRecord(record), ...frame]) this.#stream.write(part);
  }

  #stop(problem: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#streams.clear();
    this.#stream.end();
    this.#onProblem(problem);
  }
}
