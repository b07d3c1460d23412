/**
 * The layout stands here a second time, written by hand (checksums by another program), so that the
 * code cannot change its own truth.
 */
import { expect, test } from "vitest";
import {
  crc32c,
  FrameError,
  type FrameHeader,
  FrameKind,
  isIgnorable,
  readFrame,
  writeFrame,
} from "./index.ts";

const BODY_MAX = 1000;
const HEADER: FrameHeader = {
  kind: 16,
  flags: 0,
  wireVersion: 1,
  clusterId: "000102030405060708090a0b0c0d0e0f",
  sender: 1,
  addressee: 2,
  incarnation: 3,
};
const BODY = Uint8Array.of(1, 2, 3, 4, 5);

function frameBytes(body: Uint8Array, change: Partial<FrameHeader> = {}): Uint8Array {
  return Buffer.concat(writeFrame({ ...HEADER, ...change }, body));
}

function codeOf(bytes: Uint8Array): string {
  try {
    readFrame(bytes, BODY_MAX);
    return "ok";
  } catch (error) {
    if (error instanceof FrameError) return error.code;
    throw error;
  }
}

/** A frame with some bytes replaced and its header checksum made right again. */
function forged(offset: number, ...bytes: number[]): Uint8Array {
  const frame = Uint8Array.from(frameBytes(BODY));
  frame.set(bytes, offset);
  new DataView(frame.buffer).setUint32(64, crc32c(frame.subarray(0, 64)), true);
  return frame;
}

test("the checksum is CRC32C: the check value of the polynomial, and of 32 zero bytes (RFC 3720 B.4)", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe306_9283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a91_36aa);
});

test.for([
  {
    why: "an append request with two bytes",
    header: HEADER,
    body: [0xaa, 0xbb],
    hex: [
      "57534631 01 00 1000 01000000 02000000",
      "000102030405060708090a0b0c0d0e0f",
      "0100000000000000 0200000000000000 0300000000000000",
      "00000000 8d44e4e4 f23e5800 aabb",
    ],
  },
  {
    why: "a hello of a client that knows neither version nor node",
    header: { ...HEADER, kind: 1, flags: 1, wireVersion: 0, sender: 2 ** 53 - 1, addressee: 0 },
    body: [],
    hex: [
      "57534631 01 01 0100 00000000 00000000",
      "000102030405060708090a0b0c0d0e0f",
      "ffffffffffff1f00 0000000000000000 0300000000000000",
      "00000000 00000000 6f0f9654",
    ],
  },
])("writeFrame() has the layout of ARCHITECTURE.md: $why", ({ header, body, hex }) => {
  const bytes = Buffer.concat(writeFrame(header, Uint8Array.from(body)));
  expect(bytes.toString("hex")).toBe(hex.join("").replaceAll(" ", ""));
  const frame = readFrame(bytes, BODY_MAX);
  expect({ header: frame.header, body: [...frame.body] }).toEqual({ header, body });
});

test("the numbers of the kinds are those of ARCHITECTURE.md", () => {
  expect(Object.entries(FrameKind).map(([name, number]) => `${number} ${name}`)).toEqual([
    "1 hello",
    "2 welcome",
    "3 refusal",
    "16 appendRequest",
    "17 appendResponse",
    "18 voteRequest",
    "19 voteResponse",
    "20 heartbeat",
    "21 heartbeatResponse",
    "22 snapshotChunk",
    "23 snapshotAck",
    "24 timeoutNow",
    "25 readIndexRequest",
    "26 readIndexResponse",
    "27 nodeStatus",
    "32 clientRequest",
    "33 clientResponse",
  ]);
});

test.for([
  { code: "ok", bytes: forged(0), why: "the forger makes the checksum right" },
  { code: "bad_magic", bytes: forged(3, 0x32), why: "WSF2" },
  { code: "header_version", bytes: forged(4, 2), why: "a header of the future" },
  { code: "ok", bytes: forged(5, 1), why: "bit 0, ignorable, is known" },
  { code: "unknown_flag", bytes: forged(5, 2), why: "bit 1" },
  { code: "unknown_flag", bytes: forged(5, 0x81), why: "bit 7 beside a known one" },
  { code: "reserved_bytes", bytes: forged(59, 1), why: "reserved for a meaning we do not know" },
  { code: "body_too_long", bytes: forged(12, 0xe9, 3, 0, 0), why: "1001 bytes, the limit is 1000" },
  { code: "truncated", bytes: forged(12, 0xe8, 3, 0, 0), why: "1000 bytes, just the limit" },
  { code: "body_too_long", bytes: forged(12, 255, 255, 255, 255), why: "4 GiB" },
  { code: "number_too_large", bytes: forged(38, 0x20), why: "the sender is 2^53 + 1" },
  { code: "number_too_large", bytes: forged(47, 0xff), why: "the addressee is above 2^63" },
  { code: "number_too_large", bytes: forged(54, 0x20), why: "the incarnation" },
  { code: "body_crc", bytes: forged(60, 0), why: "another checksum of the body" },
  { code: "header_crc", bytes: frameBytes(BODY).fill(9, 32, 33), why: "a sender that was changed" },
  { code: "trailing", bytes: Buffer.concat([frameBytes(BODY), BODY]), why: "more than one frame" },
] as const)("readFrame() says $code: $why", ({ code, bytes }) => {
  expect(codeOf(bytes)).toBe(code);
});

test("a frame cut at any length is not a frame, and no cut is an accident", () => {
  const whole = frameBytes(BODY);
  for (let length = 0; length < whole.length; length++) {
    expect(codeOf(whole.subarray(0, length)), `${length} bytes`).toBe("truncated");
  }
});

test("every flipped bit is noticed", () => {
  const whole = frameBytes(BODY);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Uint8Array.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(flipped), `bit ${bit}`).not.toBe("ok");
  }
});

test.for([
  { clusterId: "", why: "none" },
  { clusterId: HEADER.clusterId.slice(1), why: "31 digits" },
  { clusterId: HEADER.clusterId.toUpperCase(), why: "upper case, which would come back different" },
  { clusterId: `${HEADER.clusterId.slice(1)}g`, why: "g is no digit" },
])("writeFrame() takes the cluster id $clusterId for a bug: $why", ({ clusterId }) => {
  expect(() => writeFrame({ ...HEADER, clusterId }, BODY)).toThrow("32 hex digits");
});

test("isIgnorable() looks at bit 0", () => {
  expect([0, 1].map((flags) => isIgnorable({ ...HEADER, flags }))).toEqual([false, true]);
});
