/**
 * Reading texts in generated code. Where a message is rich in texts, one window of it is made, and ASCII
 * texts are cut out of that: a call less for each. They keep the window alive, so it has to be small,
 * and without payloads.
 */
import { FAIL } from "./source.ts";

const WINDOW_MAX = 4096;

/** Makes the window `W` before the call. */
export function windowCall(call: string): string {
  return `(W = e <= ${WINDOW_MAX} && H_latin1 !== undefined ? H_latin1(b, 0, e) : undefined, ${call})`;
}

/** Reads `n` bytes, known to be there, into `x`. */
export function readTextCode(x: string, hasWindow: boolean): string {
  if (!hasWindow) return `${x} = H_text(b, p, n); if (${x} === undefined) ${FAIL} p += n;`;
  return `z = 0; y = p + n;
for (let i = p; i < y; i++) z |= b[i];
if (z < 128 && W !== undefined) ${x} = W.substring(p, y); else ${x} = H_text(b, p, n);
if (${x} === undefined) ${FAIL}
p = y;`;
}
