/** Checks of JSON from a program that we did not write; each failure says where and what is needed. */

/** What the program said is not what the protocol allows. */
export class HostMessageError extends Error {
  override readonly name = "HostMessageError";
}

export type Parts = Readonly<Record<string, unknown>>;

export function partsOf(json: unknown, where: string): Parts {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Parts;
  throw wrong(where, "an object", json);
}

export function listOf(json: unknown, where: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw wrong(where, "an array", json);
}

export function textOf(json: unknown, where: string): string {
  if (typeof json === "string") return json;
  throw wrong(where, "text", json);
}

export function countOf(json: unknown, where: string): number {
  if (typeof json === "number" && Number.isSafeInteger(json) && json >= 0) return json;
  throw wrong(where, "an integer from 0", json);
}

export function flagOf(json: unknown, where: string): boolean {
  if (typeof json === "boolean") return json;
  throw wrong(where, "true or false", json);
}

export function hexOf(json: unknown, where: string): string {
  if (typeof json === "string" && json.length % 2 === 0 && /^[0-9a-f]*$/i.test(json)) return json;
  throw wrong(where, "bytes in hex", json);
}

export function oneOf<T extends string>(json: unknown, known: readonly T[], where: string): T {
  const found = known.find((one) => one === json);
  if (found !== undefined) return found;
  throw wrong(where, `one of ${known.join(", ")}`, json);
}

const SHOWN = 60;

function wrong(where: string, needed: string, json: unknown): HostMessageError {
  const text = json === undefined ? "nothing" : JSON.stringify(json).slice(0, SHOWN);
  return new HostMessageError(`Cannot use ${where}: ${needed} is needed, found ${text}`);
}
