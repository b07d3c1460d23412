/**
 * Where generated encoders write. A small result is a view of a slab, of which each byte is handed out
 * once: that costs half of an allocation of its own. A large one is written into a scratch buffer and
 * copied out exactly, which spares the page faults of fresh memory.
 */
const SLAB = 64 * 1024;
/** Larger results are copied out of the scratch buffer. */
export const SMALL_MAX = 4096;
/** A larger message gets a buffer for itself, so that one giant does not stay in memory for ever. */
const SCRATCH_MAX = 8 * 1024 * 1024;

export interface Slab {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of `bytes`, because asking it each time has its price. */
  buffer: ArrayBuffer;
  used: number;
}

const EMPTY = new Uint8Array(0);

/** Shared by all codecs of the process; generated code moves `used`. */
export const SLAB_IN_USE: Slab = { bytes: EMPTY, buffer: EMPTY.buffer, used: 0 };

/** What is left of the slab is given up if a small result may not fit into it. */
export function renewSlab(): void {
  if (SLAB_IN_USE.bytes.byteLength - SLAB_IN_USE.used >= SMALL_MAX) return;
  SLAB_IN_USE.bytes = new Uint8Array(SLAB);
  SLAB_IN_USE.buffer = SLAB_IN_USE.bytes.buffer;
  SLAB_IN_USE.used = 0;
}

let scratch: Uint8Array<ArrayBuffer> = EMPTY;

/** Nobody else gets it before `giveScratch`; what is in it then is valid until the next call. */
export function takeScratch(length: number): Uint8Array<ArrayBuffer> {
  const taken = scratch;
  scratch = EMPTY;
  return taken.byteLength >= Math.max(1, length) ? taken : new Uint8Array(Math.max(SLAB, length));
}

export function giveScratch(taken: Uint8Array<ArrayBuffer>): void {
  const isBetter = taken.byteLength > scratch.byteLength;
  if (isBetter && taken.byteLength <= SCRATCH_MAX) scratch = taken;
}

type AllocateUnsafe = (length: number) => Uint8Array<ArrayBuffer>;
const allocateUnsafe = (
  globalThis as { readonly Buffer?: { readonly allocUnsafeSlow?: AllocateUnsafe } }
).Buffer?.allocUnsafeSlow;

/** Memory of its own that is not zeroed where the runtime has such: the caller writes every byte. */
export function rawBytes(length: number): Uint8Array<ArrayBuffer> {
  if (allocateUnsafe === undefined) return new Uint8Array(length);
  const { buffer, byteOffset } = allocateUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}
