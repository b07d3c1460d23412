/** Maps: key and value in turn, without a length per entry; each key once. */

import type { ShapePath } from "../../generation/shape-path.ts";
import type { MapShape } from "../../schema/shape.ts";
import type { DecoderWriter } from "./decode-code.ts";
import { helperAt } from "./message-plan.ts";
import { FAIL, readLength } from "./varint-code.ts";

export function readMap(
  writer: DecoderWriter,
  type: MapShape,
  { x, end, path }: { readonly x: string; readonly end: string; readonly path: ShapePath },
): void {
  const { source } = writer;
  const [inner, map, key, held, count, last] = ["q", "m", "x", "x", "i", "x"].map((name) =>
    source.fresh(name),
  ) as [string, string, string, string, string, string];
  const notes = writer.options.notesCanonicity;
  const order = notes ? source.constant(helperAt("order", path)) : "";
  source.line(
    readLength("n", end),
    `const ${inner} = p + n | 0, ${map} = new Map();`,
    `let ${count} = 0${notes ? `, ${last}` : ""};`,
    `while (p < ${inner}) {`,
    `if (${count} >= ${writer.options.limits.countMax}) ${FAIL}`,
    `let ${key}, ${held};`,
  );
  writer.value(type.key, key, inner, [...path, ":key"]);
  if (notes) {
    source.line(
      `if (${count} !== 0 && !(${order}.compare(${last}, ${key}) < 0)) ${FAIL}`,
      `${last} = ${key};`,
    );
  }
  writer.value(type.value, held, inner, [...path, ":value"]);
  source.line(
    `${map}.set(${key}, ${held});`,
    `if (${map}.size !== ++${count}) ${FAIL}`,
    "}",
    `if (p !== ${inner}) ${FAIL}`,
    `${x} = ${map};`,
  );
}
