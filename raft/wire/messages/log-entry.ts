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
} from "../../../codecs/index.ts";

export const EntryKind = enumeration("EntryKind", { noop: 0, command: 1, config: 2, activate: 3 });

export const LogEntry = message("LogEntry", {
  term: uint64(1),
  index: uint64(2),
  kind: field(3, EntryKind),
  /** Wire version of the body, which is never encoded again on the way. */
  version: uint32(4),
  /** A node that does not know the kind must stop (true) or may apply it as nothing (false). */
  critical: bool(5),
  body: bytes(6),
});
export type LogEntry = Value<typeof LogEntry>;
