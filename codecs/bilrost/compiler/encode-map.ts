/** Maps: one body, in canonical order of keys whatever the order of the value. */

import type { ShapePath } from "../../generation/shape-path.ts";
import type { MapShape } from "../../schema/shape.ts";
import type { EncoderWriter, Scope } from "./encode-code.ts";
import { orderCode } from "./encode-parts.ts";
import { helperAt } from "./message-plan.ts";
import { roomOf } from "./room.ts";
import { GIVE_UP } from "./varint-code.ts";

/**
 * Entries are sorted by the engine's own order, which is nearly always the right one; while they are
 * written their true order is checked, and once in a while they are sorted again.
 */
export function writeMap(
  writer: EncoderWriter,
  type: MapShape,
  { x, path, scope }: { readonly x: string; readonly path: ShapePath; readonly scope: Scope },
): void {
  const { source } = writer;
  const [keys, values, last, start, ok, i, at, tried] = [
    "k",
    "v",
    "x",
    "s",
    "k",
    "i",
    "p",
    "k",
  ].map((name) => source.fresh(name)) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [key, held] = [source.fresh("x"), source.fresh("x")];
  const inner = roomOf(type.key) + roomOf(type.value) + 8;
  const room = scope.room + inner;
  // Payloads that stay where they are have been noted, and would be noted twice.
  const isCut = writer.options.byReference !== undefined;
  const order = (): string => source.constant(helperAt("order", path));
  source.line(
    `if (!(${x} instanceof Map) || ${x}.size > ${writer.options.limits.countMax}) ${GIVE_UP}`,
    // Spread by the engine: pushing one by one takes five times as long.
    `const ${keys} = [...${x}.keys()], ${values} = [...${x}.values()]; let ${ok}, ${tried} = false, ${last};`,
    `for (let i = 1; i < ${keys}.length; i++) if (!(${keys}[i - 1] < ${keys}[i])) { H_sort(${keys}, ${values}); break; }`,
  );
  writer.prefixed(() => {
    source.line(
      `const ${start} = p${isCut ? `, ${start}x = X, ${start}c = C.length` : ""};`,
      "for (;;) {",
      `${ok} = true; ${last} = undefined;`,
      `for (let ${i} = 0; ${i} < ${keys}.length; ${i}++) {`,
      `if (p + ${room} > e) ${GIVE_UP}`,
      `const ${key} = ${keys}[${i}], ${held} = ${values}[${i}], ${at} = p;`,
    );
    writer.value(type.key, key, [...path, ":key"], { room });
    const [mark, isOrdered] = orderCode(type.key, { key, last, at });
    source.line(
      `if (${last} !== undefined && !(${isOrdered(order)})) { ${ok} = false; break; }`,
      `${last} = ${mark};`,
    );
    writer.value(type.value, held, [...path, ":value"], { room });
    source.line(
      "}",
      `if (${ok}) break;`,
      `if (${tried}) ${GIVE_UP}`,
      `${tried} = true; p = ${start};${isCut ? ` X = ${start}x; C.length = ${start}c;` : ""} H_sortBy(${keys}, ${values}, ${order()});`,
      "}",
    );
  });
}
