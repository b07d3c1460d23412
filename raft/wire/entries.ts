/** Entries of the core ↔ LogEntry of the wire. Only the envelope is translated; the body travels as bytes. */
import { DecodeError } from "../../codecs/index.ts";
import type { Entry, EntryType } from "../core/index.ts";
import { EntryKindNumber, openEntry, sealEntry } from "./envelope.ts";
import { EntryKind, type LogEntry } from "./messages/log-entry.ts";

const KIND_MAX = 0xffff;
const NAMES: ReadonlyMap<number, LogEntry["kind"]> = new Map(
  [...EntryKind.variants].map(([name, { number }]) => [number, name]),
);

export function toLogEntry({ term, index, data }: Entry): LogEntry {
  const { kind, version, critical, body } = openEntry(data);
  return { term, index, kind: NAMES.get(kind) ?? `unknown(${kind})`, version, critical, body };
}

/** Throws `DecodeError` for a kind that has no place in the envelope. */
export function fromLogEntry({ term, index, kind, version, critical, body }: LogEntry): Entry {
  const number = kindNumber(kind);
  return {
    term,
    index,
    type: typeOf(number),
    data: sealEntry({ kind: number, version, critical, body }),
  };
}

/** An unknown kind keeps its number, so that it can be stored and passed on. */
function kindNumber(kind: LogEntry["kind"]): number {
  const known = EntryKind.variants.get(kind as never);
  const number = known ? known.number : Number(kind.slice("unknown(".length, -1));
  // Cut to 16 bits it would be taken for another kind.
  if (number >= 0 && number <= KIND_MAX) return number;
  throw new DecodeError(
    "OutOfDomainValue",
    `Cannot read an entry of kind ${number}: kinds are 0 to ${KIND_MAX}`,
    0,
    ["LogEntry", "kind"],
  );
}

/** The core must see configuration changes; everything else is opaque to it. */
function typeOf(kind: number): EntryType {
  return kind === EntryKindNumber.config ? "confChangeV2" : "normal";
}
