/** What clients do to the key-value store, and the form in which it stands in the log. */
import {
  bytes,
  field,
  message,
  oneof,
  optional,
  uint64,
  type Value,
} from "../../../codecs/index.ts";

export const OpenSession = message("OpenSession", {});
export const Get = message("Get", { key: bytes(1) });
export const Put = message("Put", { key: bytes(1), value: bytes(2) });
export const Append = message("Append", { key: bytes(1), value: bytes(2) });
export const Delete = message("Delete", { key: bytes(1) });
export const CompareAndSwap = message("CompareAndSwap", {
  key: bytes(1),
  /** Absent: the key must not exist. */
  expected: optional(bytes(2)),
  value: bytes(3),
});

/** Body of an entry of kind `closeSession`: what is kept for its retries may go. */
export const CloseSession = message("CloseSession", { session: uint64(1) });
export type CloseSession = Value<typeof CloseSession>;

/** Body of an entry of kind `command`. */
export const Command = message("Command", {
  /** Index of the entry that opened the session; 0 when this command opens one. */
  session: uint64(1),
  /** Rises by one with each write of the session; the same again is a retry. */
  sequence: uint64(2),
  op: oneof({
    openSession: field(3, OpenSession),
    put: field(5, Put),
    append: field(6, Append),
    delete: field(7, Delete),
    compareAndSwap: field(8, CompareAndSwap),
  }),
});
export type Command = Value<typeof Command>;
