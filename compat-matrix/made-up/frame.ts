/** Frames in the layout of ARCHITECTURE.md, written naively and without checksums, for tests of the matrix. */
import { fromHex, toHex } from "../../codecs/index.ts";
import { number, u16, u32 } from "../bytes/hello-items.ts";
import type { FrameFields, FrameResult } from "../codec-host.ts";

const MAGIC = [0x57, 0x53, 0x46, 0x31];
const HEADER_BYTES = 68;

export function toyFrame(header: FrameFields, body: Uint8Array): Uint8Array {
  const wide = (value: number) => [...u32(value), 0, 0, 0, 0];
  return Uint8Array.from([
    ...MAGIC,
    1,
    header.flags,
    ...u16(header.kind),
    ...u32(header.wireVersion),
    ...u32(body.length),
    ...fromHex(header.clusterId),
    ...wide(header.sender),
    ...wide(header.addressee),
    ...wide(header.incarnation),
    ...new Array<number>(12).fill(0),
    ...body,
  ]);
}

export function openToyFrame(
  bytes: Uint8Array,
  expected: { readonly clusterId: string; readonly nodeId: number },
): FrameResult {
  if (bytes.length < HEADER_BYTES) return { ok: false, code: "truncated", message: "no frame" };
  const at = (start: number, length: number) => number(bytes.subarray(start, start + length));
  const clusterId = toHex(bytes.subarray(16, 32));
  if (clusterId !== expected.clusterId) {
    return { ok: false, code: "foreign_cluster", message: `cluster ${clusterId}` };
  }
  const header: FrameFields = {
    kind: at(6, 2),
    flags: at(5, 1),
    wireVersion: at(8, 4),
    clusterId,
    sender: at(32, 8),
    addressee: at(40, 8),
    incarnation: at(48, 8),
  };
  return { ok: true, header, body: bytes.slice(HEADER_BYTES) };
}
