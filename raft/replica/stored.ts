/** What is stored, to and from bytes: the one place where the replica meets the codecs of the wire. */
import type { MessageDefinition } from "../../codecs/index.ts";
import type { HardState as CoreHardState, Entry } from "../core/index.ts";
import {
  bodyVersion,
  fromLogEntry,
  HardState,
  LogEntry,
  toLogEntry,
  wireProtocol,
} from "../wire/index.ts";

export const READABLE: { readonly min: number; readonly max: number } = wireProtocol.range;

/** Whether this release reads the version; 0 marks a fixed layout. */
export function isReadable(version: number): boolean {
  return version >= READABLE.min && version <= READABLE.max;
}

export function encodeStored<T extends object>(
  definition: MessageDefinition<T>,
  version: number,
  value: T,
): Uint8Array {
  return wireProtocol.encode(definition, version, value).bytes;
}

/** Throws `DecodeError`. */
export function decodeStored<T extends object>(
  definition: MessageDefinition<T>,
  version: number,
  body: Uint8Array,
): T {
  return wireProtocol.decode(definition, version, body);
}

export function encodeStoredEntry(entry: Entry, version: number): Uint8Array {
  return encodeStored(LogEntry, version, toLogEntry(entry));
}

/** Throws `DecodeError`. */
export function decodeStoredEntry(
  body: Uint8Array,
  version: number,
): { readonly entry: Entry; readonly bodyVersion: number } {
  const stored = decodeStored(LogEntry, version, body);
  return { entry: fromLogEntry(stored), bodyVersion: stored.body.length > 0 ? stored.version : 0 };
}

/** 0 when there is no body, as in the entry of a new leader. */
export function bodyVersionOf({ data }: Entry): number {
  return bodyVersion(data);
}

export function encodeStoredHardState(state: CoreHardState, version: number): Uint8Array {
  return encodeStored(HardState, version, state);
}

/** Throws `DecodeError`. */
export function decodeStoredHardState(body: Uint8Array, version: number): CoreHardState {
  const { term, vote, commit } = decodeStored(HardState, version, body);
  return { term, vote, commit };
}
