/** The form of the role tables: every message that reaches a role has a line in each, so a forgotten case does not compile. */
import type { StepRefusal } from "./errors.ts";
import type { Raft } from "./raft.ts";
import type { Message, MessageType } from "./types.ts";

/** What `step` answers the same way in every role, and what only goes out to the storage threads. */
type RolelessType =
  | "MsgHup"
  | "MsgVote"
  | "MsgPreVote"
  | "MsgStorageAppend"
  | "MsgStorageAppendResp"
  | "MsgStorageApply"
  | "MsgStorageApplyResp";

export type RoleHandler = (raft: Raft, message: Message) => StepRefusal | undefined;
export type RoleTable = Readonly<Record<Exclude<MessageType, RolelessType>, RoleHandler>>;

/** Late, or meant for another role. */
export const ignore: RoleHandler = () => undefined;
