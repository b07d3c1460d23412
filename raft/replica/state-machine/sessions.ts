/**
 * What makes a retried write count once: for each session the last write and its answer. The answer
 * is kept as a value, not as bytes, so that a snapshot can write it at the version of the day.
 */
import { assert } from "../../../base/index.ts";
import { type DigestSum, type Hash64, hashElement } from "./digest.ts";

const ELEMENT_SESSION = 2;

export type WriteStatus = "ok" | "notFound" | "mismatch" | "staleSequence" | "unknownSession";

const STATUS_NUMBERS: Readonly<Record<WriteStatus, number>> = {
  ok: 0,
  notFound: 2,
  mismatch: 3,
  staleSequence: 5,
  unknownSession: 6,
};

export interface WriteAnswer {
  readonly status: WriteStatus;
  /** Where the write stands in the log. */
  readonly index: number;
}

export interface Session {
  /** Index of the entry that opened it. */
  readonly id: number;
  readonly sequence: number;
  readonly answer: WriteAnswer;
}

interface HashedSession extends Session {
  readonly hash: Hash64;
}

export class Sessions {
  /** In the order of their last write: the first one is the first to be forgotten. */
  private readonly sessions: Map<number, HashedSession> = new Map();
  private readonly digest: DigestSum;

  constructor(digest: DigestSum) {
    this.digest = digest;
  }

  get size(): number {
    return this.sessions.size;
  }

  get(id: number): Session | undefined {
    return this.sessions.get(id);
  }

  /** False: there was none. */
  close(id: number): boolean {
    const isThere = this.sessions.has(id);
    if (isThere) this.forget(id);
    return isThere;
  }

  /** Keeps the newest answer; above the limit, the session that was silent longest is forgotten. */
  set(session: Session, sessionsMax: number): void {
    this.forget(session.id);
    const hash = hashSession(session);
    const { id, sequence, answer } = session;
    this.sessions.set(id, { id, sequence, answer, hash });
    this.digest.add(hash);
    while (this.sessions.size > sessionsMax) {
      const [oldest] = this.sessions.keys();
      assert(oldest !== undefined, "a map that is too large has a first key");
      this.forget(oldest);
    }
  }

  /** In the order of their last write, which a snapshot has to keep. */
  all(): readonly Session[] {
    return [...this.sessions.values()];
  }

  private forget(id: number): void {
    const old = this.sessions.get(id);
    if (!old) return;
    this.digest.remove(old.hash);
    this.sessions.delete(id);
  }
}

function hashSession({ id, sequence, answer }: Session): Hash64 {
  const numbers = [id, sequence, STATUS_NUMBERS[answer.status], answer.index];
  return hashElement(ELEMENT_SESSION, numbers, []);
}
