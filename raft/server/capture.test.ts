/** A capture read back by its documented layout, with offsets written out once more on purpose. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FrameKind, writeFrame } from "../wire/index.ts";
import { Capture } from "./capture.ts";
import type { LinkHandler } from "./link.ts";

let folder = "";
let problems: string[] = [];
let passedOn: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wirespan-capture-"));
  problems = [];
  passedOn = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const replica: LinkHandler = {
  onAccept: (id, side) => void passedOn.push(`accept ${id} ${side}`),
  onOpen: (id) => void passedOn.push(`open ${id}`),
  onBytes: (id, bytes) => void passedOn.push(`bytes ${id} ${bytes.length}`),
  onClose: (id) => void passedOn.push(`close ${id}`),
};

function start(bytesMax: number): { capture: Capture; handler: LinkHandler } {
  const target = { file: join(folder, "frames"), bytesMax };
  const capture = new Capture(target, 3, (problem) => problems.push(problem));
  return { capture, handler: capture.before(replica) };
}

function frame(bodyLength: number): Buffer {
  const header = {
    kind: FrameKind.heartbeat,
    flags: 0,
    wireVersion: 1,
    clusterId: "00112233445566778899aabbccddeeff",
    sender: 2,
    addressee: 3,
    incarnation: 1,
  };
  return Buffer.concat(writeFrame(header, new Uint8Array(bodyLength).fill(bodyLength)));
}

interface Captured {
  readonly connection: number;
  readonly direction: number;
  readonly ageMs: number;
  readonly bytes: Buffer;
}

function readCapture(): Captured[] {
  const file = readFileSync(join(folder, "frames"));
  expect([file.toString("latin1", 0, 4), file.readUInt32LE(4), file.readBigUInt64LE(8)]).toEqual([
    "WSC1",
    1,
    3n,
  ]);
  const records: Captured[] = [];
  for (let at = 16; at < file.length; ) {
    const length = file.readUInt32LE(at);
    records.push({
      connection: file.readUInt32LE(at + 4),
      direction: file.readUInt8(at + 8),
      ageMs: Date.now() - Number(file.readBigUInt64LE(at + 16)),
      bytes: file.subarray(at + 24, at + 24 + length),
    });
    at += 24 + length;
  }
  return records;
}

test("frames stand in the file as they came, whatever pieces they came in", async () => {
  const { capture, handler } = start(10_000);
  handler.onAccept(1, "peer");
  handler.onAccept(2, "client");
  handler.onOpen(3);
  const both = Buffer.concat([frame(5), frame(0)]);
  for (const byte of both) handler.onBytes(1, Uint8Array.of(byte));
  handler.onBytes(2, both);
  handler.onBytes(3, frame(300));
  handler.onClose(3);
  await capture.end();
  const records = readCapture();
  expect(records.map(({ connection, direction }) => [connection, direction])).toEqual([
    [1, 1],
    [1, 1],
    [2, 2],
    [2, 2],
    [3, 3],
  ]);
  expect(records.map(({ bytes }) => bytes)).toEqual([
    frame(5),
    frame(0),
    frame(5),
    frame(0),
    frame(300),
  ]);
  expect(records.every(({ ageMs }) => ageMs >= 0 && ageMs < 10_000)).toBe(true);
  expect(passedOn.slice(0, 3)).toEqual(["accept 1 peer", "accept 2 client", "open 3"]);
  expect(passedOn.slice(-2)).toEqual(["bytes 3 368", "close 3"]);
  expect(problems).toEqual([]);
});

test("what is no frame is left out, and the replica still gets it", async () => {
  const { capture, handler } = start(10_000);
  handler.onAccept(1, "peer");
  handler.onBytes(1, frame(1));
  handler.onBytes(1, Buffer.alloc(100));
  handler.onBytes(1, frame(2));
  await capture.end();
  expect(readCapture().map(({ bytes }) => bytes)).toEqual([frame(1)]);
  expect(passedOn).toEqual(["accept 1 peer", "bytes 1 69", "bytes 1 100", "bytes 1 70"]);
});

test("the file ends before its bound, in a whole record, and says so once", async () => {
  const { capture, handler } = start(250);
  handler.onAccept(1, "peer");
  for (let count = 0; count < 5; count++) handler.onBytes(1, frame(10));
  await capture.end();
  expect(readCapture()).toHaveLength(2);
  expect(readFileSync(join(folder, "frames")).length).toBeLessThanOrEqual(250);
  expect(problems).toHaveLength(1);
  expect(passedOn).toHaveLength(6);
});

test("a file that can not be written is a warning, not the end of the node", async () => {
  const target = { file: join(folder, "no", "folder"), bytesMax: 1_000 };
  const capture = new Capture(target, 3, (problem) => problems.push(problem));
  const handler = capture.before(replica);
  handler.onAccept(1, "peer");
  await expect.poll(() => problems.length).toBe(1);
  handler.onBytes(1, frame(1));
  await capture.end();
  expect(problems[0]).toContain("ENOENT");
  expect(passedOn).toEqual(["accept 1 peer", "bytes 1 69"]);
});
