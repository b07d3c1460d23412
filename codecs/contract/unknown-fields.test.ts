/**
 * Law 8, unknown is not gone: a reader of yesterday reads what a writer of tomorrow wrote, changes
 * what it knows, writes it back, and tomorrow finds everything.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../errors.ts";
import { UNKNOWN } from "../format.ts";
import { enumeration } from "../schema/enumeration.ts";
import * as s from "../schema/field.ts";
import { message, oneof } from "../schema/message.ts";
import { countUnknown, withUnknown } from "../unknown.ts";
import { valuesOf } from "./arbitrary.ts";
import { FORMATS } from "./formats.ts";
import { codecOf, Everything, shapeOf } from "./messages.ts";

const OldItem = message("Item", { name: s.string(1) });
const NewItem = message("Item", {
  name: s.string(1),
  more: s.uint64(900),
  extra: s.bytes(3),
  wide: s.bigUint64(4),
  ratio: s.float64(5),
});
const Old = message("Box", {
  term: s.uint64(1),
  item: s.field(2, OldItem),
  items: s.list(3, OldItem),
  named: s.map(4, s.string, OldItem),
  pick: oneof({ item: s.field(5, OldItem) }),
});
const New = message("Box", {
  term: s.uint64(1),
  item: s.field(2, NewItem),
  items: s.list(3, NewItem),
  named: s.map(4, s.string, NewItem),
  pick: oneof({ item: s.field(5, NewItem), later: s.string(6) }),
  before: s.optional(s.uint32(0x1fff)),
  texts: s.list(8, s.string),
  tight: s.packed(9, s.int32),
  nested: s.field(10, NewItem),
});
const Empty = message("Everything", {});

const more = { name: "a", more: 2 ** 40, extra: Uint8Array.of(1), wide: 2n ** 63n, ratio: 1 };
const onlyMore = { ...more, name: "" };
const sent = {
  term: 3,
  item: onlyMore,
  items: [more, onlyMore, more],
  named: new Map([["x", more]]),
  pick: { case: "item", value: onlyMore },
  before: 7,
  texts: ["p", "q"],
  tight: [-1, 300],
  nested: more,
};

describe.for(FORMATS)("$name", (format) => {
  const older = codecOf(format, Old);
  const newer = codecOf(format, New);

  test("they survive at every depth, also where the known part is empty", () => {
    const read = older.decode(newer.encode(sent));
    expect(countUnknown(read)).toBeGreaterThan(20);
    expect(newer.decode(older.encode(read))).toEqual(sent);
  });

  test("read, changed and written back: the change is there, and everything else", () => {
    const read = older.decode(newer.encode(sent));
    const changed = withUnknown({ ...read, term: 9, items: [] }, read);
    expect(newer.decode(older.encode(changed))).toEqual({ ...sent, term: 9, items: [] });
    expect(countUnknown({ ...read, items: [] })).toBeLessThan(countUnknown(changed));
  });

  test("a reader that knows no field at all writes back every value of every field", () => {
    const knowing = codecOf(format, Everything);
    const knowsNothing = codecOf(format, Empty);
    fc.assert(
      fc.property(valuesOf(shapeOf(Everything)), (value) => {
        const bytes = knowing.encode(value);
        const back = knowsNothing.encode(knowsNothing.decode(bytes, { copy: true }));
        expect(knowing.decode(back)).toEqual(value);
        expect(back.length).toBe(bytes.length);
      }),
    );
  });

  test("a variant of a oneof from the future survives", () => {
    const pick = { case: "later", value: "x" };
    const read = older.decode(newer.encode({ pick }));
    expect(read.pick).toBeUndefined();
    expect(newer.decode(older.encode(read)).pick).toEqual(pick);
  });

  test("they are written back only in the version and the format they came in", () => {
    const read = older.decode(newer.encode({ term: 3, texts: ["p"] }));
    const plain = older.encode({ term: 3 });
    const versionTwo = codecOf(format, Old, { version: 2 });
    expect(versionTwo.encode(read)).toEqual(
      codecOf(format, Old, { version: 2 }).encode({ term: 3 }),
    );
    expect(older.encode(read)).not.toEqual(plain);
    for (const other of FORMATS.filter((one) => one !== format)) {
      const codec = codecOf(other, Old);
      expect(codec.encode(read)).toEqual(codec.encode({ term: 3 }));
    }
  });

  test("they are beside the value: not enumerable, not in JSON, not in a spread", () => {
    const read = older.decode(newer.encode({ term: 3, texts: ["p"] }));
    expect(read[UNKNOWN]?.format).toBe(format.name);
    expect(Object.keys(read)).not.toContain("texts");
    expect(JSON.stringify(read)).toBe(JSON.stringify({ ...read }));
    expect(countUnknown({ ...read })).toBe(0);
  });

  test.for([
    { key: "term", wireType: 0, body: Uint8Array.of(), why: "no value at all" },
    { key: 900, wireType: 9, body: Uint8Array.of(1), why: "no such wire type" },
    { key: 900, wireType: 0, body: Uint8Array.of(0x80, 0x80), why: "half a number" },
    { key: -1, wireType: 0, body: Uint8Array.of(), why: "no such number" },
  ])("one built by hand that is malformed is refused: $why", ({ key, wireType, body }) => {
    const value = withUnknown(
      {},
      { [UNKNOWN]: { format: format.name, version: 1, fields: [{ key, wireType, body }] } },
    );
    expect(() => older.encode(value)).toThrow(EncodeError);
  });

  test("a number that an open enumeration does not declare is a value with a name", () => {
    const Now = enumeration("Mode", { off: 0 });
    const Later = enumeration("Mode", { off: 0, burst: 77 });
    const now = codecOf(format, message("M", { mode: s.field(1, Now), all: s.packed(2, Now) }));
    const later = codecOf(
      format,
      message("M", { mode: s.field(1, Later), all: s.packed(2, Later) }),
    );
    const value = { mode: "burst", all: ["off", "burst"] };
    const read = now.decode(later.encode(value));
    expect(read).toEqual({ mode: "unknown(77)", all: ["off", "unknown(77)"] });
    expect(later.decode(now.encode(read))).toEqual(value);
  });

  test("a closed enumeration refuses it, reading and writing", () => {
    const Now = enumeration("Mode", { off: 0 }, { closed: true });
    const Later = enumeration("Mode", { off: 0, burst: 77 });
    const now = codecOf(format, message("M", { mode: s.field(1, Now) }));
    const bytes = codecOf(format, message("M", { mode: s.field(1, Later) })).encode({
      mode: "burst",
    });
    expect(() => now.decode(bytes)).toThrow(
      expect.objectContaining({
        name: DecodeError.name,
        code: "OutOfDomainValue",
        path: ["M", "mode"],
      }),
    );
    expect(() => now.encode({ mode: "unknown(77)" })).toThrow(
      expect.objectContaining({ code: "OutOfDomainValue", path: ["M", "mode"] }),
    );
  });
});
