/** No input can exhaust the stack or the memory, and no encoder makes what its own decoder refuses. */
import { describe, expect, test } from "vitest";
import type { MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import { list } from "../schema/field.ts";
import { message } from "../schema/message.ts";
import { countUnknown } from "../unknown.ts";
import { FORMATS } from "./formats.ts";
import { codecOf, Everything, Leaf, Tree } from "./messages.ts";

type TreeValue = Tree & MessageValue;

/** A tree with so many messages under the root, each nested in another way. */
function chain(levels: number): TreeValue {
  let tree: TreeValue = { name: "end", kids: [], named: new Map() };
  for (let level = 0; level < levels; level++) {
    const outer: TreeValue = { name: "", kids: [], named: new Map() };
    if (level % 4 === 0) tree = { ...outer, only: tree };
    else if (level % 4 === 1) tree = { ...outer, kids: [tree] };
    else if (level % 4 === 2) tree = { ...outer, named: new Map([["x", tree]]) };
    else tree = { ...outer, pick: { case: "tree", value: tree } };
  }
  return tree;
}

const ten = new Uint8Array(10);
const ROWS: readonly {
  readonly why: string;
  readonly limits: Partial<Limits>;
  readonly good: MessageValue;
  readonly bad: MessageValue;
  readonly code: string;
}[] = [
  {
    why: "bytes",
    limits: { lengthMax: 40 },
    good: { blob: ten },
    bad: { blob: new Uint8Array(41) },
    code: "LimitExceeded",
  },
  {
    why: "text, in bytes",
    limits: { lengthMax: 40 },
    good: { text: "é".repeat(5) },
    bad: { text: "é".repeat(21) },
    code: "LimitExceeded",
  },
  {
    why: "whole message",
    limits: { lengthMax: 40 },
    good: { blobs: [ten] },
    bad: { blobs: [ten, ten, ten, ten, ten] },
    code: "LimitExceeded",
  },
  {
    why: "items of a list",
    limits: { countMax: 2 },
    good: { texts: ["", ""] },
    bad: { texts: ["", "", ""] },
    code: "LimitExceeded",
  },
  {
    why: "items of a packed list",
    limits: { countMax: 2 },
    good: { tight: [1, 2] },
    bad: { tight: [1, 2, 3] },
    code: "LimitExceeded",
  },
  {
    why: "entries of a map",
    limits: { countMax: 2 },
    good: { byFlag: new Map([[true, ""]]) },
    bad: {
      byText: new Map([
        ["a", 1],
        ["b", 2],
        ["c", 3],
      ]),
    },
    code: "LimitExceeded",
  },
];

describe.for(FORMATS)("$name", (format) => {
  test.for(ROWS)("$why", ({ limits, good, bad, code }) => {
    const limited = codecOf(format, Everything, { limits });
    const free = codecOf(format, Everything);
    expect(limited.decode(free.encode(good))).toMatchObject(good);
    expect(limited.encode(good)).toEqual(free.encode(good));
    expect(() => limited.decode(free.encode(bad))).toThrow(
      expect.objectContaining({ name: "DecodeError", code }),
    );
    expect(() => limited.encode(bad)).toThrow(
      expect.objectContaining({ name: "EncodeError", code }),
    );
  });

  test.for([0, 1, 4, 9])("depth: %i messages under the root, and no more", (depthMax) => {
    const limited = codecOf(format, Tree, { limits: { depthMax } });
    const free = codecOf(format, Tree);
    const good = chain(depthMax);
    expect(limited.decode(limited.encode(good))).toEqual(good);
    const bytes = free.encode(chain(depthMax + 1));
    expect(() => limited.decode(bytes)).toThrow(
      expect.objectContaining({ name: "DecodeError", code: "RecursionLimitReached" }),
    );
    expect(() => limited.encode(chain(depthMax + 1))).toThrow(
      expect.objectContaining({ name: "EncodeError", code: "RecursionLimitReached" }),
    );
  });

  test("depth is counted down again: many messages side by side are no depth", () => {
    const limited = codecOf(format, Tree, { limits: { depthMax: 1 } });
    const wide = { ...chain(0), kids: Array.from({ length: 20 }, () => chain(0)) };
    expect(limited.decode(limited.encode(wide))).toEqual(wide);
  });

  test("a value that goes in circles is refused", () => {
    const kids: TreeValue[] = [];
    const circle: TreeValue = { name: "", kids, named: new Map() };
    kids.push(circle);
    expect(() => codecOf(format, Tree).encode({ ...circle })).toThrow(
      expect.objectContaining({ code: "RecursionLimitReached" }),
    );
  });

  test("reading many unknown fields takes time in proportion, not squared", () => {
    const Few = message("Many", { items: list(1, message("Item", {})) });
    const Many = message("Many", { items: list(1, Leaf) });
    const items = Array.from({ length: 50_000 }, (_, rank) => ({ key: new Uint8Array(1), rank }));
    const bytes = codecOf(format, Many).encode({ items });
    const few = codecOf(format, Few);
    const read = few.decode(bytes);
    expect(countUnknown(read)).toBe(2 * items.length - 1); // The first rank is 0.
    expect(few.encode(read)).toEqual(bytes);
  });
});
