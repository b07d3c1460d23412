/** A capture file made by hand from its layout, and the cells that its frames become. */
import { expect, test } from "vitest";
import { makeGolden } from "../cases/golden.ts";
import { capturedCells } from "../cells/captured.ts";
import { participantOf } from "../cells/matrix.ts";
import type { CodecHost, FrameFields } from "../codec-host.ts";
import { poolOf } from "../host-request.ts";
import { toyFrame } from "../made-up/frame.ts";
import { type Faults, madeUpHost } from "../made-up/host.ts";
import { NEW, OLD } from "../made-up/schemas.ts";
import type { Cell } from "../verdict.ts";
import { bodyOf, type CapturedFrame, CaptureError, readCapture } from "./capture-file.ts";
import { u32, writeItems } from "./hello-items.ts";

const CLUSTER = "000102030405060708090a0b0c0d0e0f";
const MAGIC = [0x57, 0x53, 0x43, 0x31];

function frameOf(
  kind: number,
  wireVersion: number,
  addressee: number,
  body: Uint8Array,
): Uint8Array {
  const header = {
    kind,
    wireVersion,
    addressee,
    flags: 0,
    clusterId: CLUSTER,
    sender: 7,
    incarnation: 3,
  };
  return toyFrame(header, body);
}

function captureOf(...records: readonly { connection: number; frame: Uint8Array }[]): Uint8Array {
  const header = [...MAGIC, ...u32(1), ...u32(5), ...u32(0)];
  const bodies = records.flatMap(({ connection, frame }) => [
    ...u32(frame.length),
    ...u32(connection),
    ...new Array<number>(16).fill(0),
    ...frame,
  ]);
  return Uint8Array.from([...header, ...bodies]);
}

const HELLO = frameOf(1, 0, 5, writeItems([{ type: 3, content: new TextEncoder().encode("r7") }]));
const BODY = Uint8Array.of(1, 2, 3);

test("readCapture() gives message, version, addressee and sender of each frame, and each content once", () => {
  const append = frameOf(16, 1, 5, BODY);
  const file = captureOf(
    { connection: 1, frame: HELLO },
    { connection: 1, frame: append },
    { connection: 2, frame: append },
    { connection: 2, frame: frameOf(77, 2, 0, BODY) },
  );
  expect(readCapture("a.wsc", file).map(({ frame: _, ...rest }) => rest)).toEqual([
    {
      name: "a.wsc #2",
      sender: "r7",
      message: "AppendRequest",
      wireVersion: 1,
      clusterId: CLUSTER,
      addressee: 5,
    },
    {
      name: "a.wsc #4",
      message: "kind 77",
      wireVersion: 2,
      clusterId: CLUSTER,
      addressee: 5,
    },
  ]);
  expect(readCapture("a.wsc", file).map(bodyOf)).toEqual([BODY, BODY]);
});

test("a record that was cut is left out, and a file that is no capture is refused", () => {
  const file = captureOf(
    { connection: 1, frame: frameOf(16, 1, 5, BODY) },
    { connection: 1, frame: frameOf(17, 1, 5, BODY) },
  );
  for (let length = 16; length < file.length; length++) {
    expect(readCapture("a", file.subarray(0, length)).length).toBeLessThan(2);
  }
  expect(() => readCapture("a", Uint8Array.of(1, 2, 3))).toThrow(CaptureError);
  expect(() =>
    readCapture("a", Uint8Array.from([...MAGIC, ...u32(9), ...u32(5), ...u32(0)])),
  ).toThrow(/format 9/);
});

async function judge(frames: readonly CapturedFrame[], faults?: Faults): Promise<Cell[]> {
  const hosts = [madeUpHost(OLD), madeUpHost(NEW, faults)];
  const named = hosts.map((host) => [host.describe().release, host] as const);
  const participants = hosts.map((host) => participantOf(host.describe(), []));
  const cells: Cell[] = [];
  for await (const group of capturedCells({ participants, pool: poolOf(new Map(named)) }, frames))
    cells.push(...group);
  return cells;
}

function framesBy(host: CodecHost, version: number): CapturedFrame[] {
  const clusterId = "ab".repeat(16);
  const header: FrameFields = {
    kind: 16,
    flags: 0,
    wireVersion: version,
    clusterId,
    sender: 1,
    addressee: 2,
    incarnation: 1,
  };
  const golden = makeGolden(host).filter((file) => file.version === version);
  return golden.flatMap(({ message, records }) =>
    records.map((record) => {
      const written = host.encode(message, version, record.value);
      if (!written.ok) throw new Error(written.error.message);
      return {
        name: record.case,
        message,
        wireVersion: version,
        clusterId,
        addressee: 2,
        frame: host.frame(header, written.bytes),
      };
    }),
  );
}

test("captured frames: each release that reads their version must agree, the others must refuse", async () => {
  const frames = framesBy(madeUpHost(OLD), 1);
  const cells = await judge(frames, undefined);
  expect(cells.map(({ reason }) => reason).filter(Boolean)).toEqual([]);
  expect(cells.length).toBe(frames.length * 2);
  const later = await judge(framesBy(madeUpHost(NEW), 2));
  expect(new Set(later.map(({ reader, verdict }) => `${reader.release} ${verdict}`))).toEqual(
    new Set(["old clean-refusal", "new exact"]),
  );
});

test("captured frames: a release that sees another value is broken", async () => {
  const frames = framesBy(madeUpHost(OLD), 1);
  const cells = await judge(frames, ({ decode }) => ({
    decode(message, version, bytes) {
      const result = decode(message, version, bytes);
      return result.ok && message === "Append"
        ? { ...result, value: { ...(result.value as object), term: 99 } }
        : result;
    },
  }));
  const broken = cells.filter(({ verdict }) => verdict === "broken");
  expect(broken.length).toBeGreaterThan(5);
  expect(broken[0]?.reason).toMatch(/term is 99, expected \d+ by old/);
});
