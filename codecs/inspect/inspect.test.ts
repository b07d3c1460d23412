/**
 * The expected trees of Bilrost are the worked examples of its specification (§26); protobuf and
 * MessagePack bytes were written by hand from their documents. The properties say what must hold for any
 * bytes: nothing is thrown, no byte is missing, and what a decoder reads has no problem here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valuesOf } from "../contract/arbitrary.ts";
import { FORMATS } from "../contract/formats.ts";
import { codecOf, Everything, shapeOf } from "../contract/messages.ts";
import { describeMessages } from "../describe.ts";
import type { VersionDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import type { FormatName } from "../format.ts";
import { fromHex, toHex } from "../value-json.ts";
import { guessFormat } from "./guess-format.ts";
import { inspect } from "./inspect.ts";
import { sketch } from "./testing.ts";
import { type InspectNode, piecesOf } from "./tree.ts";

interface Row {
  readonly format: FormatName;
  readonly hex: string;
  readonly tree: string;
  readonly why: string;
}

const hexOf = (spaced: string): Uint8Array => fromHex(spaced.replaceAll(" ", ""));

const READABLE: readonly Row[] = [
  {
    format: "bilrost",
    hex: "05 07 66 6f 6f 2e 74 78 74 04 01 05 0e 70 75 62 6c 69 63 2f 66 6f 6f 2e 74 78 74",
    tree: '1 text "foo.txt"; 2 unsigned 1; 3 text "public/foo.txt"',
    why: "two texts and a bool (§26)",
  },
  { format: "bilrost", hex: "00 05", tree: "0 unsigned 5", why: "tag 0 (§26)" },
  {
    format: "bilrost",
    hex: "fc fe fe fe 3e 01",
    tree: "4294967295 unsigned 1",
    why: "the highest tag, a key of five bytes (§26)",
  },
  {
    format: "bilrost",
    hex: "04 00 00 01",
    tree: "1 unsigned 0; 1 unsigned 1",
    why: "an unpacked list: the second key has delta 0 (§26)",
  },
  {
    format: "bilrost",
    hex: "05 03 01 61 01",
    tree: "1 packed varints [1, 97, 1]",
    why: "a map (§26) looks like a list of numbers, and is not claimed to be a map",
  },
  {
    format: "bilrost",
    hex: "01 07 00 02 05 03 66 6f 6f",
    tree: '0 message { 0 unsigned 2; 1 text "foo" }',
    why: "a tuple is a message (§26)",
  },
  {
    format: "bilrost",
    hex: "04 02 06 01 00 00 00",
    tree: "1 unsigned 2; 2 unsigned 1",
    why: "Timestamp with fixed nanoseconds (§26)",
  },
  {
    format: "bilrost",
    hex: "03 00 00 00 00 00 00 00 80",
    tree: "0 unsigned 9223372036854775808",
    why: "minus zero (§26): as bits the number is as good a guess",
  },
  {
    format: "bilrost",
    hex: "03 00 00 00 00 00 00 f8 3f",
    tree: "0 f64 1.5",
    why: "few digits as a float: somebody wrote that",
  },
  {
    format: "bilrost",
    hex: "05 0b 04 05 02 68 69 05 05 03 61 62 63",
    tree: '1 packed items { [0] message { 1 text "hi" }; [1] message { 1 text "abc" } }',
    why: "a packed list of messages, which Bilrost has",
  },
  {
    format: "protobuf",
    hex: "08 96 01 12 07 74 65 73 74 69 6e 67 1a 03 08 96 01 25 00 00 c0 3f",
    tree: '1 unsigned 150; 2 text "testing"; 3 message { 1 unsigned 150 }; 4 f32 1.5',
    why: "the examples of the protobuf encoding guide, in one message",
  },
  {
    format: "protobuf",
    hex: "0a 0c 0a 0a 68 65 6c 6c 6f 68 65 6c 6c 6f",
    tree: '1 message { 1 text "hellohello" }',
    why: "0a 0a is a line end twice, or a field of ten bytes: the latter, before text",
  },
  {
    format: "protobuf",
    hex: "0b 08 01 13 14 0c 10 02",
    tree: "1 group { 1 unsigned 1; 2 group { 2 }; 1 }; 2 unsigned 2",
    why: "groups in groups, which end by themselves",
  },
  {
    format: "protobuf",
    hex: "08 ff ff ff ff ff ff ff ff ff 01",
    tree: "1 int64 -1",
    why: "ten bytes: a negative int32 or int64",
  },
  {
    format: "msgpack",
    hex: "83 a4 6e 61 6d 65 a3 61 62 63 a2 6f 6b c3 01 93 01 d1 ff 38 c0",
    tree: 'name text "abc"; ok bool true; 1 array { [0] integer 1; [1] integer -200; [2] nil }',
    why: "a map with text and number keys",
  },
  {
    format: "msgpack",
    hex: "92 d6 ff 00 00 00 01 c4 02 00 ff",
    tree: '[0] timestamp "1970-01-01T00:00:01Z"; [1] bytes',
    why: "the time extension, and binary",
  },
  {
    format: "msgpack",
    hex: "81 90 ca 3f c0 00 00",
    tree: "entry pair { key array {  }; value float 1.5 }",
    why: "a key that is no name stands as a piece of its own",
  },
];

test.for(READABLE)("inspect() reads $format $hex: $why", ({ format, hex, tree }) => {
  const bytes = hexOf(hex);
  const { root, problems } = inspect(bytes, { format });
  expect(sketch(root)).toBe(tree);
  expect(problems).toEqual([]);
  expectAllBytes(root, bytes);
});

test.for([
  {
    format: "bilrost",
    hex: "04 01 05 09 61 62",
    tree: '1 unsigned 1; 2 text "ab" Truncated',
    at: "Truncated 3 2",
    why: "a length beyond the end: what is there of the body is shown",
  },
  {
    format: "bilrost",
    hex: "04 01 fc fe fe fe 3e 01",
    tree: "1 unsigned 1; unread TagOverflowed",
    at: "TagOverflowed 2 ",
    why: "a tag above 2^32 - 1: its field has no name",
  },
  {
    format: "protobuf",
    hex: "0a 01 61 00 01",
    tree: '1 text "a"; unread TagOverflowed',
    at: "TagOverflowed 3 ",
    why: "field number 0",
  },
  {
    format: "protobuf",
    hex: "0e 01",
    tree: "unread Malformed",
    at: "Malformed 0 ",
    why: "wire type 6 does not exist",
  },
  {
    format: "protobuf",
    hex: "0b 08 01 18 01",
    tree: "1 group { 1 unsigned 1; 3 unsigned 1; unread Truncated }",
    at: "Truncated 5 1",
    why: "a group that nobody closes",
  },
  {
    format: "msgpack",
    hex: "82 a1 61 93 01 02",
    tree: "a array { [0] integer 1; [1] integer 2; [2] Truncated }",
    at: "Truncated 6 a.[2]",
    why: "an array that lacks its third item: the second pair is nowhere",
  },
  {
    format: "msgpack",
    hex: "01 02",
    tree: "message integer 1; unread Malformed",
    at: "Malformed 1 ",
    why: "bytes behind the value",
  },
  {
    format: "msgpack",
    hex: "91 c1",
    tree: "[0] Malformed",
    at: "Malformed 1 [0]",
    why: "the byte that begins no value",
  },
] as const)("inspect() stops at the damage in $format $hex: $why", ({ format, hex, tree, at }) => {
  const bytes = hexOf(hex);
  const { root, problems } = inspect(bytes, { format });
  expect(sketch(root)).toBe(tree);
  const [first] = problems;
  expect(`${first?.code} ${first?.offset} ${first?.path.join(".")}`).toBe(at);
  expectAllBytes(root, bytes);
});

test.for([
  {
    hex: "05 07 66 6f 6f 2e 74 78 74",
    others: ["text", "message", "packed varints", "bytes"],
    why: "text that all else would fit, too",
  },
  {
    hex: "05 04 05 02 61 62",
    others: ["message", "packed varints", "bytes"],
    why: "text in a message",
  },
  { hex: "05 04 8f 92 e1 07", others: ["bytes", "packed varints"], why: "as good as random" },
  { hex: "05 03 ff fe fd", others: ["bytes"], why: "nothing fits" },
  { hex: "05 00", others: ["empty"], why: "nothing is there to be told apart" },
])("every plausible reading is given, the best first: $why", ({ hex, others }) => {
  const { root } = inspect(hexOf(hex), { format: "bilrost" });
  const [field] = root.readings[0]?.children ?? [];
  expect(field?.readings.map(({ as }) => as)).toEqual(others);
});

test.for([
  { hex: "05 07 66 6f 6f 2e 74 78 74 04 01", best: "bilrost", why: "protobuf has no field 0" },
  { hex: "0a 03 66 6f 6f 10 01", best: "protobuf", why: "fields 1 and 2 without a gap" },
  { hex: "81 a1 61 01", best: "msgpack", why: "a map that ends at the end" },
  { hex: "82 a4 6e 61 6d 65 a3 61", best: "msgpack", why: "cut, but it began well" },
  { hex: "08 96 01 12 09 74 65 73 74", best: "protobuf", why: "cut in its second field" },
])("guessFormat() takes $hex for $best: $why", ({ hex, best }) => {
  const guesses = guessFormat(hexOf(hex));
  expect(guesses[0]?.format).toBe(best);
  expect(guesses.map(({ reason }) => reason.length > 0)).toEqual([true, true, true]);
});

test("guessFormat() knows the golden bytes of all frozen releases, but for four that are right in two formats", () => {
  const missed = golden().filter(({ format, bytes }) => guessFormat(bytes)[0]?.format !== format);
  expect(missed.map(({ bytes }) => toHex(bytes))).toEqual(["1001", "1001", "0d01000800", "1001"]);
  for (const { format, bytes } of missed) {
    // Then the other one stands below it, with the option that chooses it.
    expect(guessFormat(bytes)).toContainEqual(expect.objectContaining({ format, isWhole: true }));
  }
});

/** By wire version: 1 is MessagePack, 2 protobuf, the later ones Bilrost. */
function golden(): { readonly format: FormatName; readonly bytes: Uint8Array }[] {
  const files = readdirSync("fixtures/releases", { recursive: true, encoding: "utf8" })
    .filter((path) => /^r[1-4].golden.[1-4].\w+\.json$/.test(path))
    .sort();
  const cases = files.flatMap((path) => {
    const text = readFileSync(join("fixtures/releases", path), "utf8");
    const { version, records } = JSON.parse(text) as {
      readonly version: number;
      readonly records: readonly { readonly hex: string }[];
    };
    const format: FormatName = version > 2 ? "bilrost" : version === 2 ? "protobuf" : "msgpack";
    return records.map(({ hex }) => ({ format, bytes: fromHex(hex) }));
  });
  expect(cases.length).toBeGreaterThan(1500);
  return cases.filter(({ bytes }) => bytes.length > 0);
}

