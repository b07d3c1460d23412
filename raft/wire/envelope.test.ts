import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryKindNumber, fromLogEntry, openEntry, sealEntry, toLogEntry } from "./index.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test.for([
  { envelope: { kind: 0, version: 0, critical: false, body: [] }, data: "", why: "a noop" },
  {
    envelope: { kind: 1, version: 1, critical: true, body: [0xaa, 0xbb] },
    data: "0100 01000000 01 aabb",
    why: "a command",
  },
  {
    envelope: { kind: 2, version: 258, critical: true, body: [] },
    data: "0200 02010000 01",
    why: "an empty body is still an entry",
  },
  {
    envelope: { kind: 0xfffe, version: 2 ** 32 - 1, critical: false, body: [1] },
    data: "feff ffffffff 00 01",
    why: "a kind that nobody knows",
  },
])("sealEntry() has the layout of ARCHITECTURE.md: $why", ({ envelope, data }) => {
  const body = Uint8Array.from(envelope.body);
  const bytes = sealEntry({ ...envelope, body });
  expect(hex(bytes)).toBe(data.replaceAll(" ", ""));
  expect(openEntry(bytes)).toEqual({ ...envelope, body });
});

test("the numbers of the kinds are those of ARCHITECTURE.md", () => {
  expect(EntryKindNumber).toEqual({ noop: 0, command: 1, config: 2, activate: 3, closeSession: 4 });
});

test("an entry goes over the wire and comes back, also one of a kind that nobody knows", () => {
  const positions = fc.record({ term: fc.nat(), index: fc.nat() });
  const envelopes = fc.record({
    kind: fc.integer({ min: 1, max: 0xffff }),
    version: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    critical: fc.boolean(),
    body: fc.uint8Array(),
  });
  fc.assert(
    fc.property(positions, envelopes, (position, envelope) => {
      const type = envelope.kind === EntryKindNumber.config ? "confChangeV2" : "normal";
      const entry = { ...position, type, data: sealEntry(envelope) } as const;
      expect(fromLogEntry(toLogEntry(entry))).toEqual(entry);
    }),
  );
});

test.for([
  { kind: "noop", data: "", type: "normal" },
  { kind: "command", data: "0100010000000107", type: "normal" },
  { kind: "config", data: "0200010000000107", type: "confChangeV2" },
  { kind: "unknown(9)", data: "0900010000000107", type: "normal" },
] as const)("fromLogEntry() of $kind is $type to the core", ({ kind, data, type }) => {
  const body = kind === "noop" ? Uint8Array.of() : Uint8Array.of(7);
  const entry = fromLogEntry({ term: 3, index: 4, kind, version: 1, critical: true, body });
  expect({ ...entry, data: hex(entry.data) }).toEqual({ term: 3, index: 4, type, data });
});

test.for([65_536, 65_537, -1])(
  "an entry of kind %i is refused: cut to 16 bits it would be another",
  (n) => {
    const body = Uint8Array.of();
    const entry = {
      term: 3,
      index: 4,
      kind: `unknown(${n})`,
      version: 1,
      critical: true,
      body,
    } as const;
    expect(() => fromLogEntry(entry)).toThrow(
      expect.objectContaining({ code: "OutOfDomainValue" }),
    );
  },
);
