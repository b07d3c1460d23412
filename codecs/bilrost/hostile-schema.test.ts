/** A schema may come from anywhere, and becomes code: nothing of it may run, and none of its names may spoil that code. */
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { SchemaError } from "../schema/errors.ts";
import type { MessageShape, Shape } from "../schema/shape.ts";
import { bilrost, compile } from "./bilrost.ts";
import { columns } from "./columns/columns.ts";
import * as s from "./testing.ts";

const RUN = "(globalThis.hasRun = true)";
const code = globalThis as { hasRun?: true };
afterEach(() => {
  expect(code.hasRun).toBeUndefined();
  delete code.hasRun;
});

/** As it may come out of JSON, where no type is checked. */
const untyped = (type: unknown, name = "a", tag: unknown = 1): MessageShape =>
  ({
    name: "M",
    members: [{ kind: "field", name, number: tag, presence: "optional", type }],
  }) as MessageShape;

test.for([
  { type: { ...s.u32, bits: `32 || ${RUN}` }, why: "bits" },
  { type: { ...s.u32, bits: 64, as: "bigint", signed: RUN }, why: "a sign" },
  { type: { kind: "list", item: s.u32, packed: true, length: `1 || ${RUN}` }, why: "an array" },
  { type: { kind: "list", item: { kind: "bytes", length: RUN }, packed: true }, why: "an item" },
  { type: { kind: "map", key: { kind: "bytes", length: RUN }, value: s.u32 }, why: "a key" },
  { type: { kind: "bytes", length: `1 || ${RUN}` }, why: "a length" },
  { type: { kind: "float", bits: RUN }, why: "bits of a float" },
  { type: { kind: "constructor" }, why: "a kind that every object has" },
  { type: { kind: "time", type: "constructor" }, why: "a time that every object has" },
  { type: enumerationOf(new Map([["a", RUN]])), why: "a variant's number" },
])("is refused: $why", ({ type }) => {
  const shape = untyped(type);
  expect(() => compile(shape)).toThrow(SchemaError);
  expect(() => bilrost.compile(shape, DEFAULT_LIMITS)).toThrow(SchemaError);
  const list = { kind: "list", packed: false, item: { kind: "message", message: () => shape } };
  const plain = { ...untyped(list).members[0], presence: "implicit" };
  expect(() => columns({ name: "L", members: [plain] } as MessageShape, "a")).toThrow(SchemaError);
});

test.for([
  { shape: untyped(s.u32, "a", RUN), why: "a tag that is code" },
  { shape: untyped(s.u32, "a", 1.5), why: "a broken tag" },
  { shape: untyped(s.u32, "__proto__"), why: "a name that would change a prototype" },
  { shape: untyped(s.u32, { toString: () => RUN } as never), why: "a name that is no text" },
  {
    shape: { ...untyped(s.u32, `0], ${RUN}, [0`), tuple: true as const },
    why: "a place of a tuple",
  },
  { shape: { name: "M" } as MessageShape, why: "no members" },
  { shape: { ...untyped(s.u32), version: RUN as never }, why: "a version that is code" },
  { shape: s.shapeOf("M", s.plain(1, "a", s.u32), s.plain(1, "b", s.u32)), why: "one tag twice" },
  { shape: s.shapeOf("M", s.plain(1, "a", s.u32), s.plain(2, "a", s.u32)), why: "one name twice" },
])("is refused: $why", ({ shape }) => {
  expect(() => compile(shape as MessageShape)).toThrow(SchemaError);
});

test.for([
  { countMax: `1 || ${RUN}` },
  { lengthMax: Number.NaN },
  { depthMax: -1 },
  { depthMax: undefined },
])("a limit that is no number is refused: %o", (limits) => {
  expect(() => compile(untyped(s.u32), { limits: limits as never })).toThrow(SchemaError);
});

describe.for([
  "return -1;",
  "return undefined;",
  `"]; ${RUN} //`,
  `']; ${RUN} //`,
  `\\"; ${RUN} //`,
  `\`; ${RUN} //`,
  `\n${RUN}\n`,
  `\u2028${RUN}\u2028`,
  `*/ ${RUN} /*`,
  "$& $' $`",
  "\ud800",
  "",
])("the name %j", (name) => {
  test.for([true, false])("is only a name (a variant is chosen: %s)", (isChosen) => {
    const inner: MessageShape = s.shapeOf(name, s.plain(1, name, s.u32));
    const item: Shape = { kind: "message", message: () => inner };
    const kind = enumerationOf(
      new Map([
        [name, 0],
        [`${name}1`, 1],
      ]),
    ) as Shape;
    const shape = s.shapeOf(
      name,
      s.plain(1, name, s.u32),
      s.plain(2, `${name}kind`, kind),
      s.plain(3, `${name}list`, s.list(item)),
      s.oneof(`${name}pick`, s.plain(4, name, s.u32), s.plain(5, `${name}b`, item)),
    );
    const value = {
      [name]: 7,
      [`${name}kind`]: `${name}1`,
      [`${name}list`]: [{ [name]: 3 }],
      [`${name}pick`]: isChosen ? { case: name, value: 9 } : undefined,
    };
    const [fast, slow] = [compile(shape), compile(shape, { engine: "interpreted" })];
    expect(fast.engine).toBe("compiled");
    const bytes = fast.encode(value);
    expect(Buffer.from(bytes)).toEqual(Buffer.from(slow.encode(value)));
    expect(fast.decode(bytes)).toEqual(value);
    expect(Object.keys(fast.decode(bytes))).toEqual(Object.keys(value));
  });
});

function enumerationOf(variants: Map<string, unknown>): unknown {
  return { kind: "enumeration", enumeration: { name: "E", open: true, variants } };
}