test("streams: a length before each message, and one value after the other in MessagePack", () => {
  const stream = (format: FormatName, hex: string): string =>
    sketch(inspect(hexOf(hex), { format, isStream: true }).root);
  expect(stream("bilrost", "02 04 01 00 02 04 02")).toBe(
    "[0] message { 1 unsigned 1 }; [1] message {  }; [2] message { 1 unsigned 2 }",
  );
  expect(stream("protobuf", "02 08 01 05 08")).toBe(
    "[0] message { 1 unsigned 1 }; [1] message { unread Truncated } Truncated",
  );
  expect(stream("msgpack", "01 81 a1 61 02")).toBe("[0] integer 1; [1] map { a integer 2 }");
  expect(guessFormat(hexOf("02 04 01 00 02 04 02"), true)[0]?.format).toBe("bilrost");
});

test("what is beyond the limit is walked over and counted, and damage behind it is found", () => {
  const bytes = Uint8Array.from([...Array(1000).fill([4, 1]).flat(), 5, 9]);
  const { root, problems, nodeCount } = inspect(bytes, { format: "bilrost", nodesMax: 10 });
  const nodes = root.readings[0]?.children ?? [];
  expect(nodeCount).toBe(10);
  expect(nodes.slice(-2).map(({ role, notes }) => [role, ...notes])).toEqual([
    ["elided", "991 more fields"],
    ["unread"],
  ]);
  expect(problems).toMatchObject([{ code: "Truncated", offset: 2001 }]);
  expectAllBytes(root, bytes);
});

