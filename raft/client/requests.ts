/**
 * Requests under way on one connection. A session has one at a time, so its number names it; what is
 * outside a session is named by its own number. One timer watches over all of them.
 */
import type { ClientRequest, ClientResponse } from "../wire/index.ts";

interface Waiting {
  readonly sequence: number;
  readonly timeoutMs: number;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (response: ClientResponse) => void;
  readonly reject: (error: Error) => void;
}

export class Requests {
  readonly #onTimeout: (timeoutMs: number) => void;
  readonly #bySession: Map<number, Waiting> = new Map();
  readonly #byNumber: Map<number, Waiting> = new Map();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer comes. Invariant: never after the first deadline of those that wait. */
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(onTimeout: (timeoutMs: number) => void) {
    this.#onTimeout = onTimeout;
  }

  add({ session, sequence }: ClientRequest, timeoutMs: number): Promise<ClientResponse> {
    const deadline = performance.now() + timeoutMs;
    if (deadline < this.#wakesAt) this.#wakeAt(deadline, timeoutMs);
    return new Promise((resolve, reject) => {
      const waiting = { sequence, timeoutMs, deadline, resolve, reject };
      if (session === 0) this.#byNumber.set(sequence, waiting);
      else this.#bySession.set(session, waiting);
    });
  }

  /** False: nobody asked for it. */
  settle(response: ClientResponse): boolean {
    const { session, sequence } = response;
    const own = this.#bySession.get(session);
    if (own?.sequence === sequence) {
      this.#bySession.delete(session);
      own.resolve(response);
      return true;
    }
    // The answer to a request outside a session may name the session that it opened or closed.
    const outside = this.#byNumber.get(sequence);
    this.#byNumber.delete(sequence);
    outside?.resolve(response);
    return outside !== undefined;
  }

  rejectAll(error: Error): void {
    clearTimeout(this.#timer);
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const waiting = [...this.#bySession.values(), ...this.#byNumber.values()];
    this.#bySession.clear();
    this.#byNumber.clear();
    for (const { reject } of waiting) reject(error);
  }

  #wakeAt(deadline: number, afterMs: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = deadline;
    this.#timer = setTimeout(() => this.#onTimer(), afterMs);
  }

  #onTimer(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    let first: Waiting | undefined;
    for (const waiting of [...this.#bySession.values(), ...this.#byNumber.values()])
      if (first === undefined || waiting.deadline < first.deadline) first = waiting;
    if (first === undefined) return;
    // Timers may be early by a moment.
    if (first.deadline <= nowMs + 1) this.#onTimeout(first.timeoutMs);
    else this.#wakeAt(first.deadline, first.deadline - nowMs);
  }
}
