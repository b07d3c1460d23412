/**
 * The replicated state: pairs, sessions, members, the active version. Every rule in here follows the
 * active version, never the release, or two releases would come to different states (law 5).
 */
import { assert } from "../../../base/index.ts";
import type { ConfState } from "../../core/index.ts";
import type { Command } from "../../wire/index.ts";
import type { MemberAddress } from "../ports.ts";
import { DIGEST_VERSION, DigestSum, type Hash64, hashElement, hexOf } from "./digest.ts";
import { equalBytes, KeyValues } from "./key-values.ts";
import { changeMembers, type Membership, NOBODY } from "./membership.ts";
import { Sessions, type WriteAnswer, type WriteStatus } from "./sessions.ts";

const ELEMENT_VERSION = 3;
const DIGESTS_KEPT = 4096;

export interface AppliedWrite {
  /** The one it was given, or the one it opened. */
  readonly session: number;
  readonly sequence: number;
  readonly answer: WriteAnswer;
}

export class StateMachine {
  private readonly sum: DigestSum = new DigestSum();
  readonly pairs: KeyValues = new KeyValues(this.sum);
  readonly sessions: Sessions = new Sessions(this.sum);
  membership: Membership = NOBODY;
  activeVersion: number;
  appliedIndex = 0;
  appliedTerm = 0;
  /** Digest after each of the last entries, by index modulo its length. */
  private readonly digests: { index: number; value: Hash64 }[] = [];
  private versionHash: { readonly version: number; readonly hash: Hash64 } | undefined;

  constructor(activeVersion: number) {
    this.activeVersion = activeVersion;
  }

  /** Every entry ends here, whatever it did: the digest belongs to the position. */
  finishEntry(index: number, term: number): void {
    assert(index > this.appliedIndex, "entries are applied once, in order");
    this.finishSnapshot(index, term);
  }

  finishSnapshot(index: number, term: number): void {
    this.appliedIndex = index;
    this.appliedTerm = term;
    this.digests[index % DIGESTS_KEPT] = { index, value: this.sumNow() };
  }

  /**
   * A write that was applied before is answered again, not done again. What is written stays a view
   * into the command's bytes, which belong to its entry alone.
   */
  applyCommand(command: Command, index: number, sessionsMax: number): AppliedWrite {
    const { session: id, sequence, op } = command;
    if (op === undefined) return { session: id, sequence, answer: { status: "ok", index } };
    if (op.case === "openSession") {
      const answer: WriteAnswer = { status: "ok", index };
      this.sessions.set({ id: index, sequence: 0, answer }, sessionsMax);
      return { session: index, sequence, answer };
    }
    const session = this.sessions.get(id);
    if (!session) return { session: id, sequence, answer: { status: "unknownSession", index } };
    if (sequence === session.sequence) return { session: id, sequence, answer: session.answer };
    if (sequence < session.sequence)
      return { session: id, sequence, answer: { status: "staleSequence", index } };
    const answer: WriteAnswer = { status: this.applyWrite(op), index };
    this.sessions.set({ id, sequence, answer }, sessionsMax);
    return { session: id, sequence, answer };
  }

  /** What was kept for retries of the session goes. */
  closeSession(id: number, index: number): AppliedWrite {
    const status = this.sessions.close(id) ? "ok" : "unknownSession";
    return { session: id, sequence: 0, answer: { status, index } };
  }

  applyMembership(confState: ConfState, added: readonly MemberAddress[]): void {
    this.membership = changeMembers(this.membership, confState, added);
  }

  /** 16 hex digits over pairs, sessions and the active version, at the applied index. */
  digest(): string {
    return hexOf(this.sumNow());
  }

  /** The same as two numbers of 32 bits. */
  digestNumbers(): Hash64 {
    return this.sumNow();
  }

  digestAt(index: number): string | undefined {
    const kept = this.digests[index % DIGESTS_KEPT];
    return kept?.index === index ? hexOf(kept.value) : undefined;
  }

  private sumNow(): Hash64 {
    const version = this.activeVersion;
    if (this.versionHash?.version !== version) {
      const hash = hashElement(ELEMENT_VERSION, [version, DIGEST_VERSION], []);
      this.versionHash = { version, hash };
    }
    return this.sum.with(this.versionHash.hash);
  }

  private applyWrite(op: WriteOperation): WriteStatus {
    switch (op.case) {
      case "put":
        this.pairs.set(op.value.key, op.value.value);
        return "ok";
      case "append":
        this.pairs.set(op.value.key, joined(this.pairs.get(op.value.key), op.value.value));
        return "ok";
      case "delete":
        return this.pairs.delete(op.value.key) ? "ok" : "notFound";
      case "compareAndSwap":
        return this.compareAndSwap(op.value);
    }
  }

  private compareAndSwap({ key, expected, value }: Swap): WriteStatus {
    const now = this.pairs.get(key);
    const isExpected =
      now === undefined || expected === undefined ? now === expected : equalBytes(now, expected);
    if (!isExpected) return "mismatch";
    this.pairs.set(key, value);
    return "ok";
  }
}

type WriteOperation = Exclude<NonNullable<Command["op"]>, { case: "openSession" }>;
type Swap = Extract<WriteOperation, { case: "compareAndSwap" }>["value"];

function joined(start: Uint8Array | undefined, end: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((start?.length ?? 0) + end.length);
  bytes.set(start ?? []);
  bytes.set(end, start?.length ?? 0);
  return bytes;
}
