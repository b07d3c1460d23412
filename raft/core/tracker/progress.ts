/** What the leader knows of one follower (etcd raft, tracker/progress.go). */
import { assert } from "../../../base/index.ts";
import type { Inflights } from "./inflights.ts";

export type ProgressState = "probe" | "replicate" | "snapshot";

export class Progress {
  /** Highest index known to be on the follower. */
  match: number;
  /** Next index to send. Invariant: match < next. */
  next: number;
  /** Highest commit index sent, so that an empty append is sent only for news. */
  sentCommit = 0;
  state: ProgressState = "probe";
  /** Index of the snapshot under way, in state "snapshot". */
  pendingSnapshot = 0;
  /** Heard of in this election timeout; read and cleared by check-quorum. */
  recentActive = false;
  /** No more appends until an answer or a heartbeat answer. */
  appendPaused = false;
  inflights: Inflights;
  isLearner: boolean;

  constructor(match: number, next: number, inflights: Inflights, isLearner: boolean) {
    this.match = match;
    this.next = next;
    this.inflights = inflights;
    this.isLearner = isLearner;
  }

  #resetState(state: ProgressState): void {
    this.appendPaused = false;
    this.pendingSnapshot = 0;
    this.state = state;
    this.inflights.reset();
  }

  becomeProbe(): void {
    // After a snapshot the follower has at least that, even if its answer is still under way.
    if (this.state === "snapshot") {
      const { pendingSnapshot } = this;
      this.#resetState("probe");
      this.next = Math.max(this.match + 1, pendingSnapshot + 1);
    } else {
      this.#resetState("probe");
      this.next = this.match + 1;
    }
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
  }

  becomeReplicate(): void {
    this.#resetState("replicate");
    this.next = this.match + 1;
  }

  becomeSnapshot(index: number): void {
    this.#resetState("snapshot");
    this.pendingSnapshot = index;
    this.next = index + 1;
    this.sentCommit = index;
  }

  /** After an append with that many entries was made. */
  sentEntries(entries: number, bytes: number): void {
    if (this.state === "replicate") {
      if (entries > 0) {
        this.next += entries;
        this.inflights.add(this.next - 1, bytes);
      }
      this.appendPaused = this.inflights.full();
      return;
    }
    assert(this.state === "probe", "no append is sent while a snapshot is under way");
    if (entries > 0) this.appendPaused = true;
  }

  canBumpCommit(index: number): boolean {
    return index > this.sentCommit && this.sentCommit < this.next - 1;
  }

  maybeUpdate(index: number): boolean {
    if (index <= this.match) return false;
    this.match = index;
    this.next = Math.max(this.next, index + 1);
    this.appendPaused = false;
    return true;
  }

  /** Answers a refused append. False: the answer is older than what is known. */
  maybeDecrTo(rejected: number, matchHint: number): boolean {
    if (this.state === "replicate") {
      if (rejected <= this.match) return false;
      this.next = this.match + 1;
      this.sentCommit = Math.min(this.sentCommit, this.next - 1);
      return true;
    }
    if (this.next - 1 !== rejected) return false;
    this.next = Math.max(Math.min(rejected, matchHint + 1), this.match + 1);
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
    this.appendPaused = false;
    return true;
  }

  isPaused(): boolean {
    return this.state === "snapshot" || this.appendPaused;
  }

  clone(): Progress {
    const copy = new Progress(this.match, this.next, this.inflights.clone(), this.isLearner);
    return Object.assign(copy, {
      sentCommit: this.sentCommit,
      state: this.state,
      pendingSnapshot: this.pendingSnapshot,
      recentActive: this.recentActive,
      appendPaused: this.appendPaused,
    });
  }
}
