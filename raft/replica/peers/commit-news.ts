/**
 * Appends without entries, which tell a follower nothing but a commit index. Under load the next
 * append tells it too, so such news waits for that one, and until the next tick at most: for each
 * batch of writes a frame, two wake-ups and a Ready less at every follower.
 */
import type { Message } from "../../core/index.ts";

export class CommitNews {
  /** Where the last append with entries to each follower ended. */
  private readonly sent: Map<number, { readonly term: number; readonly index: number }> = new Map();
  private readonly held: Map<number, Message> = new Map();

  /** To be asked of every message, in their order. False: it is to be sent now. */
  holds(message: Message): boolean {
    if (message.type !== "MsgApp") return false;
    const { to, term, index, entries } = message;
    // Whatever this one is, it knows at least as much.
    this.held.delete(to);
    const last = entries.at(-1);
    if (last !== undefined) {
      this.sent.set(to, { term, index: last.index });
      return false;
    }
    const sent = this.sent.get(to);
    // Behind any other position it asks whether the logs match there.
    if (sent?.term !== term || sent.index !== index) return false;
    this.held.set(to, message);
    return true;
  }

  /** What waits, to be sent now; that of an earlier term is nobody's any more. */
  release(term: number): readonly Message[] {
    const held = [...this.held.values()];
    this.held.clear();
    return held.filter((message) => message.term === term);
  }
}
