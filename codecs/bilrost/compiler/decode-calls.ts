/**
 * The calls that a user makes, in the text of each codec, so that no two share what the engine learns
 * about the messages they read.
 */

export interface DecoderFacts {
  /** The root's function. */
  readonly name: string;
  readonly lengthMax: number;
  readonly countsDepth: boolean;
  readonly hasBytes: boolean;
  readonly hasWindow: boolean;
}

/** Larger messages get no window of their texts, which would be kept alive by each of them. */
const WINDOW_MAX = 4096;
/** Positions are 32-bit integers; beyond, the interpreter counts. */
const INT_MAX = 2 ** 31 - 1;

const COPY = "t !== undefined && t.copy === true";

export function decodeCalls(facts: DecoderFacts): string {
  const { lengthMax } = facts;
  return `function decode(b, t) {
if (!(b instanceof Uint8Array)) return K.decodeSlowly(b, 0, 0, t);
const e = b.length; let v;
if (e <= ${Math.min(lengthMax, INT_MAX)}) try { v = ${callOf(facts, "0", COPY)}; } catch {}
return v === undefined ? K.decodeSlowly(b, 0, e, t) : v;
}
function decodeRange(b, s, e, t) {
let v;
if (${isRange(lengthMax)}) try { v = ${callOf(facts, "s", COPY)}; } catch {}
return v === undefined ? K.decodeSlowly(b, s, e, t) : v;
}
return { decode, decodeRange };`;
}

export function judgeCalls(facts: DecoderFacts): string {
  return `function judge(b, l) {
if (!(b instanceof Uint8Array)) return undefined;
const e = b.length; let v;
Q = 2;
if (e <= ${Math.min(facts.lengthMax, INT_MAX)}) try { v = ${callOf(facts, "0", "l")}; } catch {}
return v;
}
return { judge, canonicity: () => Q };`;
}

export function columnCalls(
  facts: DecoderFacts,
  {
    declare,
    start,
    batch,
  }: { readonly declare: string; readonly start: string; readonly batch: string },
): string {
  return `${declare}
function decodeRange(b, s, e) {
let v;
${start}
if (${isRange(facts.lengthMax)}) try { v = ${callOf(facts, "s", "false")}; } catch {}
if (v === undefined) return undefined;
return ${batch};
}
return { decodeRange };`;
}

function isRange(lengthMax: number): string {
  return `b instanceof Uint8Array && Number.isInteger(s) && Number.isInteger(e) && s >= 0 && s <= e && e <= b.length && e - s <= ${lengthMax} && e <= ${INT_MAX}`;
}

function callOf(facts: DecoderFacts, start: string, copy: string): string {
  const { name, hasBytes, hasWindow, countsDepth } = facts;
  const window = `w = ${start}, W = e - w <= ${WINDOW_MAX} && H_latin1 !== undefined ? H_latin1(b, w, e) : undefined, `;
  const views = hasBytes ? "b.buffer, b.byteOffset" : "undefined, 0";
  const depth = countsDepth ? ", 0" : "";
  return `(${hasWindow ? window : ""}${name}(b, ${start}, e, ${views}, ${copy}${depth}))`;
}
