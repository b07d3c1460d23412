import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FRAME_HEADER_BYTES,
  type Frame,
  FrameError,
  type FrameHeader,
  FrameParser,
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

function frameBytes(body: Uint8Array): Uint8Array {
  return Buffer.concat(writeFrame(HEADER, body));
}

/** What came out before the end or the first error, and that error's code. */
function parse(parser: FrameParser, ...pieces: Uint8Array[]): { frames: Frame[]; code: string } {
  const frames: Frame[] = [];
  try {
    for (const piece of pieces) for (const frame of parser.push(piece)) frames.push(frame);
    return { frames, code: "ok" };
  } catch (error) {
    if (error instanceof FrameError) return { frames, code: error.code };
    throw error;
  }
}

function piecesOf(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(stream.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const BODIES = [
  new Uint8Array(0),
  Uint8Array.of(1),
  new Uint8Array(BODY_MAX).fill(7),
  Uint8Array.of(2, 3),
];
const STREAM = Buffer.concat(BODIES.map((body) => frameBytes(body)));

test("frames come out the same however the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sizes) => {
      const parser = new FrameParser(BODY_MAX);
      const { frames, code } = parse(parser, ...piecesOf(STREAM, sizes));
      expect(code).toBe("ok");
      expect(frames.map(({ body }) => [...body])).toEqual(BODIES.map((body) => [...body]));
      expect(frames.map(({ header }) => header)).toEqual(BODIES.map(() => HEADER));
      expect(parser.buffered).toBe(0);
    }),
  );
});

test("every cut of a stream gives the frames before it, and keeps the rest", () => {
  const ends = BODIES.map((_, place) =>
    BODIES.slice(0, place + 1).reduce((sum, { length }) => sum + FRAME_HEADER_BYTES + length, 0),
  );
  for (let length = 0; length <= STREAM.length; length++) {
    const parser = new FrameParser(BODY_MAX);
    const { frames, code } = parse(parser, STREAM.subarray(0, length));
    const whole = ends.filter((end) => end <= length);
    expect([code, frames.length, parser.buffered]).toEqual([
      "ok",
      whole.length,
      length - (whole.at(-1) ?? 0),
    ]);
  }
});

test("frames before damage are still given, and nothing after it, whatever follows", () => {
  const good = frameBytes(Uint8Array.of(1));
  const bad = Uint8Array.from(frameBytes(Uint8Array.of(2))).fill(9, FRAME_HEADER_BYTES);
  for (const size of [1, 7, 69, 1000]) {
    const parser = new FrameParser(BODY_MAX);
    const { frames, code } = parse(
      parser,
      ...piecesOf(Buffer.concat([good, good, bad, good]), [size]),
    );
    expect([frames.length, code], `pieces of ${size}`).toEqual([2, "body_crc"]);
    expect(parse(parser, good)).toEqual({ frames: [], code: "body_crc" });
  }
});

test("random bytes are refused with a typed error, or wait for more", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
      const { frames, code } = parse(new FrameParser(BODY_MAX), ...pieces);
      expect(frames).toEqual([]);
      const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
      expect(code).toBe(bytes < FRAME_HEADER_BYTES ? "ok" : "bad_magic");
    }),
  );
});

test("the length of a body is judged before anything is kept for it", () => {
  const parser = new FrameParser(4);
  const head = frameBytes(new Uint8Array(5)).subarray(0, FRAME_HEADER_BYTES);
  expect(parse(parser, head).code).toBe("body_too_long");
});

test("an announced body costs no memory before it comes, nor do single bytes cost more than one buffer", () => {
  const bytesMax = 16 * 1024 * 1024;
  const head = frameBytes(new Uint8Array(bytesMax)).subarray(0, FRAME_HEADER_BYTES);
  const before = process.memoryUsage().arrayBuffers;
  const parsers = Array.from({ length: 100 }, () => new FrameParser(bytesMax));
  for (const parser of parsers) {
    expect(parse(parser, head).code).toBe("ok");
    for (let count = 0; count < 1000; count++) parse(parser, Uint8Array.of(0));
    expect(parser.buffered).toBe(FRAME_HEADER_BYTES + 1000);
  }
  // 100 parsers with about 1 KiB each; had they believed the announcement, 1.6 GiB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});

test("a body in one piece is not copied", () => {
  const bytes = Uint8Array.from(frameBytes(Uint8Array.of(1, 2, 3)));
  const [frame] = parse(new FrameParser(BODY_MAX), bytes).frames;
  expect(frame?.body.buffer).toBe(bytes.buffer);
});
