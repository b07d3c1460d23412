/**
 * A newer term that a node learned from the refusal of a pre-vote, of which the model does not know: the
 * node is told to be in its old term until the first message of the newer one reaches it.
 */
import type { TraceEvent } from "./trace-event.ts";

interface Mask {
  readonly term: number;
  readonly vote: string;
  /** The term it is really in. */
  readonly learned: number;
}

export class LearnedTerms {
  readonly #masks = new Map<string, Mask>();

  /** The event as it is to be told. `before` is the node's last one. */
  tell(event: TraceEvent, before: TraceEvent | undefined): readonly TraceEvent[] {
    const { nid, name, state } = event;
    const mask = this.#masks.get(nid);
    if (before !== undefined && isLearned(event, before)) {
      const { term, vote } = mask ?? before.state;
      this.#masks.set(nid, { term, vote, learned: state.term });
      return [];
    }
    if (mask === undefined) return [event];
    const isHeard = event.msg !== undefined && event.msg.term >= mask.learned;
    if ((name.startsWith("Receive") && isHeard) || state.term > mask.learned)
      this.#masks.delete(nid);
    if (state.term > mask.learned) return [...missedElections(event, mask), event];
    const { term, vote } = mask;
    return [{ ...event, state: { ...state, term, vote } }];
  }
}

/** In the model a node gets to a later term by itself only through the elections between. */
function missedElections(event: TraceEvent, { term, learned }: Mask): readonly TraceEvent[] {
  if (event.name !== "BecomeCandidate") return [];
  return Array.from({ length: learned - term }, (_, place) => ({
    ...event,
    state: { ...event.state, term: term + 1 + place },
  }));
}

/** No message brought the newer term. */
function isLearned({ name, state }: TraceEvent, before: TraceEvent): boolean {
  if (name !== "BecomeFollower" || state.term <= before.state.term) return false;
  return !before.name.startsWith("Receive") || before.msg?.term !== state.term;
}