test("nesting without end is looked into a hundred levels deep", () => {
  let bytes: Uint8Array = Uint8Array.of(4, 1);
  for (let depth = 0; depth < 120; depth++) bytes = fieldOf(bytes);
  const { root, problems } = inspect(bytes, { format: "bilrost" });
  expect(problems).toEqual([]);
  expectAllBytes(root, bytes);
  expect(depthOf(root)).toBe(101);
});

describe.for(FORMATS)("$name", (format) => {
  const version: VersionDescription = {
    version: 1,
    format: format.name,
    rules: {},
    ...describeMessages([{ definition: Everything, surface: "connection" }], 1),
  };
  const codec = codecOf(format, Everything);
  const everything = valuesOf(shapeOf(Everything), 1).map((value) => codec.encode(value));
  const schema = { version, message: "Everything" };
  const options = { format: format.name } as const;

  test("whatever the bytes: nothing is thrown, and the pieces are the input", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isStream) => {
        expectAllBytes(inspect(bytes, { ...options, isStream }).root, bytes);
        expectAllBytes(inspect(bytes, { ...options, isStream, schema }).root, bytes);
        expectAllBytes(inspect(bytes, { ...options, nodesMax: 3 }).root, bytes);
        expect(guessFormat(bytes, isStream)).toHaveLength(3);
      }),
      { numRuns: 500 },
    );
  });

  test("a written message has no problem, with its schema and without", () => {
    fc.assert(
      fc.property(everything, (bytes) => {
        for (const inspection of [
          inspect(bytes, options),
          inspect(bytes, { ...options, schema }),
          inspect(bytes, { ...options, schema, nodesMax: 5 }),
        ]) {
          expect(inspection.problems).toEqual([]);
          expectAllBytes(inspection.root, bytes);
        }
      }),
    );
  });

  test("damaged bytes that the decoder still reads have no problem here either", () => {
    const damaged = fc
      .tuple(everything, fc.nat(), fc.nat({ max: 255 }))
      .map(([bytes, at, byte]) => bytes.map((old, i) => (i === at % bytes.length ? byte : old)));
    fc.assert(
      fc.property(damaged, (bytes) => {
        const { root, problems } = inspect(bytes, { ...options, schema });
        expectAllBytes(root, bytes);
        for (const { offset, path } of problems) {
          expect(offset).toBeLessThanOrEqual(bytes.length);
          expect(path.length === 0 || path[0] === "Everything").toBe(true);
        }
        if (isRead(() => codec.decode(bytes))) expect(problems).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

function isRead(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** Every byte is in one piece, and in order; so the pieces one after the other are the input. */
function expectAllBytes(root: InspectNode, bytes: Uint8Array): void {
  let at = 0;
  for (const { start, end } of piecesOf(root)) {
    if (start !== at || end < start) expect({ start, end }).toEqual({ start: at, end });
    at = end;
  }
  expect(at).toBe(bytes.length);
}

function depthOf(node: InspectNode): number {
  return 1 + Math.max(-1, ...(node.readings[0]?.children ?? []).map(depthOf));
}

/** Field 1 with these bytes as its body. */
function fieldOf(body: Uint8Array): Uint8Array {
  const length =
    body.length < 128 ? [body.length] : [128 + (body.length % 128), (body.length >> 7) - 1];
  return Uint8Array.from([5, ...length, ...body]);
}
