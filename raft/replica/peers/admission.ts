/**
 * Whose frames are taken. Members' always; but a follower that lags may not know the member that
 * leads now, and would never learn of it if it did not listen. So while it hears of no leader it
 * listens to strangers too, and goes on listening to the one it follows; with another leader they
 * could only disturb (§4.1 and §4.2.3 of the Raft thesis).
 */
import { FrameKind } from "../../wire/index.ts";
import { type Node, rulesNow } from "../node.ts";

/** Only an elected leader sends these. */
const OF_LEADERS: ReadonlySet<number> = new Set([
  FrameKind.appendRequest,
  FrameKind.heartbeat,
  FrameKind.snapshotChunk,
]);

/**
 * While nobody leads these are taken of whoever left, too: it may have come back. Each connection
 * begins with a status, which must not end it; and it may be the only one who can win an election.
 */
const OF_ANYBODY: ReadonlySet<number> = new Set([
  ...OF_LEADERS,
  FrameKind.nodeStatus,
  FrameKind.voteRequest,
]);

export class Admission {
  private readonly node: Node;
  /** Members that left. They may have come back since, which a follower that lags knows last. */
  private readonly departed: Set<number> = new Set();
  /** When each node last spoke as a leader. */
  private readonly ledMs: Map<number, number> = new Map();

  constructor(node: Node) {
    this.node = node;
  }

  onMembers(before: ReadonlyMap<number, unknown>): void {
    const { addresses } = this.node.state.membership;
    for (const id of before.keys()) if (!addresses.has(id)) this.departed.add(id);
    for (const id of addresses.keys()) this.departed.delete(id);
  }

  /** To be asked of every frame of a peer, because it remembers who leads. */
  admits(sender: number, kind: number): boolean {
    const isWelcome = this.isWelcome(sender, kind);
    if (isWelcome && OF_LEADERS.has(kind)) this.ledMs.set(sender, this.node.ports.clock.nowMs());
    return isWelcome;
  }

  private isWelcome(sender: number, kind: number): boolean {
    const { addresses } = this.node.state.membership;
    if (addresses.has(sender) || addresses.size === 0) return true;
    const { lead } = this.node.core.status();
    if (lead === sender) return true;
    if (lead !== 0 && !this.isSilent(lead)) return false;
    return OF_ANYBODY.has(kind) || !this.departed.has(sender);
  }

  /** A learner keeps a leader that is gone, because it never campaigns. */
  private isSilent(lead: number): boolean {
    const { options, ports } = this.node;
    if (lead === options.nodeId) return false;
    const patienceMs = 2 * rulesNow(this.node).electionTicks * options.tickMs;
    return ports.clock.nowMs() - (this.ledMs.get(lead) ?? 0) > patienceMs;
  }
}
