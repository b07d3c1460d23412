/**
 * Reads the file that a node's `capture` writes: a header of 16 bytes, then records of 24 bytes and
 * a frame each. Read here by the layout alone, because a frame is judged by the releases, not by
 * the code that happens to read the file.
 */
import { toHex } from "../../codecs/index.ts";
import { number, readItems } from "./hello-items.ts";

export interface CapturedFrame {
  /** File and place, for the name of the case. */
  readonly name: string;
  /** Release that sent it, when the hello of its connection is in the file. */
  readonly sender?: string;
  /** Name of the message, or `kind 77` for one that is not in the table. */
  readonly message: string;
  readonly wireVersion: number;
  readonly clusterId: string;
  /** Node that the frame was meant for; the capturing one when the sender did not know it. */
  readonly addressee: number;
  readonly frame: Uint8Array;
}

/** The file is no capture, or not of a format that is known. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

const MAGIC = "57534331";
const FORMAT = 1;
const HEADER_BYTES = 16;
const RECORD_BYTES = 24;
const FRAME_HEADER_BYTES = 68;
const HELLO_KIND = 1;
const RELEASE_ITEM = 3;
/** Kinds below have a layout of their own, and no wire version. */
const FIRST_VERSIONED_KIND = 16;

const MESSAGES: Readonly<Record<number, string>> = {
  16: "AppendRequest",
  17: "AppendResponse",
  18: "VoteRequest",
  19: "VoteResponse",
  20: "Heartbeat",
  21: "HeartbeatResponse",
  22: "SnapshotChunk",
  23: "SnapshotAck",
  24: "TimeoutNow",
  25: "ReadIndexRequest",
  26: "ReadIndexResponse",
  27: "NodeStatus",
  32: "ClientRequest",
  33: "ClientResponse",
};

/** All frames with a wire version, each content once. A record that was cut at the end of the file is left out. */
export function readCapture(file: string, bytes: Uint8Array): CapturedFrame[] {
  const nodeId = readHeader(file, bytes);
  const senders = new Map<number, string>();
  const frames = new Map<string, CapturedFrame>();
  let at = HEADER_BYTES;
  for (let place = 1; at + RECORD_BYTES <= bytes.length; place++) {
    const length = number(bytes.subarray(at, at + 4));
    const connection = number(bytes.subarray(at + 4, at + 8));
    const frame = bytes.slice(at + RECORD_BYTES, at + RECORD_BYTES + length);
    at += RECORD_BYTES + length;
    if (frame.length < length || length < FRAME_HEADER_BYTES) break;
    const kind = number(frame.subarray(6, 8));
    const sender = kind === HELLO_KIND ? releaseIn(frame) : undefined;
    if (sender !== undefined) senders.set(connection, sender);
    if (kind < FIRST_VERSIONED_KIND) continue;
    const name = `${file} #${place}`;
    const read = readFrame(name, kind, frame, nodeId, senders.get(connection));
    const content = `${kind} ${toHex(frame.subarray(8, 12))} ${toHex(frame.subarray(FRAME_HEADER_BYTES))}`;
    if (!frames.has(content)) frames.set(content, read);
  }
  return [...frames.values()];
}

function readHeader(file: string, bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES || toHex(bytes.subarray(0, 4)) !== MAGIC) {
    throw new CaptureError(
      `Cannot read ${file}: it is no capture of a node (no "WSC1" at the start)`,
    );
  }
  const format = number(bytes.subarray(4, 8));
  if (format !== FORMAT) {
    throw new CaptureError(`Cannot read ${file}: capture format ${format}, ${FORMAT} needed`);
  }
  return number(bytes.subarray(8, 16));
}

function readFrame(
  name: string,
  kind: number,
  frame: Uint8Array,
  nodeId: number,
  sender: string | undefined,
): CapturedFrame {
  const addressee = number(frame.subarray(40, 48));
  return {
    name,
    ...(sender !== undefined && { sender }),
    message: MESSAGES[kind] ?? `kind ${kind}`,
    wireVersion: number(frame.subarray(8, 12)),
    clusterId: toHex(frame.subarray(16, 32)),
    addressee: addressee === 0 ? nodeId : addressee,
    frame,
  };
}

function releaseIn(hello: Uint8Array): string | undefined {
  const items = readItems(hello.subarray(FRAME_HEADER_BYTES));
  const release = items?.find(({ type }) => type === RELEASE_ITEM);
  return release && new TextDecoder().decode(release.content);
}

/** Bytes behind the header of a frame. */
export function bodyOf({ frame }: CapturedFrame): Uint8Array {
  return frame.subarray(FRAME_HEADER_BYTES);
}
