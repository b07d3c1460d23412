/**
 * Linearizable reads (§6.4 of the Raft thesis): the leader asks a quorum whether it still leads, and
 * answers when everything committed at the time of the question is applied. Reads that come while a
 * question is under way wait for the next one, so a busy leader asks once for many. Where the version and
 * the operator allow it, the answer holds for a while as a lease.
 */
import type { ReadState } from "../../core/index.ts";
import type { Node } from "../node.ts";
import { Lease, type Moment } from "./lease.ts";

export interface Read {
  /** Called once: with true when the state machine may be read now, with false when nobody knows any more. */
  readonly settle: (isReadable: boolean) => void;
}

/** A question whose answer was lost is asked again after so many ticks. */
const PATIENCE_TICKS = 10;
const CONTEXT_BYTES = 8;

export class Reads {
  private readonly node: Node;
  private gathering: Read[] = [];
  private asked: Read[] = [];
  /** Confirmed, in the order of their indices, and waiting for the state machine. */
  private confirmed: { readonly index: number; readonly reads: readonly Read[] }[] = [];
  /** Never used twice, so an answer to an old question can not confirm a new one. */
  private question = 0;
  private askedTicks = 0;
  private askedAt: Moment | undefined;
  private readonly lease: Lease;

  constructor(node: Node) {
    this.node = node;
    this.lease = new Lease(node);
  }

  get count(): number {
    return this.gathering.length + this.asked.length;
  }

  add(read: Read): void {
    if (this.lease.isHeld) {
      const { commit } = this.node.core.basicStatus();
      this.confirmed.push({ index: commit, reads: [read] });
      return this.onApplied();
    }
    this.gathering.push(read);
    if (this.asked.length === 0) this.ask();
  }

  onMembers(): void {
    this.lease.end();
  }

  onTick(): void {
    this.lease.onTick();
    if (this.asked.length === 0 || ++this.askedTicks < PATIENCE_TICKS) return;
    this.gathering = [...this.asked, ...this.gathering];
    this.ask();
  }

  onReadStates(states: readonly ReadState[]): void {
    for (const { index, requestContext } of states) {
      if (requestContext.length !== CONTEXT_BYTES || this.asked.length === 0) continue;
      if (contextNumber(requestContext) !== this.question) continue;
      this.confirmed.push({ index, reads: this.asked });
      if (this.askedAt) this.lease.begin(this.askedAt);
      this.asked = [];
      if (this.gathering.length > 0) this.ask();
    }
  }

  onApplied(): void {
    const { appliedIndex } = this.node.state;
    for (let next = this.confirmed[0]; next && next.index <= appliedIndex; ) {
      this.confirmed.shift();
      for (const { settle } of next.reads) settle(true);
      next = this.confirmed[0];
    }
  }

  abandon(): void {
    const open = [
      ...this.confirmed.flatMap(({ reads }) => reads),
      ...this.asked,
      ...this.gathering,
    ];
    this.confirmed = [];
    this.asked = [];
    this.gathering = [];
    for (const { settle } of open) settle(false);
  }

  private ask(): void {
    this.asked = this.gathering;
    this.gathering = [];
    this.askedTicks = 0;
    this.question++;
    this.askedAt = this.lease.now();
    const context = new Uint8Array(CONTEXT_BYTES);
    new DataView(context.buffer).setBigUint64(0, BigInt(this.question), true);
    this.node.core.readIndex(context);
  }
}

function contextNumber(context: Uint8Array): number {
  const view = new DataView(context.buffer, context.byteOffset, CONTEXT_BYTES);
  return Number(view.getBigUint64(0, true));
}
