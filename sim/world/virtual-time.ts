/** One queue of events in virtual time: everything of a test cluster happens in it, one event after the other. */
interface Event {
  atMs: number;
  readonly order: number;
  /** Whose input it is: the number of a node, 0 for nobody in particular. */
  readonly owner: number;
  readonly run: () => void;
}

const FNV_PRIME = 0x01000193;
const FNV_START = 0x811c9dc5;

export class VirtualTime {
  /** A binary heap, the next event first. */
  private readonly heap: Event[] = [];
  private order = 0;
  private now = 0;
  /** How many events ran. */
  events = 0;
  private high: number = FNV_START;
  private low = 0x2545f491;
  private readonly holds: Map<number, number> = new Map();
  /** Holds back the events of an owner until then: a paused process. */
  heldUntilMs: ((owner: number) => number) | undefined;
  /** Called after each event. */
  onEvent: ((owner: number) => void) | undefined;

  nowMs(): number {
    return this.now;
  }

  /** A hash of everything that happened so far; two runs of one seed have the same. */
  get trace(): string {
    return hex(this.high) + hex(this.low);
  }

  mix(value: number): void {
    this.high = Math.imul(this.high ^ value, FNV_PRIME);
    this.low = (Math.imul(this.low, 0x343fd) + value + (this.high >>> 16)) | 0;
  }

  after(delayMs: number, run: () => void, owner = 0): void {
    this.push({ atMs: this.now + delayMs, order: this.order++, owner, run });
  }

  /** Runs what is due within the next milliseconds; time moves on even when nothing is. */
  advance(durationMs: number): void {
    const untilMs = this.now + durationMs;
    while (this.step(untilMs));
    this.now = untilMs;
  }

  /** Runs the next event that is due until then. False: there is none. */
  step(untilMs: number): boolean {
    const next = this.heap[0];
    if (next === undefined || next.atMs > untilMs) return false;
    this.pop();
    const heldMs = next.owner === 0 ? 0 : this.holdOf(next.owner);
    if (heldMs > next.atMs) {
      next.atMs = heldMs;
      this.push(next);
      return true;
    }
    this.now = next.atMs;
    this.events++;
    this.mix((next.atMs * 64) | 0);
    this.mix(next.owner);
    next.run();
    this.onEvent?.(next.owner);
    return true;
  }

  /** What was put off once stays so: else later events would overtake it. */
  private holdOf(owner: number): number {
    const heldMs = Math.max(this.heldUntilMs?.(owner) ?? 0, this.holds.get(owner) ?? 0);
    if (heldMs > this.now) this.holds.set(owner, heldMs);
    return heldMs;
  }

  private push(event: Event): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Event;
      if (!isBefore(event, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = event;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Event, heap[below] as Event))
        below++;
      const child = heap[below] as Event;
      if (!isBefore(child, last)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
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
