/** Damages bytes in the ways in which a decoder can be wrong about them. */
import type { Draw } from "./every-type.ts";

/** Whole fields: known and unknown, repeated, empty, with long varints. */
const SNIPPETS = [
  [0],
  [0, 0],
  [1, 0],
  [1, 2],
  [4, 0],
  [4, 1, 4],
  [5, 0],
  [5, 1, 0],
  [6, 0, 0, 0, 0],
  [7, 0, 0, 0, 0, 0, 0, 0, 0],
  [0x80, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];
const BYTES = [0, 1, 2, 4, 5, 8, 9, 0x7f, 0x80, 0xff];

export function damage(bytes: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  const damaged = [...bytes];
  for (let count = 1 + draw(3); count > 0; count--) damageOnce(damaged, other, draw);
  return Uint8Array.from(damaged);
}

function damageOnce(bytes: number[], other: Uint8Array, draw: Draw): void {
  const at = draw(bytes.length + 1);
  const insert = (added: readonly number[]): void => void bytes.splice(at, 0, ...added);
  const replace = (byte: number): void => void (at < bytes.length && bytes.splice(at, 1, byte));
  switch (draw(7)) {
    case 0:
      return replace((bytes[at] ?? 0) ^ (1 << draw(8)));
    case 1:
      return void bytes.splice(at, 1 + draw(3));
    case 2:
      return insert([draw(256)]);
    case 3:
      return insert(SNIPPETS[draw(SNIPPETS.length)] ?? []);
    case 4:
      return replace(BYTES[draw(BYTES.length)] ?? 0);
    case 5:
      return insert(part([...other], draw));
    default:
      return insert(part(bytes, draw));
  }
}

function part(bytes: readonly number[], draw: Draw): readonly number[] {
  const from = draw(bytes.length + 1);
  return bytes.slice(from, from + 1 + draw(12));
}
