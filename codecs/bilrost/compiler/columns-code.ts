/** Code that reads the items of one list into columns. */

import { placesOf } from "../../generation/plan.ts";
import type { Source } from "../../generation/source.ts";
import type { FieldShape, ListShape, Shape } from "../../schema/shape.ts";
import type { ColumnPlan } from "../columns/batch.ts";
import { isValue } from "../columns/batch.ts";
import { writeChain } from "./decode-chain.ts";
import { type ColumnsCode, decoderText } from "./decode-code.ts";
import { fieldWireType } from "./presence-code.ts";
import { decodeFloat, decodeInteger } from "./scalar-code.ts";
import { FAIL, readLength, readNumber } from "./varint-code.ts";

/** The body of a function of the helpers `H`, the host `K` and the batch `S`. */
export function columnsText(plan: ColumnPlan): string {
  const { shape, limits } = plan;
  return decoderText(shape, { limits, notesCanonicity: false, columns: new ColumnsWriter(plan) });
}

interface Slot {
  readonly field: FieldShape;
  /** Variables of one item: its value, or the start and end of its range; and whether it is there. */
  readonly value: string;
  readonly end: string;
  readonly present: string | undefined;
  /** Variables of the arrays. */
  readonly array: string;
  readonly ends: string;
  readonly presents: string;
}

class ColumnsWriter implements ColumnsCode {
  readonly member: string;
  readonly #plan: ColumnPlan;
  #slots: readonly Slot[] = [];
  #reload = "";

  constructor(plan: ColumnPlan) {
    this.#plan = plan;
    this.member = plan.member.name;
  }

  write(source: Source, end: string): void {
    const { packed } = this.#plan.member.type as ListShape;
    this.#slots = (this.#plan.item.members as readonly FieldShape[]).map((field) => ({
      field,
      value: source.fresh("f"),
      end: source.fresh("f"),
      present: field.presence === "optional" ? source.fresh("f") : undefined,
      array: source.fresh("a"),
      ends: source.fresh("a"),
      presents: source.fresh("a"),
    }));
    // Arrays in variables of the function, which grow() alone can change.
    const reload = [...this.#locals()].map(([local, array]) => `${local} = ${array};`);
    source.line(
      `let ${[...this.#locals()].map(([local, array]) => `${local} = ${array}`).join(", ")}, LC = CAP | 0, i = 0;`,
    );
    this.#reload = `grow(); LC = CAP | 0; ${reload.join(" ")}`;
    if (!packed) {
      source.line("for (;;) {");
      this.#item(source, end);
      source.line(
        `if (p >= ${end} || b[p] > 3) break;`,
        `if (b[p] !== 1) ${FAIL}`,
        "p = p + 1 | 0;",
        "}",
        "N = i;",
      );
      return;
    }
    const inner = source.fresh("q");
    source.line(readLength("n", end), `const ${inner} = p + n | 0;`, `while (p < ${inner}) {`);
    this.#item(source, inner);
    source.line("}", `if (p !== ${inner}) ${FAIL}`, "N = i;");
  }

  /** Variables of the function, and those of the module that hold the same arrays. */
  *#locals(): Generator<readonly [local: string, array: string]> {
    for (const array of ["IS", "IE", ...this.#slots.flatMap(arraysOf)]) yield [`L${array}`, array];
  }

  finish(): { declare: string; start: string; batch: string } {
    const names = ["IS", "IE", ...this.#slots.flatMap(arraysOf)];
    const load = this.#slots.flatMap((slot) => {
      const column = `S.columns[${JSON.stringify(slot.field.name)}]`;
      const own = isValue(slot.field.type)
        ? [`${slot.array} = ${column}.values;`]
        : [`${slot.array} = ${column}.start; ${slot.ends} = ${column}.end;`];
      return slot.present ? [...own, `${slot.presents} = ${column}.present;`] : own;
    });
    return {
      declare: `var ${names.join(", ")}, N = 0, M = 0, CAP = 0;
function load() { CAP = S.capacity; IS = S.items.start; IE = S.items.end; ${load.join(" ")} }
function grow() { S.grow(); load(); }
load();`,
      start: "N = 0; M = 0; S.count = 0;",
      batch: "(S.head = v, S.count = N, S.itemsWithUnknown = M, S)",
    };
  }

  #item(source: Source, end: string): void {
    const { item, limits } = this.#plan;
    const [inner, unknown] = [source.fresh("q"), source.fresh("u")];
    source.line(
      `if (i >= ${limits.countMax}) ${FAIL}`,
      readLength("n", end),
      `const ${inner} = p + n | 0;`,
      `if (i >= LC) { ${this.#reload} }`,
      `LIS[i] = p; LIE[i] = ${inner};`,
      `let ${unknown} = 0;`,
      ...this.#slots.map(({ value, end: last, present, field }) => {
        const start = isValue(field.type) && isBig(field.type) ? "0n" : "0";
        return `let ${value} = ${start}, ${last} = 0${present ? `, ${present} = 0` : ""};`;
      }),
    );
    const byName = new Map(this.#slots.map((slot) => [slot.field.name, slot]));
    writeChain(source, {
      end: inner,
      fields: placesOf(item, []).map((place) => ({
        tag: place.number,
        wireType: fieldWireType(place),
        read: () => this.#read(source, byName.get(place.field.name) as Slot, inner),
      })),
      unknown: (k) =>
        source.line(`${unknown} = 1;`, `p = H.pass(b, p, ${inner}, ${k}) | 0; if (p < 0) ${FAIL}`),
    });
    source.line(
      ...this.#slots.map(({ field, value, end: last, present, array, ends, presents }) => {
        const own = isValue(field.type)
          ? `L${array}[i] = ${value};`
          : `L${array}[i] = ${value}; L${ends}[i] = ${last};`;
        return present ? `${own} L${presents}[i] = ${present};` : own;
      }),
      `if (${unknown} !== 0) M += 1;`,
      "i = i + 1 | 0;",
    );
  }

  #read(source: Source, { field, value, end: last, present }: Slot, end: string): void {
    const { type } = field;
    if (present) source.line(`${present} = 1;`);
    switch (type.kind) {
      case "bool":
        source.line(`${value} = b[p]; p = p + 1 | 0; if (${value} > 1) ${FAIL}`);
        return;
      case "integer":
        source.line(decodeInteger(type, value));
        return;
      case "float":
        source.line(decodeFloat(type, value));
        return;
      case "enumeration": {
        source.line(readNumber(value, 32));
        if (type.enumeration.open) return;
        const numbers = [...type.enumeration.variants.values()].map((one) => `${value} !== ${one}`);
        source.line(`if (${numbers.join(" && ")}) ${FAIL}`);
        return;
      }
      case "bytes":
        if (type.fixed || type.length !== undefined) break;
        source.line(readLength("n", end), `${value} = p; p = p + n | 0; ${last} = p;`);
        return;
      case "string":
        source.line(
          readLength("n", end),
          `${value} = p; p = p + n | 0; ${last} = p; if (!H.isText(b, ${value}, p)) ${FAIL}`,
        );
        return;
      default:
        break;
    }
    // Nested and repeated things are checked by the interpreter, which knows how.
    source.line(FAIL);
  }
}

function arraysOf({ field, array, ends, presents, present }: Slot): string[] {
  return [array, ...(isValue(field.type) ? [] : [ends]), ...(present ? [presents] : [])];
}

function isBig(type: Shape): boolean {
  if (type.kind === "integer") return type.as === "bigint";
  return type.kind === "float" && type.as === "pattern" && type.bits === 64;
}
