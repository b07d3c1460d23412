import type { Rules } from "./config.ts";
import type { StepRefusal } from "./errors.ts";
import type { Status } from "./status.ts";
import type { ConfChangeV2, ConfState, EntryType, Message, NodeId, Ready } from "./types.ts";

/** Signatures of the class of this name: `new RawNode(config)`. */
export interface RawNode {
  tick(): void;
  campaign(): void;
  /** The entry's data is what the caller encoded. */
  propose(data: Uint8Array, type?: EntryType): StepRefusal | undefined;
  /** `data` is the encoded `change`; the core keeps the bytes and checks the change. */
  proposeConfChange(
    data: Uint8Array,
    change: ConfChangeV2,
    type?: EntryType,
  ): StepRefusal | undefined;
  /** To be called when a conf change entry is applied; a refused change is applied as an empty one. */
  applyConfChange(change: ConfChangeV2): ConfState;
  step(message: Message): StepRefusal | undefined;
  hasReady(): boolean;
  ready(): Ready;
  advance(ready: Ready): void;
  status(): Status;
  reportUnreachable(id: NodeId): void;
  reportSnapshot(id: NodeId, received: boolean): void;
  transferLeader(to: NodeId): void;
  readIndex(context: Uint8Array): void;
  forgetLeader(): StepRefusal | undefined;
  setRules(rules: Partial<Rules>): void;
}
