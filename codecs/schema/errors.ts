/** A schema that cannot be right: found when it is defined, before any byte is at stake. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}
