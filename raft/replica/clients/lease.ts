/**
 * How long a leader may answer reads without asking (§6.4.1 of the Raft thesis): whoever confirmed it
 * votes for nobody else within an election timeout. The lease begins when the question was asked, lasts half of
 * that timeout, and is measured by the clock and by ticks, of which the stricter one counts: a pause
 * stops the ticks, a clock that is set back stops the clock.
 *
 * It assumes that no other clock runs twice as fast, and that a voter is not back from a restart
 * within half an election timeout.
 */
import { type Node, readsByLease, rulesNow } from "../node.ts";

interface Held {
  readonly term: number;
  readonly untilMs: number;
  readonly untilTick: number;
}

/** When a question was asked. */
export interface Moment {
  readonly term: number;
  readonly ms: number;
  readonly tick: number;
}

export class Lease {
  private readonly node: Node;
  private held: Held | undefined;
  private ticks = 0;

  constructor(node: Node) {
    this.node = node;
  }

  onTick(): void {
    this.ticks++;
  }

  now(): Moment {
    const { term } = this.node.core.basicStatus();
    return { term, ms: this.node.ports.clock.nowMs(), tick: this.ticks };
  }

  /** A quorum confirmed what was asked then. */
  begin({ term, ms, tick }: Moment): void {
    const ticks = rulesNow(this.node).electionTicks / 2;
    const untilMs = ms + ticks * this.node.options.tickMs;
    this.held = { term, untilMs, untilTick: tick + ticks };
  }

  /** Of the members that confirmed it, not all may have a vote any more. */
  end(): void {
    this.held = undefined;
  }

  get isHeld(): boolean {
    const { node, held } = this;
    if (held === undefined || !readsByLease(node.state.activeVersion, node.options)) return false;
    const { raftState, term } = node.core.basicStatus();
    if (raftState !== "leader" || held.term !== term) return false;
    // Whoever was told to take over waits for no timeout, however late it hears of it.
    if (node.offeredTerm === term) return false;
    return node.ports.clock.nowMs() < held.untilMs && this.ticks < held.untilTick;
  }
}
