import fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_HEADER_BYTES, FrameError, FrameParser, readFrame, writeFrame } from "./index.ts";

const BODY_MAX = 1000;
const HEADER = {
  kind: 16,
  flags: 0,
  wireVersion: 1,
  clusterId: "000102030405060708090a0b0c0d0e0f",
  sender: 1,
  addressee: 2,
  incarnation: 3,
};

function frameBytes(body: Uint8Array, change: Partial<typeof HEADER> = {}): Uint8Array {
  const [head, content] = writeFrame({ ...HEADER, ...change }, body);
  return Uint8Array.of(...head, ...content);
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

test("the header has the layout of ARCHITECTURE.md, byte for byte", () => {
  // Written out by hand: a change of the encoder must not be able to change the expectation.
  const expected =
    "57534631" +
    "01" +
    "00" +
    "1000" +
    "01000000" +
    "02000000" +
    "000102030405060708090a0b0c0d0e0f" +
    "0100000000000000" +
    "0200000000000000" +
    "0300000000000000" +
    "00000000";
  const bytes = frameBytes(Uint8Array.of(0xaa, 0xbb));
  expect(Buffer.from(bytes.subarray(0, 60)).toString("hex")).toBe(expected);
  expect(bytes.length).toBe(FRAME_HEADER_BYTES + 2);
});

test("a frame cut at any length is not a frame, and no cut is an accident", () => {
  const whole = frameBytes(Uint8Array.of(1, 2, 3, 4, 5));
  for (let length = 0; length < whole.length; length++) {
    expect(codeOf(whole.subarray(0, length)), `${length} bytes`).toBe("truncated");
  }
});

test("every flipped bit is noticed", () => {
  const whole = frameBytes(Uint8Array.of(1, 2, 3, 4, 5));
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Uint8Array.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(flipped), `bit ${bit}`).not.toBe("ok");
  }
});

test("random bytes are refused with a typed error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(codeOf(bytes)).not.toBe("ok");
    }),
  );
});

test("the length of a body is judged before anything is kept for it", () => {
  const parser = new FrameParser(4);
  const head = frameBytes(new Uint8Array(5)).subarray(0, FRAME_HEADER_BYTES);
  expect(() => parser.push(head)).toThrow(expect.objectContaining({ code: "body_too_long" }));
});

test("frames come out the same however the stream is cut", () => {
  const bodies = [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(300).fill(7)];
  const stream = Buffer.concat(bodies.map((body) => frameBytes(body)));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1 }), (sizes) => {
      const parser = new FrameParser(BODY_MAX);
      const seen: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        seen.push(...parser.push(stream.subarray(at, at + size)).map(({ body }) => body));
        at += size;
      }
      expect(seen.map((body) => [...body])).toEqual(bodies.map((body) => [...body]));
      expect(parser.buffered).toBe(0);
    }),
  );
});

test("numbers above 2^53 - 1 are refused, not rounded", () => {
  const bytes = frameBytes(new Uint8Array(0), { sender: Number.MAX_SAFE_INTEGER });
  expect(codeOf(bytes)).toBe("ok");
});
