/** What clients and servers say to each other. */
import {
  bytes,
  enumeration,
  field,
  message,
  oneof,
  optional,
  string,
  uint64,
  type Value,
} from "../../../codecs/index.ts";
import { Append, CloseSession, CompareAndSwap, Delete, Get, OpenSession, Put } from "./command.ts";

export const ClientRequest = message("ClientRequest", {
  session: uint64(1),
  sequence: uint64(2),
  op: oneof({
    openSession: field(3, OpenSession),
    get: field(4, Get),
    put: field(5, Put),
    append: field(6, Append),
    delete: field(7, Delete),
    compareAndSwap: field(8, CompareAndSwap),
    closeSession: field(9, CloseSession).since(4),
  }),
});
export type ClientRequest = Value<typeof ClientRequest>;

export const ClientStatus = enumeration("ClientStatus", {
  ok: 0,
  /** Ask `leaderAddress`; when it is empty, ask again later. */
  notLeader: 1,
  notFound: 2,
  /** The value was not the expected one; nothing was changed. */
  mismatch: 3,
  /** Too much is under way; ask again later. */
  busy: 4,
  /** The sequence is older than the last one applied. */
  staleSequence: 5,
  unknownSession: 6,
  /** The outcome is not known: the leader changed while the write was under way. */
  unavailable: 7,
  malformed: 8,
});

export const ClientResponse = message("ClientResponse", {
  session: uint64(1),
  sequence: uint64(2),
  status: field(3, ClientStatus),
  leader: uint64(4),
  leaderAddress: string(5),
  value: optional(bytes(6)),
  /** Where the write stands in the log, or up to where the read saw it. */
  index: uint64(7),
});
export type ClientResponse = Value<typeof ClientResponse>;
