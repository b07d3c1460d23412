/** A schema that cannot be right: found when it is defined, before any byte is at stake. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
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
