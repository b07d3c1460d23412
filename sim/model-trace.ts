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
  const next = followers(events);
  const last = new Map<string, TraceEvent>();
  const refusals = new Set<string>();
  const learned = new LearnedTerms();
  return events.flatMap((event) => {
    const before = last.get(event.nid);
    if (isUnseenVoteRequest(event, next)) return [];
    const role = roleOf(event, before);
    last.set(event.nid, { ...event, role });
    if (isReturnFromPreVote(event, before)) return [];
    if (isAnswerToOldTerm(event, before)) refusals.add(nameOf(event.msg));
    return learned
      .tell({ ...event, role, ...messageOf(event, refusals) }, before)
      .map((told) => `${JSON.stringify({ tag: "trace", event: told })}\n`);
  });
}

/** For each event the next one of its node. */
function followers(events: readonly TraceEvent[]): ReadonlyMap<TraceEvent, TraceEvent> {
  const next = new Map<TraceEvent, TraceEvent>();
  const last = new Map<string, TraceEvent>();
  for (const event of events) {
    const before = last.get(event.nid);
    if (before !== undefined) next.set(before, event);
    last.set(event.nid, event);
  }
  return next;
}

/** A newer term would have made a follower of it and been answered, at once. */
function isUnseenVoteRequest(
  event: TraceEvent,
  next: ReadonlyMap<TraceEvent, TraceEvent>,
): boolean {
  const { name, msg, state } = event;
  if (name !== "ReceiveRequestVoteRequest" || !msg || msg.term <= state.term) return false;
  const follows = next.get(event);
  const answer = follows && next.get(follows);
  const isAnswered = answer?.name === "SendRequestVoteResponse" && answer.msg?.to === msg.from;
  return follows?.name !== "BecomeFollower" || !isAnswered;
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
