/**
 * The node as its owner sees it: messages, ticks and proposals in, `Ready` out (etcd raft,
 * rawnode.go). The owner persists what a Ready holds, sends its messages in the order the
 * comments of `Ready` demand, applies, and calls `advance`.
 */
import { assert } from "../../base/index.ts";
import type { Config, Rules } from "./config.ts";
import { LOCAL_MESSAGE, PEER_NOT_FOUND, type StepRefusal } from "./errors.ts";
import { applyConfChange } from "./membership-change.ts";
import { isLocalMessage, isLocalTarget, isResponse, message } from "./message.ts";
import { Raft } from "./raft.ts";
import {
  appendResponse,
  applyResponse,
  needsAppendResponse,
  storageMessages,
} from "./ready-messages.ts";
import type { Status } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { step } from "./step.ts";
import { entrySize } from "./storage.ts";
import { tick } from "./tick.ts";
import type {
  ConfChangeV2,
  ConfState,
  EntryType,
  HardState,
  Message,
  NodeId,
  Ready,
  SoftState,
} from "./types.ts";

export class RawNode {
  readonly #raft: Raft;
  #previousSoftState: SoftState;
  #previousHardState: HardState;
  /** What the node tells itself once the Ready has been carried out. */
  #stepsOnAdvance: Message[] = [];

  constructor(config: Config) {
    this.#raft = new Raft(config);
    this.#previousSoftState = this.#raft.softState();
    this.#previousHardState = this.#raft.hardState();
  }

