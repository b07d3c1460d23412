import fc from "fast-check";
import { expect, test } from "vitest";
import { answerHello, type Own, readRefusal, writeHello, writeRefusal } from "./index.ts";

const CLUSTER = "000102030405060708090a0b0c0d0e0f";
const own = (min: number, max: number, activeVersion = min): Own => ({
  clusterId: CLUSTER,
  range: { min, max },
  release: "own",
  activeVersion,
});
const hello = (min: number, max: number, role: "peer" | "client" = "client") =>
  writeHello({ range: { min, max }, release: "theirs", role });

test.for([
  { offer: [2, 99], mine: [2, 3], agreed: 3, why: "a maximum from the future is no error" },
  { offer: [1, 2], mine: [2, 3], agreed: 2, why: "the lower maximum counts" },
  { offer: [3, 3], mine: [2, 3], agreed: 3, why: "one version is enough" },
] as const)("answerHello() agrees on $agreed: $why", ({ offer, mine, agreed }) => {
  expect(answerHello(own(...mine), hello(...offer), CLUSTER).agreed).toBe(agreed);
});

test.for([
  { offer: [1, 1], mine: [2, 3], code: "version_too_old", why: "a skipped release" },
  { offer: [4, 9], mine: [2, 3], code: "version_too_new", why: "this node is the old one" },
  { offer: [3, 2], mine: [2, 3], code: "inverted_range", why: "minimum above maximum" },
  { offer: [0, 0], mine: [2, 3], code: "inverted_range", why: "an empty range" },
] as const)("answerHello() refuses with $code: $why", ({ offer, mine, code }) => {
  const answer = answerHello(own(...mine), hello(...offer), CLUSTER);
  expect(answer).toMatchObject({ agreed: 0, code });
  expect("text" in answer && answer.text).toContain(`reads wire versions ${mine[0]} to ${mine[1]}`);
});

test("a peer must read what the cluster writes now; a client need not", () => {
  expect(answerHello(own(1, 2, 2), hello(1, 1, "peer"), CLUSTER)).toMatchObject({
    agreed: 0,
    code: "version_too_old",
  });
  expect(answerHello(own(1, 2, 1), hello(2, 3, "peer"), CLUSTER)).toMatchObject({
    agreed: 0,
    code: "version_too_new",
  });
  expect(answerHello(own(1, 2, 2), hello(1, 1, "client"), CLUSTER).agreed).toBe(1);
});

test("another cluster is refused, whatever it offers", () => {
  const answer = answerHello(own(1, 2), hello(1, 2), "ff".repeat(16));
  expect(answer).toMatchObject({ agreed: 0, code: "foreign_cluster" });
});

test.for([
  { hex: "", code: "missing_range", why: "an empty body" },
  { hex: "0100040001000000", code: "missing_range", why: "no maximum" },
  { hex: "01000400", code: "malformed", why: "an item that is cut off" },
  { hex: "0100040001000000010004000100000002000400", code: "malformed", why: "an item twice" },
  { hex: "010000000200040001000000", code: "malformed", why: "a minimum of no bytes" },
  { hex: "ff800000", code: "unknown_critical", why: "a critical item nobody knows" },
])("a body of $hex is refused: $why", ({ hex, code }) => {
  expect(answerHello(own(1, 2), Buffer.from(hex, "hex"), CLUSTER)).toMatchObject({
    agreed: 0,
    code,
  });
});

test("an unknown item that is not critical is skipped", () => {
  const body = Buffer.concat([hello(1, 2), Buffer.from("ff000300aabbcc", "hex")]);
  expect(answerHello(own(1, 2), body, CLUSTER).agreed).toBe(2);
});

test("random bodies are answered, never thrown at", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
      expect(answerHello(own(1, 2), body, CLUSTER)).toBeDefined();
    }),
  );
});

test("the hello has the layout of ARCHITECTURE.md, byte for byte", () => {
  expect(Buffer.from(hello(1, 2, "peer")).toString("hex")).toBe(
    `${"0100040001000000"}${"0200040002000000"}${"03000600"}${Buffer.from("theirs").toString("hex")}${"0400010001"}`,
  );
});

test("a long remedy is cut at a character", () => {
  const text = `${"x".repeat(999)}ü`;
  const body = writeRefusal({ range: { min: 1, max: 1 }, release: "r", code: "c", text });
  expect(readRefusal(body).text).toBe("x".repeat(999));
});
