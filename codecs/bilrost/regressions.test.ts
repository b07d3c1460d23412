/** What damaged bytes and odd values have brought to light: the smallest that shows it, on both engines. */
import { describe, expect, test } from "vitest";
import { DecodeError } from "../errors.ts";
import type { Shape } from "../schema/shape.ts";
import { compile } from "./bilrost.ts";
import * as s from "./testing.ts";

const array = (item: Shape, length: number, packed = false): Shape =>
  ({ ...s.list(item, packed), length }) as Shape;

describe.for(["compiled", "interpreted"] as const)("%s", (engine) => {
  test.for([
    {
      shape: s.shapeOf("M", s.plain(35, "v", array(s.u32, 3))),
      hex: "8c 00 01 00 02 00 03 01 00",
      error: ["InvalidValue", 2, "M.v.[3]"],
      why: "an array counts its items before it looks at the wire type of one too many",
    },
    {
      shape: s.shapeOf("M", s.plain(35, "v", array(s.u32, 3))),
      hex: "8c 00 01 00 02 01 00",
      error: ["WrongWireType", 6, "M.v"],
      why: "an array that is not full looks at the wire type",
    },
  ])("refuses $hex: $why", ({ shape, hex, error }) => {
    expect(refusal(() => compile(shape, { engine }).decode(s.hex(hex)))).toEqual(error);
  });
});

function refusal(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [error.code, error.offset, error.path.join(".")];
  }
}