  tick(): void {
    tick(this.#raft);
  }

  campaign(): void {
    step(this.#raft, message({ type: "MsgHup" }));
  }

  /** The entry's data is what the caller encoded. */
  propose(data: Uint8Array, type: EntryType = "normal"): StepRefusal | undefined {
    const entries = [{ term: 0, index: 0, type, data }];
    return step(this.#raft, message({ type: "MsgProp", from: this.#raft.id, entries }));
  }

  /** `data` is the encoded `change`; the core keeps the bytes and checks the change. */
  proposeConfChange(
    data: Uint8Array,
    _change: ConfChangeV2,
    type: EntryType = "confChangeV2",
  ): StepRefusal | undefined {
    return this.propose(data, type);
  }

  /** To be called when a conf change entry is applied, and not when the application refuses the change. */
  applyConfChange(change: ConfChangeV2): ConfState {
    return applyConfChange(this.#raft, change);
  }

  step(received: Message): StepRefusal | undefined {
    const isLocal = isLocalTarget(received.from);
    if (isLocalMessage(received.type) && !isLocal) return LOCAL_MESSAGE;
    const isKnown = this.#raft.tracker.progress.has(received.from);
    if (isResponse(received.type) && !isLocal && !isKnown) return PEER_NOT_FOUND;
    return step(this.#raft, received);
  }

  hasReady(): boolean {
    const { log, msgs, msgsAfterAppend, readStates } = this.#raft;
    return (
      this.#changedSoftState() !== undefined ||
      this.#changedHardState() !== undefined ||
      msgs.length > 0 ||
      msgsAfterAppend.length > 0 ||
      readStates.length > 0 ||
      log.nextUnstableSnapshot() !== undefined ||
      log.hasNextUnstableEntries() ||
      log.hasNextCommittedEntries(this.#appliesUnstable())
    );
  }

  ready(): Ready {
    const ready = this.#makeReady();
    this.#accept(ready);
    return ready;
  }

  advance(_ready: Ready): void {
    assert(
      !this.#raft.settings.asyncStorageWrites,
      "with asynchronous storage writes nothing is advanced",
    );
    const steps = this.#stepsOnAdvance;
    this.#stepsOnAdvance = [];
    for (const waiting of steps) step(this.#raft, waiting);
  }

  status(): Status {
    return statusOf(this.#raft);
  }

  /** Of the entry there, written or not yet; undefined: none is known. */
  termAt(index: number): number | undefined {
    return this.#raft.log.maybeTerm(index);
  }

  reportUnreachable(id: NodeId): void {
    step(this.#raft, message({ type: "MsgUnreachable", from: id }));
  }

  reportSnapshot(id: NodeId, received: boolean): void {
    step(this.#raft, message({ type: "MsgSnapStatus", from: id, reject: !received }));
  }

  transferLeader(to: NodeId): void {
    step(this.#raft, message({ type: "MsgTransferLeader", from: to }));
  }

  readIndex(context: Uint8Array): void {
    const entries = [{ term: 0, index: 0, type: "normal" as const, data: context }];
    step(this.#raft, message({ type: "MsgReadIndex", entries }));
  }

  forgetLeader(): StepRefusal | undefined {
    return step(this.#raft, message({ type: "MsgForgetLeader" }));
  }

  /** Behaviour that belongs to the wire version which the cluster has activated (design law 13). */
  setRules(rules: Partial<Rules>): void {
    this.#raft.setRules(rules);
  }

  /** With synchronous writes a Ready's entries are stable before its committed entries are applied. */
  #appliesUnstable(): boolean {
    return !this.#raft.settings.asyncStorageWrites;
  }

  #changedSoftState(): SoftState | undefined {
    const now = this.#raft.softState();
    const { lead, raftState } = this.#previousSoftState;
    return now.lead === lead && now.raftState === raftState ? undefined : now;
  }

  #changedHardState(): HardState | undefined {
    const now = this.#raft.hardState();
    const { term, vote, commit } = this.#previousHardState;
    const isSame = now.term === term && now.vote === vote && now.commit === commit;
    return isSame || (now.term === 0 && now.vote === 0 && now.commit === 0) ? undefined : now;
  }

  #makeReady(): Ready {
    const raft = this.#raft;
    const hardState = this.#changedHardState();
    const entries = raft.log.nextUnstableEntries();
    const { term, vote } = this.#previousHardState;
    const ready: Ready = {
      softState: this.#changedSoftState(),
      hardState,
      readStates: raft.readStates,
      entries,
      snapshot: raft.log.nextUnstableSnapshot(),
      committedEntries: raft.log.nextCommittedEntries(this.#appliesUnstable()),
      messages: raft.msgs,
      mustSync: entries.length > 0 || raft.term !== term || raft.vote !== vote,
    };
    const more = raft.settings.asyncStorageWrites
      ? storageMessages(raft, ready)
      : raft.msgsAfterAppend.filter(({ to }) => to !== raft.id);
    return more.length > 0 ? { ...ready, messages: [...ready.messages, ...more] } : ready;
  }

  #accept(ready: Ready): void {
    const raft = this.#raft;
    if (ready.softState) this.#previousSoftState = ready.softState;
    if (ready.hardState) this.#previousHardState = ready.hardState;
    raft.readStates = [];
    if (!raft.settings.asyncStorageWrites) this.#keepStepsForAdvance(ready);
    raft.msgs = [];
    raft.msgsAfterAppend = [];
    raft.log.acceptUnstable();
    const last = ready.committedEntries.at(-1);
    if (!last) return;
    const size = ready.committedEntries.reduce((sum, entry) => sum + entrySize(entry), 0);
    raft.log.acceptApplying(last.index, size, this.#appliesUnstable());
  }

  #keepStepsForAdvance(ready: Ready): void {
    const raft = this.#raft;
    assert(this.#stepsOnAdvance.length === 0, "each Ready is advanced before the next is taken");
    this.#stepsOnAdvance = raft.msgsAfterAppend.filter(({ to }) => to === raft.id);
    if (needsAppendResponse(raft, ready)) this.#stepsOnAdvance.push(appendResponse(raft, ready));
    if (ready.committedEntries.length > 0) {
      this.#stepsOnAdvance.push(applyResponse(raft, ready.committedEntries));
    }
  }
}
