/** Between names of variants and their numbers, in generated code. */
import type { EnumerationShape } from "../schema/shape.ts";
import { FAIL, GIVE_UP, type Source } from "./source.ts";

const COMPARED_MAX = 12;

/** The number of a variant, in `y`. Names are interned, so that most comparisons are of pointers. */
export function numberOfVariant(
  shape: EnumerationShape,
  x: string,
  source: Source,
  giveUp: string = GIVE_UP,
): string {
  const { variants, open } = shape;
  const other = open ? `H.undeclared(${x})` : "-1";
  if (variants.size > COMPARED_MAX) {
    const numbers = source.constant(`new Map(${JSON.stringify([...variants])})`);
    return `y = ${numbers}.get(${x}); if (y === undefined) y = ${other}; if (y < 0) ${giveUp}`;
  }
  const known = [...variants].map(
    ([name, number]) => `${x} === ${JSON.stringify(name)} ? ${number} : `,
  );
  return `y = ${known.join("")}${other}; if (y < 0) ${giveUp}`;
}

const TABLE_MAX = 255;

/** Puts the name of the number in `x` in its place. */
export function nameOfVariant(shape: EnumerationShape, x: string, source: Source): string {
  const names = new Map([...shape.variants].map(([name, number]) => [number, name]));
  const last = Math.max(...names.keys());
  const otherwise = shape.open ? `${x} = \`unknown(\${${x}})\`;` : FAIL;
  if (last > TABLE_MAX) {
    const table = source.constant(`new Map(${JSON.stringify([...names])})`);
    return `z = ${table}.get(${x}); if (z === undefined) ${otherwise} else ${x} = z;`;
  }
  const places = Array.from({ length: last + 1 }, (_, number) => names.get(number) ?? null);
  const table = source.constant(JSON.stringify(places));
  return `z = ${x} < ${places.length} ? ${table}[${x}] : null; if (z === null) ${otherwise} else ${x} = z;`;
}

/** Names that stand for zero, quoted: what an implicit field leaves out. */
export function zeroNames({ variants, open }: EnumerationShape): string[] {
  const names = [...variants].filter(([, number]) => number === 0).map(([name]) => name);
  if (open) names.push("unknown(0)");
  return names.map((name) => JSON.stringify(name));
}
