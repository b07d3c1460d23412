/** Text as Bilrost has it: behind its length in UTF-8. */
import { putText } from "../../generation/text.ts";

/** The most that a character of a string can take. */
const BYTES_EACH = 3;

/** `room` bytes are kept free behind it. -1: too little room, or a lone surrogate. */
export function writeText(b: Uint8Array, p: number, text: string, room: number): number {
  const count = text.length;
  if (p + count * BYTES_EACH + 5 + room > b.length) return -1;
  const guess = count < 128 ? 1 : count < 16_512 ? 2 : 3;
  const start = p + guess;
  const end = putText(b, start, text);
  if (end < 0) return -1;
  const written = end - start;
  const width = written < 128 ? 1 : written < 16_512 ? 2 : written < 2_113_664 ? 3 : 4;
  if (width !== guess) b.copyWithin(p + width, start, end);
  writeLength(b, p, written);
  return p + width + written;
}

function writeLength(b: Uint8Array, p: number, length: number): void {
  let rest = length;
  let at = p;
  while (rest > 127) {
    b[at++] = (rest & 127) | 128;
    rest = (rest >>> 7) - 1;
  }
  b[at] = rest;
}
