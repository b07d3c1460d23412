/**
 * One pass over the fields of a message: each is compared once, in the order of tags, because they can
 * come in no other. A key is compared together with the tag before it, as `4 * tag + wire type`.
 */
import type { Source } from "../../generation/source.ts";
import { FAIL, readKey } from "./varint-code.ts";

export interface Chain {
  /** Variable that holds the end of the region. */
  readonly end: string;
  /** In ascending order of tags; `read` writes the code that takes the body. */
  readonly fields: readonly { readonly tag: number; readonly wireType: number; read(): void }[];
  /** Writes the code that takes a field whose key, in the variable `k`, no field has. */
  unknown(k: string): void;
}

export function writeChain(source: Source, { end, fields, unknown }: Chain): void {
  const [k, label] = [source.fresh("k"), source.fresh("L")];
  source.line(`let ${k} = 0;`, `${label}: if (p < ${end}) {`, readKey(k, "0"), "for (;;) {");
  const next = (plus: string): void =>
    source.line(`if (p >= ${end}) break ${label};`, readKey(k, plus));
  for (const { tag, wireType, read } of fields) {
    source.line(`if (${k} === ${tag * 4 + wireType}) {`);
    read();
    next(String(tag * 4));
    source.line("}");
  }
  // A known tag again, or in another wire type: the interpreter knows whether that can be read.
  source.line(`if (${k} > 2147483647) ${FAIL}`);
  const known = fields.map(({ tag }) => `case ${tag}:`);
  if (known.length > 0) source.line(`switch (${k} >>> 2) { ${known.join(" ")} ${FAIL} }`);
  unknown(k);
  source.line(`if (p >= ${end}) break ${label};`, `z = ${k} - (${k} & 3);`, readKey(k, "z"));
  source.line("}", "}", `if (p !== ${end}) ${FAIL}`);
}
