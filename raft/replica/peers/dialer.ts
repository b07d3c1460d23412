/** When to connect to which member: at once at first, then with growing pauses, spread by chance. */
import type { Chance } from "../ports.ts";

const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 2_000;

interface Attempts {
  pauseMs: number;
  notBeforeMs: number;
}

export class Dialer {
  private readonly attempts: Map<number, Attempts> = new Map();
  private readonly chance: Chance;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  isDue(id: number, nowMs: number): boolean {
    return nowMs >= (this.attempts.get(id)?.notBeforeMs ?? 0);
  }

  onFailure(id: number, nowMs: number): void {
    const pauseMs = Math.min(this.attempts.get(id)?.pauseMs ?? PAUSE_FIRST_MS, PAUSE_MAX_MS);
    const spreadMs = this.chance.uint32() % pauseMs;
    this.attempts.set(id, { pauseMs: pauseMs * 2, notBeforeMs: nowMs + pauseMs / 2 + spreadMs });
  }

  onSuccess(id: number): void {
    this.attempts.delete(id);
  }
}
