/** A schema that cannot be right: found when it is defined, before any byte is at stake. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

/** Messages and enumerations are types, in `.proto` and in reports as well. */
export function checkTypeName(name: string): void {
  if (/^[A-Z][A-Za-z0-9]*$/.test(name)) return;
  throw new SchemaError(`Cannot define "${name}": a name in PascalCase needed`);
}

/** The first and the last version that has something. */
export function checkVersions(since: number, until: number): void {
  if (!Number.isSafeInteger(since) || since < 1) {
    throw new SchemaError(`Cannot define since version ${since}: a whole number from 1 on needed`);
  }
  if (until === Infinity || (Number.isSafeInteger(until) && until >= since)) return;
  throw new SchemaError(
    `Cannot define since version ${since} until ${until}: it would never exist`,
  );
}
