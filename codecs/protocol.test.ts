import { expect, test } from "vitest";
import {
  bool,
  bytes,
  countUnknown,
  EncodeError,
  enumeration,
  field,
  list,
  map,
  message,
  messagepack,
  oneof,
  optional,
  protocol,
  string,
  uint32,
  uint64,
  type Value,
  variant,
} from "./index.ts";

const Role = enumeration("Role", {
  follower: 0,
  leader: 1,
  leaving: variant(2).since(2).fallback("follower", "a leaving node still follows"),
});
const Item = message("Item", { key: bytes(1), role: field(2, Role) });
const Sample = message("Sample", {
  term: uint64(1),
  wide: uint32(2).as(2, uint64),
  items: list(3, Item),
  leaseMs: optional(uint64(4)).since(2).loss("a lease is only an offer"),
  strict: bool(5).since(2),
  retired: uint32(6).until(1).loss("informational only"),
  tags: map(7, string, uint64),
  op: oneof({ get: field(8, Item), put: uint64(9), close: bool(10).since(2) }),
});
type Sample = Value<typeof Sample>;

const reference = protocol("sample", {
  versions: [
    { version: 1, format: messagepack, rules: {} },
    { version: 2, format: messagepack, rules: {} },
  ],
  messages: { Sample: { definition: Sample, surface: "connection" } },
});

const value: Sample = {
  term: 2 ** 40,
  wide: 7,
  items: [{ key: Uint8Array.of(1, 2), role: "leader" }],
  strict: false,
  retired: 0,
  tags: new Map([["a", 1]]),
  op: { case: "put", value: 0 },
};

test.for([1, 2])("protocol() gives back at version %i what it was given", (version) => {
  const { bytes: encoded, losses } = reference.encode(Sample, version, value);
  expect(losses).toEqual([]);
  expect(reference.decode(Sample, version, encoded)).toEqual(value);
});

test("encode() reports a declared loss and refuses an undeclared one", () => {
  const lease = reference.encode(Sample, 1, { ...value, leaseMs: 5 });
  expect(lease.losses).toEqual([{ path: "leaseMs", reason: "a lease is only an offer" }]);
  expect(() => reference.encode(Sample, 1, { ...value, strict: true })).toThrow(
    expect.objectContaining({ code: "VersionMismatch", neededVersion: 2, actualVersion: 1 }),
  );
});

test("encode() puts the fallback where a version lacks the variant", () => {
  const items = [{ key: Uint8Array.of(), role: "leaving" as const }];
  const { bytes: encoded, losses } = reference.encode(Sample, 1, { ...value, items });
  expect(losses).toEqual([{ path: "items[0].role", reason: "a leaving node still follows" }]);
  expect(reference.decode(Sample, 1, encoded).items[0]?.role).toBe("follower");
});

test("encode() refuses for an older version what only the widened field can hold", () => {
  expect(() => reference.encode(Sample, 1, { ...value, wide: 2 ** 32 })).toThrow(EncodeError);
  const encoded = reference.encode(Sample, 2, { ...value, wide: 2 ** 32 }).bytes;
  expect(reference.decode(Sample, 2, encoded).wide).toBe(2 ** 32);
});

test("encode() refuses a oneof variant that the version lacks", () => {
  const closing: Sample = { ...value, op: { case: "close", value: false } };
  expect(() => reference.encode(Sample, 1, closing)).toThrow("close");
  expect(reference.decode(Sample, 2, reference.encode(Sample, 2, closing).bytes).op).toEqual(
    closing.op,
  );
});

test("fields from the future survive being read and written back at the same version", () => {
  const future = message("Sample", { term: uint64(1), later: string(20), more: field(21, Item) });
  const newer = protocol("sample", {
    versions: [{ version: 2, format: messagepack, rules: {} }],
    messages: { Sample: { definition: future, surface: "connection" } },
  });
  const more = { key: Uint8Array.of(9), role: "leader" as const };
  const sent = newer.encode(future, 2, { term: 3, later: "x", more }).bytes;
  const read = reference.decode(Sample, 2, sent);
  expect(countUnknown(read)).toBe(2);
  const back = reference.encode(Sample, 2, read).bytes;
  expect(newer.decode(future, 2, back)).toEqual({ term: 3, later: "x", more });
});

test("value JSON goes there and back", () => {
  const json = reference.toJson(Sample, 2, value);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(reference.fromJson(Sample, 2, json)).toEqual(value);
});

test("decode() of a version outside the range names the range", () => {
  expect(() => reference.decode(Sample, 9, Uint8Array.of())).toThrow("this build reads 1 to 2");
});

test("a message that begins with a later version is refused before, both ways", () => {
  const grown = protocol("sample", {
    versions: [
      { version: 1, format: messagepack, rules: {} },
      { version: 2, format: messagepack, rules: {} },
    ],
    messages: {
      Sample: { definition: Sample, surface: "connection" },
      Item: { definition: Item, surface: "log", since: 2 },
    },
  });
  const item = { key: Uint8Array.of(1), role: "leader" as const };
  const encoded = grown.encode(Item, 2, item).bytes;
  expect(grown.decode(Item, 2, encoded)).toEqual(item);
  expect(() => grown.encode(Item, 1, item)).toThrow("it exists since 2");
  expect(() => grown.decode(Item, 1, encoded)).toThrow("exists since 2");
});
