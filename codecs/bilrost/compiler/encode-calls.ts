/**
 * The calls that a user makes, in the text of each codec, so that no two share what the engine learns.
 * Small results are views of the slab `S`; the rest, and all that went wrong, is the host's: `K`.
 * While a value is written the slab counts as full, so that what a getter in it encodes goes elsewhere.
 */
import { GIVE_UP } from "./varint-code.ts";

/** Names of helpers in generated text. */
export const ENCODER_HELPERS: readonly string[] = [
  "unknown: U",
  "long: H_long",
  "zigzag: H_zigzag",
  "varint: H_varint",
  "prefix: H_prefix",
  "text: H_text",
  "big: H_big",
  "put: H_put",
  "cut: H_cut",
  "less: H_less",
  "sort: H_sort",
  "sortBy: H_sortBy",
  "length: H_length",
  "F64, F32, I64, B64, U8",
];

/** More text than this is called, not repeated. */
const INLINE_MAX = 24_000;

/** The root's body stands in them once more: a call saved is a tenth of a small message. */
export function ownedCalls(name: string, body: string, countsDepth: boolean): string {
  const depth = countsDepth ? ", 0" : "";
  const write =
    body.length > INLINE_MAX
      ? `try { p = ${name}(v, b, p${depth}); if (p < 0) break G; } catch { break G; }`
      : `try { ${countsDepth ? "const d = 0;" : ""}
${body.replaceAll(GIVE_UP, "break G;")}
} catch { break G; }`;
  return `function encode(v) {
if (K.isLarge) return K.encodeLarge(v);
const s = S.used, b = S.bytes, f = S.buffer;
S.used = b.length;
G: {
let p = s | 0;
${write}
if (p - s > K.smallMax) break G;
if (S.bytes === b) S.used = p;
return new Uint8Array(f, s, p - s);
}
if (S.bytes === b) S.used = s;
return K.encodeSlowly(v);
}
function encodeInto(v, b, s = 0) {
G: {
if (!(b instanceof Uint8Array) || typeof s !== "number") break G;
let p = s | 0;
if (p !== s || p < 0) break G;
${write}
if (p - s > K.lengthMax) break G;
return p;
}
return K.encodeIntoSlowly(v, b, s);
}
return { encode, encodeInto, write: (v, b, p) => ${name}(v, b, p${depth}) };`;
}

export function segmentCalls(name: string, countsDepth: boolean): string {
  return `function encodeSegments(v) {
if (C !== undefined) return K.encodeSegmentsSlowly(v);
const s = S.used, b = S.bytes, f = S.buffer; let p = -1;
S.used = b.length; X = 0; C = [];
try { p = ${name}(v, b, s${countsDepth ? ", 0" : ""}); } catch {}
const c = C;
C = undefined;
if (S.bytes === b) S.used = p < 0 ? s : p;
if (p < 0 || p - s + X > K.lengthMax) return K.encodeSegmentsSlowly(v);
return K.segments(f, s, p, c);
}
return { encodeSegments };`;
}
