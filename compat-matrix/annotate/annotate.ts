/**
 * Explains bytes: which range is which field. It walks the wire by itself, because it must also
 * explain bytes that no codec accepts, and it never fails: what it cannot explain is one last row.
 */
import type { SchemaView } from "../schema-view.ts";
import { Cursor, OutOfBytes } from "./cursor.ts";
import { bilrostDialect, protobufDialect } from "./dialects.ts";
import { annotateMessagePack } from "./msgpack.ts";
import { EnoughRows, type Row, Rows } from "./rows.ts";
import { annotateTagged } from "./tagged.ts";

export function annotate(bytes: Uint8Array, message: string, view: SchemaView): readonly Row[] {
  const rows = new Rows();
  const cursor = new Cursor(bytes);
  const description = view.message(message);
  try {
    if (description === undefined) return rest(rows, bytes, "no such message in this schema");
    switch (view.format) {
      case "msgpack":
        annotateMessagePack(cursor, description, { view, rows });
        break;
      case "protobuf":
        annotateTagged(cursor, description, { dialect: protobufDialect, view, rows }, 0);
        break;
      case "bilrost":
        annotateTagged(cursor, description, { dialect: bilrostDialect, view, rows }, 0);
        break;
      default:
        return rest(rows, bytes, `format "${view.format}" has no explanation`);
    }
  } catch (error) {
    if (error instanceof OutOfBytes) return rest(rows, bytes, "the bytes end too early");
    if (error instanceof EnoughRows) return rest(rows, bytes, "and so on");
    throw error;
  }
  return rows.rows;
}

/** Everything behind the last row. */
function rest({ rows }: Rows, bytes: Uint8Array, note: string): readonly Row[] {
  const last = rows.at(-1);
  const at = last ? last.at + last.length : 0;
  return [...rows, { at, length: bytes.length - at, depth: 0, label: "…", note }];
}
