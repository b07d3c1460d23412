/**
 * Frames and captures are read by layouts of their own, so the two promises of the tree are checked again
 * here: nothing is thrown, and every byte is in one piece. The release is the working tree's codecs.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type InspectNode, piecesOf } from "../../codecs/index.ts";
import { createCodecHost } from "../../raft/wire/codec-bundle.ts";
import { FrameKind, writeFrame, writeHello } from "../../raft/wire/index.ts";
import { problemText } from "./describe-node.ts";
import { inspectInput, type Request } from "./inspect-input.ts";
import { inspectJson } from "./json.ts";
import { OpenRelease } from "./open-release.ts";
import { PLAIN_PAINT, renderTree } from "./render.ts";

const tree = new OpenRelease("tree", createCodecHost());
const { max } = tree.range;
const PLAIN: Omit<Request, "bytes"> = {
  format: undefined,
  release: tree,
  message: undefined,
  wireVersion: undefined,
  isStream: false,
  nodesMax: 500,
};

function frameOf(kind: number, wireVersion: number, body: Uint8Array): Uint8Array {
  const clusterId = "00112233445566778899aabbccddeeff";
  const header = {
    kind,
    flags: 0,
    wireVersion,
    clusterId,
    sender: 2,
    addressee: 1,
    incarnation: 7,
  };
  return Buffer.concat(writeFrame(header, body));
}

const entry = { term: 3, index: 88, kind: "command", version: max, critical: true };
const command = encode("Command", { session: 9, sequence: 4, op: null });
const append = encode("AppendRequest", {
  term: 3,
  entries: [{ ...entry, body: { hex: Buffer.from(command).toString("hex") } }],
});

function encode(message: string, value: unknown): Uint8Array {
  const result = createCodecHost().encode(message, max, value);
  if (!result.ok) throw new Error(result.error.message);
  return result.bytes;
}

const FRAMES = Buffer.concat([
  frameOf(
    FrameKind.hello,
    0,
    writeHello({ range: { min: 3, max: 4 }, release: "r4", role: "peer" }),
  ),
  frameOf(FrameKind.appendRequest, max, append),
  frameOf(77, max + 1, Uint8Array.of(4, 1)),
]);

const CAPTURE = Buffer.concat([
  Buffer.from("57534331010000000100000000000000", "hex"),
  Buffer.from([...[FRAMES.length & 255, FRAMES.length >> 8, 0, 0], ...Array(20).fill(0)]),
  FRAMES,
]);

test("a frame is read by the schema that its header names, and its entries by theirs", () => {
  const { root, problems, container } = inspectInput({ ...PLAIN, bytes: FRAMES });
  expect({ problems, container }).toEqual({ problems: [], container: "frames" });
  expect(namesIn(root)).toEqual(expect.arrayContaining(["release", "entries", "session"]));
  expectAllBytes(root, FRAMES);
});

test("a capture whose record holds more than a frame is read, and says so", () => {
  const { root, problems, container } = inspectInput({ ...PLAIN, bytes: CAPTURE });
  expect(container).toBe("capture");
  expect(problems).toMatchObject([
    { problem: expect.stringContaining("follow the end of the frame") },
  ]);
  expectAllBytes(root, CAPTURE);
});

test.for([
  { at: 4, says: "header version 2", why: "an unknown layout" },
  { at: 20, says: "they were changed", why: "a changed header" },
  { at: 70, says: "they were changed", why: "a changed body" },
])("a wrong byte in a frame is named: $why", ({ at, says }) => {
  const bytes = FRAMES.map((byte, place) => (place === at ? 2 : byte));
  const { problems } = inspectInput({ ...PLAIN, bytes });
  expect(problems[0]?.problem).toContain(says);
});

test.for([FRAMES, CAPTURE])(
  "damaged frames: nothing is thrown, and the pieces are the input",
  (whole) => {
    const damaged = fc
      .tuple(fc.nat({ max: whole.length }), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }))))
      .map(([length, changes]) => {
        const bytes = Uint8Array.from(whole.subarray(0, length));
        // The magic stays, so that these are frames at all.
        for (const [at, byte] of changes) if (length > 4) bytes[4 + (at % (length - 4))] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(damaged, fc.integer({ min: 1, max: 60 }), (bytes, nodesMax) => {
        const findings = inspectInput({ ...PLAIN, bytes, nodesMax });
        expectAllBytes(findings.root, bytes);
        expect(renderTree(findings.root, bytes, PLAIN_PAINT).length).toBeLessThan(nodesMax + 60);
        JSON.stringify(inspectJson({ name: "x", bytes, wasHex: false }, findings, "tree"));
      }),
      { numRuns: 500 },
    );
  },
);

test("errors cannot steer the terminal either: a key stands in their path", () => {
  const bytes = Buffer.from([0x81, 0xa2, 0x1b, 0x63, 0xc1]);
  const { problems } = inspectInput({ ...PLAIN, bytes, format: "msgpack" });
  const [first] = problems;
  expect(first && problemText(first)).toBe("Malformed: \\u001bc: 0xc1 begins no value (byte 4)");
});

test("text cannot steer the terminal", () => {
  const text = "a\u001b[2Jb\u009bc\u202ed";
  const bytes = Buffer.from([0xa0 | Buffer.byteLength(text), ...Buffer.from(text)]);
  const { root } = inspectInput({ ...PLAIN, release: undefined, bytes, format: "msgpack" });
  const lines = renderTree(root, bytes, PLAIN_PAINT).join("\n");
  expect(lines).toContain('"a\\u001b[2Jb\\u009bc\\u202ed"');
  expect(lines.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

function expectAllBytes(root: InspectNode, bytes: Uint8Array): void {
  let at = 0;
  for (const { start, end } of piecesOf(root)) {
    if (start !== at || end < start) expect({ start, end }).toEqual({ start: at, end });
    at = end;
  }
  expect(at).toBe(bytes.length);
}

function namesIn(node: InspectNode): string[] {
  const children = node.readings[0]?.children ?? [];
  return [...(node.name === undefined ? [] : [node.name]), ...children.flatMap(namesIn)];
}
