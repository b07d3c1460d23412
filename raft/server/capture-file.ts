/**
 * The file of captured frames, as `Capture` writes it and `compat-matrix/bytes/capture-file.ts` reads it.
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

interface CaptureRecord {
  readonly connection: number;
  readonly direction: number;
  readonly receivedMs: number;
  /** Length of the frame that follows. */
  readonly length: number;
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
