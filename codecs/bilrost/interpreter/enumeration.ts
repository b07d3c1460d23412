/**
 * Enumerations: a varint of a 32-bit number. The format has closed ones only: an undeclared number is
 * refused. An open one, which reads it as `unknown(n)` and writes it back, is an extension of ours; its
 * bytes are the same, and only the reader differs.
 */
import { assert } from "../../../base/index.ts";
import { DecodeError, EncodeError } from "../../errors.ts";
import type { EnumerationShape } from "../../schema/shape.ts";
import { readVarint, varintLength, writeVarint } from "../varint.ts";
import type { ValueCodec } from "./value-codec.ts";
import { VARINT } from "./wire.ts";

const NUMBER_MAX = 2 ** 32 - 1;
const UNKNOWN_VARIANT = /^unknown\((0|[1-9]\d{0,9})\)$/;

export function enumerationCodec(shape: EnumerationShape): ValueCodec {
  const names = namesOf(shape);
  const numberOf = numbersOf(shape);
  const empty = names.get(0) ?? (shape.open ? "unknown(0)" : undefined);
  return {
    wireType: VARINT,
    empty() {
      assert(empty !== undefined, `closed ${shape.name} without a zero cannot be a plain field`);
      return empty;
    },
    isEmpty: (value) => typeof value === "string" && (value === empty || isZero(shape, value)),
    measure: (value) => varintLength(numberOf(value)),
    write: (value, writer) => writeVarint(writer, numberOf(value)),
    read({ reader }) {
      const start = reader.offset;
      const wire = readVarint(reader);
      const name = typeof wire === "number" ? names.get(wire) : undefined;
      if (name !== undefined) return name;
      if (shape.open && wire <= NUMBER_MAX) return `unknown(${wire})`;
      const problem = `Cannot read ${wire} as ${shape.name}: it has no such variant`;
      throw new DecodeError("OutOfDomainValue", problem, start);
    },
  };
}

function numbersOf(shape: EnumerationShape): (value: unknown) => number {
  return (value) => {
    if (typeof value !== "string") {
      throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: variant name needed`);
    }
    const number = shape.variants.get(value) ?? (shape.open ? undeclared(value) : undefined);
    if (number !== undefined) return number;
    const problem = `Cannot encode "${value}": ${shape.name} has no such variant`;
    throw new EncodeError("OutOfDomainValue", problem);
  };
}

/** Two names may share the number 0, and `unknown(0)` is 0 too: neither may be written in a plain field. */
function isZero(shape: EnumerationShape, value: string): boolean {
  return shape.variants.get(value) === 0 || (shape.open && value === "unknown(0)");
}

function namesOf(shape: EnumerationShape): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, number] of shape.variants) {
    assert(
      Number.isInteger(number) && number >= 0 && number <= NUMBER_MAX,
      `${shape.name}.${name} is numbered in 32 bits`,
    );
    if (!names.has(number)) names.set(number, name); // Of two names for one number the first is read.
  }
  return names;
}

function undeclared(value: string): number | undefined {
  const number = Number(UNKNOWN_VARIANT.exec(value)?.[1] ?? Number.NaN);
  return number <= NUMBER_MAX ? number : undefined;
}
