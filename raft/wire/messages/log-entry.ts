/** An element of the replicated log, as records and append requests hold it. */
import {
  bool,
  bytes,
  enumeration,
  field,
  message,
  uint32,
  uint64,
  type Value,
  variant,
} from "../../../codecs/index.ts";

export const EntryKind = enumeration("EntryKind", {
  noop: 0,
  command: 1,
  config: 2,
  activate: 3,
  closeSession: variant(4).since(4),
});

export const LogEntry = message("LogEntry", {
  /** From version 3 on in the order in which a reader needs them: what it is, then where it stands. */
  term: uint64(1).numbered(3, 4),
  index: uint64(2).numbered(3, 5),
  kind: field(3, EntryKind).numbered(3, 1),
  /** Wire version of the body, which is never encoded again on the way. */
  version: uint32(4).numbered(3, 2),
  /** A node that does not know the kind must stop (true) or may apply it as nothing (false). */
  critical: bool(5).numbered(3, 3),
  body: bytes(6),
});
export type LogEntry = Value<typeof LogEntry>;
