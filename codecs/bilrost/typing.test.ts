/** What TypeScript knows of schemas and codecs: wrong code must not compile, and right code needs no cast. */
import { expect, expectTypeOf, test } from "vitest";
import {
  bigUint64,
  bool,
  bytes,
  columns,
  compile,
  enumeration,
  field,
  float64,
  list,
  map,
  message,
  nonZero,
  oneof,
  optional,
  string,
  time,
  uint32,
  uint64,
  type Value,
} from "./index.ts";

const Open = enumeration("Open", { red: 0, green: 1 });
const Closed = enumeration("Closed", { off: 0, on: 1 }, { closed: true });
const Entry = message("Entry", {
  term: uint64(1),
  wide: bigUint64(2),
  done: bool(3),
  ratio: float64(4),
  body: bytes(5),
  name: optional(string(6)),
  kind: field(7, Open),
  lease: optional(uint64(8)),
});
const Append = message("Append", { term: uint64(1), entries: list(2, Entry), note: string(3) });
const append = { term: 1, entries: [], note: "" };

test("the bytes of an encoder are nobody else's, so that a digest or a file takes them as they are", () => {
  const codec = compile(Append);
  expectTypeOf(codec.encode(append)).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  expectTypeOf(codec.encodeDelimited(append)).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  const part: ArrayBufferView<ArrayBuffer> = codec.encode(append);
  expect(codec.encode(append).buffer).toBeInstanceOf(ArrayBuffer);
  expect(part).toBeInstanceOf(Uint8Array);
});

test("only an open enumeration has undeclared variants", () => {
  const Both = message("Both", { open: field(1, Open), closed: field(2, Closed) });
  expectTypeOf<Value<typeof Both>["closed"]>().toEqualTypeOf<"off" | "on">();
  expectTypeOf<Value<typeof Both>["open"]>().toEqualTypeOf<
    "red" | "green" | `unknown(${number})`
  >();
  const lists = message("Lists", { some: list(1, Closed), by: map(2, Closed, uint32) });
  expectTypeOf<Value<typeof lists>["some"]>().toEqualTypeOf<readonly ("off" | "on")[]>();
  // @ts-expect-error: a closed enumeration has no such variant.
  expect(() => compile(Both).encode({ open: "red", closed: "unknown(7)" })).toThrow(
    "Closed has no such variant",
  );
});

test("columns know the members of their items", () => {
  const reader = columns(Append, "entries");
  const batch = reader.decode(
    compile(Append).encode({
      ...append,
      entries: [
        { term: 5, wide: 6n, done: true, ratio: 0.5, body: Uint8Array.of(1), kind: "green" },
      ],
    }),
  );
  expectTypeOf(batch.head).toEqualTypeOf<Omit<Value<typeof Append>, "entries">>();
  const term: number | undefined = batch.columns.term.values[0];
  const wide: bigint | undefined = batch.columns.wide.values[0];
  expectTypeOf(batch.columns.done.values).toEqualTypeOf<Uint8Array>();
  expectTypeOf(batch.columns.kind.values).toEqualTypeOf<Uint32Array>();
  expectTypeOf(batch.columns.name.start).toEqualTypeOf<Uint32Array>();
  expect([term, wide, batch.columns.kind.values[0]]).toEqual([5, 6n, 1]);
  // @ts-expect-error: an entry has no such member.
  expect(batch.columns.nothing).toBeUndefined();
  // @ts-expect-error: not a list of messages.
  expect(() => columns(Append, "note")).toThrow("is not a plain list of messages");
  // @ts-expect-error: no member of this name.
  expect(() => columns(Append, "entrys")).toThrow("is not a plain list of messages");
});

test("the parts of a time are known", () => {
  const At = message("At", {
    day: time("chrono::NaiveDate")(1),
    when: optional(time("jiff::Zoned")(2)),
    took: time("core::time::Duration")(3),
  });
  const value: Value<typeof At> = {
    day: { year: 2024, ordinal0: 59 },
    when: {
      dateTime: { year: 2024, ordinal0: 0, hour: 1, minute: 2, second: 3, nanos: 4 },
      offset: { hours: 1, minutes: 0, seconds: 0, zone: "Europe/Berlin" },
    },
    took: { seconds: 5n, nanos: 6 },
  };
  const codec = compile(At);
  expect(codec.decode(codec.encode(value))).toEqual(value);
  expectTypeOf(codec.decode(codec.encode(value)).took.seconds).toEqualTypeOf<bigint>();
  // @ts-expect-error: days are counted through the year.
  const wrong = { ...value, day: { year: 2024, month: 2, day: 1 } } satisfies Value<typeof At>;
  expect(() => codec.encode(wrong as never)).toThrow("ordinal0");
});

test("what is never zero has no empty value, and so is no plain field", () => {
  const id = nonZero(uint32);
  const Ids = message("Ids", {
    one: optional(id(1)),
    some: list(2, id),
    by: map(3, id, nonZero(bigUint64)),
    pick: oneof({ a: id(4), b: field(5, id) }),
    late: optional(id(6).since(2)),
  });
  expectTypeOf<Value<typeof Ids>["one"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Value<typeof Ids>["some"]>().toEqualTypeOf<readonly number[]>();
  expectTypeOf<NonNullable<Value<typeof Ids>["pick"]>>().toEqualTypeOf<
    { readonly case: "a"; readonly value: number } | { readonly case: "b"; readonly value: number }
  >();
  expect(compile(Ids).decode(new Uint8Array()).one).toBeUndefined();
  // @ts-expect-error: it would have to be something when it is left out.
  expect(() => compile(message("Plain", { a: id(1) }))).toThrow("it is never zero");
  // @ts-expect-error: the same by another way.
  expect(() => compile(message("Plain", { a: field(1, id) }))).toThrow("it is never zero");
});
