/** What a `Uint8Array` really is, whatever a subclass, a property or a proxy says of it. */
const PROTOTYPE: object = Object.getPrototypeOf(Uint8Array.prototype);

type Getter<T> = (this: unknown) => T;

function getterOf<T>(name: string | symbol): Getter<T> {
  return Object.getOwnPropertyDescriptor(PROTOTYPE, name)?.get as Getter<T>;
}

const kind = getterOf<string | undefined>(Symbol.toStringTag);
const buffer = getterOf<ArrayBuffer>("buffer");
const offset = getterOf<number>("byteOffset");
/** To be called on a `Uint8Array`; generated code does that itself. */
export const realLength: Getter<number> = getterOf<number>("length");

/** False for a proxy of one, whose bytes nobody can be sure of. */
export function isBytes(value: unknown): value is Uint8Array {
  return kind.call(value) === "Uint8Array";
}

export function lengthOf(bytes: Uint8Array): number {
  return realLength.call(bytes);
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/**
 * The bytes as a plain `Uint8Array`. A Node `Buffer` must not reach a decoder: its `slice` is a view,
 * so that a copy would be none. Throws `TypeError` for anything else, which would read as empty.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  checkIsBytes(bytes);
  return new Uint8Array(buffer.call(bytes), offset.call(bytes), realLength.call(bytes));
}

/** A wrong argument, not wrong bytes: an `ArrayBuffer` has to be wrapped by whoever knows which part is meant. */
export function checkIsBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (isBytes(bytes)) return;
  const found = bytes === null ? "null" : (bytes?.constructor?.name ?? typeof bytes);
  throw new TypeError(`Cannot use ${found}: a Uint8Array needed`);
}
