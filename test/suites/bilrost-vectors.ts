/**
 * Judges the Bilrost codec by vector files: `npm run bilrost-vectors -- <files…>`. Shapes are built
 * from the schemas in each file, and each row is judged with the interpreter and with generated code.
 */
import { type BilrostCodec, compile } from "../../codecs/bilrost/index.ts";
import { type BoundMessage, SchemaBinder } from "./bilrost/bind-schemas.ts";
import { judgeMessage, judgeOpaque, judgeVarint } from "./bilrost/judge-row.ts";
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
  if (row.kind === "opaque") return judgeOpaque(row);
  if (row.kind !== "message" && row.kind !== "length_delimited") {
    throw new UnsupportedError(`rows of the kind "${row.kind}"`);
  }
  const bound = binder.message(row.schema ?? "");
  return codecsOf(bound).flatMap((codec) =>
    judgeMessage(row, bound, codec).map((problem) => `${codec.engine}: ${problem}`),
  );
}

const CODECS = new WeakMap<BoundMessage, readonly BilrostCodec[]>();

/** Both engines, each made once per schema. */
function codecsOf(bound: BoundMessage): readonly BilrostCodec[] {
  const known = CODECS.get(bound);
  if (known !== undefined) return known;
  const codecs = (["interpreted", "compiled"] as const).map((engine) =>
    compile(bound.shape, { engine }),
  );
  CODECS.set(bound, codecs);
  return codecs;
}

/** The specification stands in the same folder as the vectors; it has no rows. */
const files = process.argv.slice(2).filter((file) => !file.endsWith(".md"));
process.exitCode = runSuite("bilrost-vectors", files, rowsOf);
