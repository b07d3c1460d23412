/** The four things a log file says, as records. Truncation and anchor have a fixed layout, so their version is 0. */
import type { Entry, HardState } from "../../core/index.ts";
import { recordBytes } from "../record.ts";
import { bodyVersionOf, encodeStoredEntry, encodeStoredHardState } from "../stored.ts";

export const LogRecordKind = { entry: 1, hardState: 2, truncation: 3, anchor: 4 } as const;

/** Where an entry stands: the term makes sure that it is the same entry. */
export interface Position {
  readonly index: number;
  readonly term: number;
}

/**
 * An entry may come in one write with the activation before it, which is not applied yet: it is never
 * stored below the version of its body, because an older one may not know its kind.
 */
export function entryRecord(entry: Entry, active: number, settled: boolean): Uint8Array {
  const version = Math.max(active, bodyVersionOf(entry));
  const body = encodeStoredEntry(entry, version);
  return recordBytes({ kind: LogRecordKind.entry, critical: true, settled, version, body });
}

export function hardStateRecord(state: HardState, version: number, settled: boolean): Uint8Array {
  const body = encodeStoredHardState(state, version);
  return recordBytes({ kind: LogRecordKind.hardState, critical: true, settled, version, body });
}

/** From here on, entries at `firstRemoved` and above that were written before do not count. */
export function truncationRecord(firstRemoved: number, settled: boolean): Uint8Array {
  const body = numbers(firstRemoved);
  return recordBytes({ kind: LogRecordKind.truncation, critical: true, settled, version: 0, body });
}

/** The log ends at this position here; whoever does not have it starts behind it. */
export function anchorRecord(position: Position): Uint8Array {
  const body = numbers(position.index, position.term);
  return recordBytes({
    kind: LogRecordKind.anchor,
    critical: true,
    settled: false,
    version: 0,
    body,
  });
}

/** Undefined when the body does not hold exactly `count` numbers. */
export function readNumbers(body: Uint8Array, count: number): readonly number[] | undefined {
  if (body.length !== count * 8) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  return Array.from({ length: count }, (_, position) =>
    Number(view.getBigUint64(position * 8, true)),
  );
}

function numbers(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [position, value] of values.entries())
    view.setBigUint64(position * 8, BigInt(value), true);
  return bytes;
}
