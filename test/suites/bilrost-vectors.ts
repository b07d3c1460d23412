/**
 * Judges the Bilrost codec by vector files: `npm run bilrost-vectors -- <files…>`. Shapes are built
 * from the schemas in each file; what needs a type that the codec lacks is skipped and says so.
 */
import { bilrost, DEFAULT_LIMITS } from "../../codecs/index.ts";
import { SchemaBinder } from "./bilrost/bind-schemas.ts";
import { judgeMessage, judgeVarint } from "./bilrost/judge-row.ts";
import { UnsupportedError } from "./bilrost/type-notation.ts";
import { parseVectorFile, type VectorRow } from "./bilrost/vector-file.ts";
import { type NamedRow, PASSED, type RowResult, runSuite } from "./tally.ts";

function rowsOf(text: string): readonly NamedRow[] {
  const { schemas, rows } = parseVectorFile(text);
  const binder = new SchemaBinder(schemas);
  return rows.map((row) => ({ name: row.name, run: () => judge(row, binder) }));
}

function judge(row: VectorRow, binder: SchemaBinder): RowResult {
  try {
    const problems = problemsOf(row, binder);
    return problems.length === 0 ? PASSED : { result: "failed", problems };
  } catch (error) {
    if (error instanceof UnsupportedError) return { result: "skipped", reason: error.message };
    throw error;
  }
}

function problemsOf(row: VectorRow, binder: SchemaBinder): readonly string[] {
  if (row.kind === "varint") return judgeVarint(row);
  if (row.kind !== "message" && row.kind !== "length_delimited") {
    throw new UnsupportedError(`rows of the kind "${row.kind}"`);
  }
  if (hasOddNaN(row.value)) throw new UnsupportedError("NaN with a payload in a JavaScript number");
  const bound = binder.message(row.schema ?? "");
  const codec = bilrost.compile(bound.shape, DEFAULT_LIMITS);
  return judgeMessage(row, bound, codec);
}

/** A `number` keeps that it is not a number, but not which of them. */
function hasOddNaN(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { bits } = value as { readonly bits?: unknown };
  if (typeof bits === "string") return isOddNaN(bits);
  return Object.values(value).some(hasOddNaN);
}

function isOddNaN(bits: string): boolean {
  const isWide = bits.length === 16;
  const magnitude = BigInt(`0x${bits}`) & (isWide ? 0x7fff_ffff_ffff_ffffn : 0x7fff_ffffn);
  const infinity = isWide ? 0x7ff0_0000_0000_0000n : 0x7f80_0000n;
  const plain = isWide ? "7ff8000000000000" : "7fc00000";
  return magnitude > infinity && bits.toLowerCase() !== plain;
}

process.exitCode = runSuite("bilrost-vectors", process.argv.slice(2), rowsOf);
