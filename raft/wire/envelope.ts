/**
 * The envelope of an entry inside the core, where it is `Entry.data`: kind u16, version u32, flags
 * u8 (bit 0 critical), then the body. Empty data is a noop. The envelope itself never changes.
 */
import { readU16, readU32, writeU16, writeU32 } from "../../base/index.ts";

export const EntryKindNumber = {
  noop: 0,
  command: 1,
  config: 2,
  activate: 3,
  closeSession: 4,
} as const;

export interface EntryEnvelope {
  readonly kind: number;
  /** Wire version of the body. */
  readonly version: number;
  /** Whoever does not know the kind must stop. */
  readonly critical: boolean;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 7;
const NO_BYTES = new Uint8Array(0);

export function sealEntry({ kind, version, critical, body }: EntryEnvelope): Uint8Array {
  if (kind === EntryKindNumber.noop) return NO_BYTES;
  const data = new Uint8Array(HEADER_BYTES + body.length);
  writeU16(data, 0, kind);
  writeU32(data, 2, version);
  data[6] = critical ? 1 : 0;
  data.set(body, HEADER_BYTES);
  return data;
}

/** `data` comes from `sealEntry` of this process, so that a short one is a bug and not bad input. */
export function openEntry(data: Uint8Array): EntryEnvelope {
  if (data.length === 0)
    return { kind: EntryKindNumber.noop, version: 0, critical: false, body: NO_BYTES };
  return {
    kind: readU16(data, 0),
    version: readU32(data, 2),
    critical: ((data[6] as number) & 1) !== 0,
    body: data.subarray(HEADER_BYTES),
  };
}

/** Of the entry, without opening it. */
export function kindOf(data: Uint8Array): number {
  return data.length === 0 ? EntryKindNumber.noop : readU16(data, 0);
}

/** Wire version of the body, without opening it; 0 when there is none. */
export function bodyVersion(data: Uint8Array): number {
  return data.length > HEADER_BYTES ? readU32(data, 2) : 0;
}
