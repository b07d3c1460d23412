import { DecodeError, EncodeError } from "../errors.ts";

/** The same error, one level further out; anything else is ours and passes unchanged. */
export function located(error: unknown, path: readonly string[]): unknown {
  if (!(error instanceof DecodeError || error instanceof EncodeError)) return error;
  return path.reduceRight<DecodeError | EncodeError>((inner, name) => inner.within(name), error);
}
