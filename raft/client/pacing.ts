/** Pauses between the attempts of one operation, so that a cluster without a leader is not asked without end. */
const PAUSE_MIN_MS = 10;
const PAUSE_MAX_MS = 160;
/** Two servers may each take the other for the leader. */
const REDIRECTS_AT_ONCE_MAX = 2;

export class Pacing {
  readonly #deadline: number;
  #pauseMs: number = PAUSE_MIN_MS;
  #redirects = 0;

  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  /** A redirect is followed at once, the first times. */
  async next(isRedirected: boolean): Promise<void> {
    this.#redirects = isRedirected ? this.#redirects + 1 : 0;
    if (isRedirected && this.#redirects <= REDIRECTS_AT_ONCE_MAX) return;
    const leftMs = this.#deadline - performance.now();
    const waitMs = Math.min(this.#pauseMs * (0.5 + Math.random()), leftMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MAX_MS);
    if (waitMs > 0) await new Promise((wake) => setTimeout(wake, waitMs));
  }
}
