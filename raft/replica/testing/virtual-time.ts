/** One queue of events in virtual time: everything of a test cluster happens in it, one event after the other. */
interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime {
  private events: Event[] = [];
  private order = 0;
  private now = 0;

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, run: () => void): void {
    const event = { atMs: this.now + delayMs, order: this.order++, run };
    const later = this.events.findIndex(({ atMs }) => atMs > event.atMs);
    this.events.splice(later < 0 ? this.events.length : later, 0, event);
  }

  /** Runs what is due within the next milliseconds; time moves on even when nothing is. */
  advance(durationMs: number): void {
    const until = this.now + durationMs;
    for (let next = this.events[0]; next && next.atMs <= until; next = this.events[0]) {
      this.events.shift();
      this.now = next.atMs;
      next.run();
    }
    this.now = until;
  }
}

/** Uniform 32-bit integers from a seed (mulberry32): the same seed is the same run. */
export class SeededChance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  uint32(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  below(bound: number): number {
    return this.uint32() % bound;
  }
}
