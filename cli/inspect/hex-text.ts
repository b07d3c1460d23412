/** Bytes written as text: plain hex with the usual decoration, or the lines of xxd and hexdump -C. */

/** The text is hex, but not of whole bytes. */
export class HexError extends Error {
  override readonly name = "HexError";
}

/** Decoration between digits: spaces, commas, colons, brackets, and the prefixes 0x and \x. */
const BETWEEN = /0x|\\x|[\s,:;_[\](){}-]+/gi;
/** `00000010: 0507 666f` and the characters behind two spaces. */
const XXD_LINE = /^[0-9a-f]{4,16}:\s((?: ?[0-9a-f]{2,32})+)(?:\s{2}.*)?$/i;
/** `00000010  05 07 66 6f` and the characters between bars. */
const HEXDUMP_LINE = /^[0-9a-f]{7,16}\s\s?((?:\s?\s[0-9a-f]{2})+)\s*(?:\|.*\|?)?$/i;
const HEXDUMP_END = /^[0-9a-f]{7,16}$/i;

/** Undefined: the text is something else. Throws `HexError` when it is hex that cannot be bytes. */
export function readHexText(text: string): Uint8Array | undefined {
  return readDump(text) ?? readPlain(text);
}

function readPlain(text: string): Uint8Array | undefined {
  const digits = text.replace(BETWEEN, "");
  if (digits === "" || !/^[0-9a-f]+$/i.test(digits)) return undefined;
  if (digits.length % 2 === 0) return Uint8Array.from(Buffer.from(digits, "hex"));
  throw new HexError(`Cannot read hex: ${digits.length} digits, two for each byte needed`);
}

function readDump(text: string): Uint8Array | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const parts: Uint8Array[] = [];
  let count = 0;
  for (const [place, line] of lines.entries()) {
    const digits = XXD_LINE.exec(line)?.[1] ?? HEXDUMP_LINE.exec(line)?.[1];
    if (digits === undefined) {
      if (place > 0 && line.trim() === "*") throw repeatedLines();
      const isEnd = place > 0 && place === lines.length - 1 && HEXDUMP_END.test(line.trim());
      if (isEnd) break;
      return undefined;
    }
    refuseGap(line, count);
    const bytes = Buffer.from(digits.replaceAll(" ", ""), "hex");
    parts.push(bytes);
    count += bytes.length;
  }
  return parts.length === 0 ? undefined : Uint8Array.from(Buffer.concat(parts));
}

/** A dump says where each line begins. One that leaves bytes out would be taken for damage. */
function refuseGap(line: string, count: number): void {
  const offset = Number.parseInt(line, 16);
  if (offset === count) return;
  throw new HexError(`Cannot read dump: a line begins at byte ${offset}, ${count} needed`);
}

function repeatedLines(): HexError {
  return new HexError("Cannot read dump: it leaves out repeated lines, make it with hexdump -v");
}
