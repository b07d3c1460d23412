/**
 * The file of captured frames.
 *
 * Header, 16 bytes: magic `57 53 43 31` ("WSC1"), format u32 = 1, node id u64. Then records:
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
 * Numbers are little-endian. A node that was killed leaves a last record that is cut.
 */
const MAGIC = 0x31435357;
const FORMAT = 1;
export const CAPTURE_HEADER_BYTES = 16;
export const CAPTURE_RECORD_BYTES = 24;

export const CAPTURE_DIRECTION = { acceptedPeer: 1, client: 2, dialledPeer: 3 } as const;

export interface CaptureRecord {
  readonly connection: number;
  readonly direction: number;
  readonly receivedMs: number;
  /** Length of the frame that follows. */
  readonly length: number;
}

export interface CapturedFile {
  readonly nodeId: number;
  readonly frames: readonly (CaptureRecord & { readonly bytes: Uint8Array })[];
}

export function captureHeader(nodeId: number): Uint8Array {
  const header = Buffer.alloc(CAPTURE_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(FORMAT, 4);
  header.writeBigUInt64LE(BigInt(nodeId), 8);
  return header;
}

export function captureRecord({
  connection,
  direction,
  receivedMs,
  length,
}: CaptureRecord): Uint8Array {
  const header = Buffer.alloc(CAPTURE_RECORD_BYTES);
  header.writeUInt32LE(length, 0);
  header.writeUInt32LE(connection, 4);
  header.writeUInt8(direction, 8);
  header.writeBigUInt64LE(BigInt(receivedMs), 16);
  return header;
}

/** Throws on a file that is no capture of this format; a cut last record is left out. */
export function readCapture(bytes: Uint8Array): CapturedFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < CAPTURE_HEADER_BYTES || file.readUInt32LE(0) !== MAGIC)
    throw new Error("Cannot read the capture: it does not begin with WSC1");
  const format = file.readUInt32LE(4);
  if (format !== FORMAT)
    throw new Error(
      `Cannot read the capture: format ${format}, this release reads format ${FORMAT}`,
    );
  const frames: CapturedFile["frames"][number][] = [];
  for (let at = CAPTURE_HEADER_BYTES; at + CAPTURE_RECORD_BYTES <= file.length; ) {
    const length = file.readUInt32LE(at);
    const start = at + CAPTURE_RECORD_BYTES;
    at = start + length;
    if (at > file.length) break;
    frames.push({
      connection: file.readUInt32LE(start - 20),
      direction: file.readUInt8(start - 16),
      receivedMs: Number(file.readBigUInt64LE(start - 8)),
      length,
      bytes: file.subarray(start, at),
    });
  }
  return { nodeId: Number(file.readBigUInt64LE(8)), frames };
}
