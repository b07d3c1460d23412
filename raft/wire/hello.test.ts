import fc from "fast-check";
import { expect, test } from "vitest";
import {
  HelloError,
  readHello,
  readRefusal,
  readWelcome,
  writeHello,
  writeRefusal,
  writeWelcome,
} from "./index.ts";

const RANGE = { min: 1, max: 2 };
const BOUNDS = "01000400 01000000 02000400 02000000";
const hexBytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");
const ascii = (text: string): string => Buffer.from(text).toString("hex");

const HELLO = { range: RANGE, release: "r1", role: "peer" } as const;
const WELCOME = { range: RANGE, release: "r1", agreed: 258 };
const REFUSAL = { range: RANGE, release: "r1", code: "no", text: "Größe" };

test.for([
  {
    name: "Hello",
    bytes: writeHello(HELLO),
    hex: `${BOUNDS} 03000200 ${ascii("r1")} 04000100 01`,
  },
  {
    name: "Hello of a client",
    bytes: writeHello({ ...HELLO, role: "client", release: "" }),
    hex: `${BOUNDS} 03000000 04000100 02`,
  },
  {
    name: "Welcome",
    bytes: writeWelcome(WELCOME),
    hex: `${BOUNDS} 03000200 ${ascii("r1")} 05000400 02010000`,
  },
  {
    name: "Refusal",
    bytes: writeRefusal(REFUSAL),
    hex: `${BOUNDS} 03000200 ${ascii("r1")} 06000200 ${ascii("no")} 07000700 4772c3b6c39f65`,
  },
])("$name has the layout of ARCHITECTURE.md", ({ bytes, hex }) => {
  expect(Buffer.from(bytes)).toEqual(Buffer.from(hexBytes(hex)));
});

test("what was written is read", () => {
  expect(readHello(writeHello(HELLO))).toEqual(HELLO);
  expect(readWelcome(writeWelcome(WELCOME))).toEqual(WELCOME);
  expect(readRefusal(writeRefusal(REFUSAL))).toEqual(REFUSAL);
});

function codeOf(read: (body: Uint8Array) => unknown, body: Uint8Array): string {
  try {
    read(body);
    return "ok";
  } catch (error) {
    if (error instanceof HelloError) return error.code;
    throw error;
  }
}

test.for([
  { hex: BOUNDS, code: "ok", why: "the bounds alone: a peer without a name" },
  { hex: `ff000300 aabbcc ${BOUNDS}`, code: "ok", why: "an unknown item may be ignored" },
  { hex: `01800400 01000000 02000400 02000000`, code: "ok", why: "a known item may be critical" },
  { hex: `${BOUNDS} ff800000`, code: "unknown_critical", why: "an unknown critical item" },
  { hex: `${BOUNDS} 01000400 01000000`, code: "malformed", why: "a known item twice" },
  { hex: `${BOUNDS} 01800400 01000000`, code: "malformed", why: "twice, once critical" },
  { hex: `${BOUNDS} ff000000 ff000000`, code: "malformed", why: "an unknown item twice" },
  { hex: `01000300 010000 02000400 02000000`, code: "malformed", why: "a bound of 3 bytes" },
  { hex: `${BOUNDS} 04000100 00`, code: "malformed", why: "role 0" },
  { hex: `${BOUNDS} 04000100 03`, code: "malformed", why: "role 3" },
  { hex: `${BOUNDS} 04000200 0101`, code: "malformed", why: "a role of 2 bytes" },
  { hex: `${BOUNDS} 03000500 41`, code: "malformed", why: "more announced than there is" },
  { hex: `${BOUNDS} 030000`, code: "malformed", why: "half an item header" },
])("readHello() of $hex says $code: $why", ({ hex, code }) => {
  expect(codeOf(readHello, hexBytes(hex))).toBe(code);
});

test.for<{
  name: string;
  read: (body: Uint8Array) => unknown;
  body: Uint8Array;
  whole: readonly number[];
}>([
  { name: "hello", read: readHello, body: writeHello(HELLO), whole: [8, 16, 22] },
  { name: "welcome", read: readWelcome, body: writeWelcome(WELCOME), whole: [] },
  { name: "refusal", read: readRefusal, body: writeRefusal(REFUSAL), whole: [16, 22, 28] },
])("a $name cut at any length is refused, unless the cut is between items", (row) => {
  for (let length = 0; length < row.body.length; length++) {
    const isMissingBound = length < 16;
    const code = codeOf(row.read, row.body.subarray(0, length));
    if (row.whole.includes(length) && !isMissingBound) expect(code, `${length}`).toBe("ok");
    else expect(code, `${length}`).toMatch(/malformed|missing_range/);
  }
});

test("flipped bits and random bytes end in a value or in a HelloError, never in anything else", () => {
  for (const [read, body] of [
    [readHello, writeHello(HELLO)],
    [readWelcome, writeWelcome(WELCOME)],
    [readRefusal, writeRefusal(REFUSAL)],
  ] as const) {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const flipped = Uint8Array.from(body);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      codeOf(read, flipped);
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void codeOf(read, bytes)));
  }
});

test.for([
  { text: `${"x".repeat(999)}ü`, kept: "x".repeat(999), why: "never in the middle of a character" },
  { text: "ü".repeat(500), kept: "ü".repeat(500), why: "1000 bytes fit" },
  { text: `${"x".repeat(998)}😀`, kept: "x".repeat(998), why: "four bytes do not fit into two" },
])("a long remedy is cut: $why", ({ text, kept }) => {
  expect(readRefusal(writeRefusal({ ...REFUSAL, text })).text).toBe(kept);
});

test("a release longer than 64 bytes is cut, both ways", () => {
  const release = "r".repeat(70);
  expect(readHello(writeHello({ ...HELLO, release })).release).toBe("r".repeat(64));
  const body = hexBytes(`${BOUNDS} 03004600 ${ascii(release)}`);
  expect(readHello(body).release).toBe("r".repeat(64));
});
