/**
 * A run in the words of etcd's specification. Its model of Raft has no pre-votes and no lease of the
 * leader, which our releases have from their first version on; both only keep elections from happening,
 * so what the core tells of them is put as the model would see it:
 * - who asks for pre-votes is still what it was, and becomes a follower again without an event;
 * - a request for a vote that is not even looked at, because a leader was heard of, never arrived;
 * - the answer to a leader of an older term is a refusal. The core gives it without content;
 * - a newer term that comes with the refusal of a pre-vote comes with the next message.
 */
import { LearnedTerms } from "./learned-terms.ts";
import { readTraceLine, type TraceEvent, type TraceMessage } from "./trace-event.ts";

const FOLLOWER = "StateFollower";
const CANDIDATE = "StateCandidate";
const PRE_CANDIDATE = "StatePreCandidate";

/** Lines of all nodes in the order of the run, as the trace port gives them. */
export function asModelTrace(lines: readonly string[]): readonly string[] {
  const events = lines.map(readTraceLine);
  const next = nextOfSameNode(events);
  const last = new Map<string, TraceEvent>();
  const refusals = new Set<string>();
  const learned = new LearnedTerms();
  return events.flatMap((event, place) => {
    const before = last.get(event.nid);
    const role = roleOf(event, before);
    last.set(event.nid, { ...event, role });
    if (isUnseenVoteRequest(event, next[place]) || isReturnFromPreVote(event, before)) return [];
    if (isAnswerToOldTerm(event, before)) refusals.add(nameOf(event.msg));
    const told = learned.tell({ ...event, role, ...messageOf(event, refusals) }, before);
    return told === undefined ? [] : [`${JSON.stringify({ tag: "trace", event: told })}\n`];
  });
}

function nextOfSameNode(events: readonly TraceEvent[]): readonly (TraceEvent | undefined)[] {
  const next: (TraceEvent | undefined)[] = [];
  const following = new Map<string, TraceEvent>();
  for (let place = events.length - 1; place >= 0; place--) {
    const event = events[place] as TraceEvent;
    next[place] = following.get(event.nid);
    following.set(event.nid, event);
  }
  return next;
}

/** A newer term would have made a follower of it at once. */
function isUnseenVoteRequest(
  { name, msg, state }: TraceEvent,
  next: TraceEvent | undefined,
): boolean {
  if (name !== "ReceiveRequestVoteRequest" || !msg || msg.term <= state.term) return false;
  return next?.name !== "BecomeFollower" || next.state.term !== msg.term;
}

function isReturnFromPreVote({ name, state }: TraceEvent, before: TraceEvent | undefined): boolean {
  if (name !== "BecomeFollower" || before === undefined) return false;
  return state.term === before.state.term && before.role === FOLLOWER;
}

/** A candidate that nobody elected asks for pre-votes next; the model sees it wait. */
function roleOf({ role, state }: TraceEvent, before: TraceEvent | undefined): string {
  if (role !== PRE_CANDIDATE) return role;
  const isWaiting = before?.role === CANDIDATE && before.state.term === state.term;
  return isWaiting ? CANDIDATE : FOLLOWER;
}

type Answer = TraceEvent & { readonly msg: TraceMessage };

function isAnswerToOldTerm(event: TraceEvent, before: TraceEvent | undefined): event is Answer {
  return (
    event.name === "SendAppendEntriesResponse" &&
    event.msg !== undefined &&
    isEmpty(event.msg) &&
    before?.name === "ReceiveAppendEntriesRequest" &&
    before.msg !== undefined &&
    before.msg.term < before.state.term
  );
}

function isEmpty({ type, index, reject }: TraceMessage): boolean {
  return type === "MsgAppResp" && index === 0 && !reject;
}

function nameOf({ from, to, term }: TraceMessage): string {
  return `${from} ${to} ${term}`;
}

function messageOf(
  { msg }: TraceEvent,
  refusals: ReadonlySet<string>,
): { readonly msg?: TraceMessage } {
  if (msg === undefined || !isEmpty(msg) || !refusals.has(nameOf(msg))) return {};
  return { msg: { ...msg, reject: true } };
}
