/**
 * Code that writes the entries of a map in canonical order. They are sorted by the engine's own order,
 * which is nearly always the right one; while they are written the true order is checked, and once in a
 * while everything is sorted and written again.
 */
import type { MapShape } from "../schema/shape.ts";
import { GIVE_UP, type Source } from "./source.ts";

export interface MapCode {
  readonly type: MapShape;
  /** The variable that holds the map. */
  readonly map: string;
  readonly countMax: number;
  /** Bytes that must be free before each entry. */
  readonly room: number;
  /** Whether payloads are noted in `C` and `X`, which a second attempt must forget. */
  readonly isCut: boolean;
  /** Makes the constant with the map's `KeyOrder`. */
  order(): string;
  /** Writes what stands before all entries; `count` is an expression. */
  head(count: string): void;
  /** Writes one entry. `checkOrder` comes behind the key; `width` is an expression for the bytes of its text. */
  entry(key: string, value: string, checkOrder: (width: string) => void): void;
}

export function writeSortedMap(source: Source, code: MapCode): void {
  const { type, map, countMax, room, order } = code;
  const names = ["k", "v", "l", "s", "g", "i", "t", "x", "x"].map((name) => source.fresh(name));
  const [keys, values, last, start, good, i, tried, key, value] = names as [
    ...[string, string, string, string, string, string, string, string, string],
  ];
  source.line(
    `if (!(${map} instanceof Map) || ${map}.size > ${countMax}) ${GIVE_UP}`,
    `const ${keys} = [], ${values} = []; let ${good} = true, ${tried} = false, ${last};`,
    `for (const [k, m] of ${map}) {`,
    `${keys}.push(k); ${values}.push(m);`,
    `if (${last} === undefined || ${last} < k) ${last} = k; else if (${good}) ${good} = H_insert(${keys}, ${values});`,
    "}",
    `if (!${good}) H_sortBy(${keys}, ${values}, undefined);`,
  );
  code.head(`${keys}.length`);
  source.line(
    `const ${start} = p;`,
    code.isCut ? `const ${start}x = X, ${start}c = C.length;` : "",
    "for (;;) {",
    `${good} = true; ${last} = undefined;`,
    `for (let ${i} = 0; ${i} < ${keys}.length; ${i}++) {`,
    `if (p + ${room} > e) ${GIVE_UP}`,
    `const ${key} = ${keys}[${i}], ${value} = ${values}[${i}];`,
  );
  code.entry(key, value, (width) => {
    source.line(
      `if (${i} !== 0 && !(${isOrdered(type, { key, last, width, order })})) { ${good} = false; break; }`,
      `${last} = ${key};`,
    );
  });
  source.line(
    "}",
    `if (${good}) break;`,
    `if (${tried}) ${GIVE_UP}`,
    code.isCut ? `X = ${start}x; C.length = ${start}c;` : "",
    `${tried} = true; p = ${start}; H_sortBy(${keys}, ${values}, ${order()});`,
    "}",
  );
}

interface Ordered {
  readonly key: string;
  readonly last: string;
  readonly width: string;
  readonly order: () => string;
}

/** An expression that is true where the key comes behind the last one. */
function isOrdered({ key: { kind } }: MapShape, { key, last, width, order }: Ordered): string {
  const compare = `${order()}.compare(${last}, ${key}) < 0`;
  // The engine compares UTF-16 units, and that can be wrong only between texts of which neither is ASCII.
  if (kind === "string") return `${width} === ${key}.length || ${compare}`;
  return kind === "bytes" || kind === "enumeration" ? compare : `${last} < ${key}`;
}
