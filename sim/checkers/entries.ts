/**
 * The calls and returns of a part in the order of time, as a doubly linked list: what has its place is
 * lifted out and put back in the reverse order.
 */
import type { Operation } from "./history.ts";

export interface Entry {
  /** Position among all calls and returns of the part. */
  readonly position: number;
  /** Index of the operation. */
  readonly operation: number;
  readonly isCall: boolean;
  /** The return of a call, or the call of a return. Absent for an unknown outcome. */
  match: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

export interface Entries {
  /** Stands before those with an answer; never chosen and never lifted. */
  readonly head: Entry;
  /** Calls with unknown outcome, as they were made. */
  readonly doubtful: readonly Entry[];
}

interface Moment {
  readonly at: number;
  readonly operation: number;
  readonly isCall: boolean;
}

/** At equal stamps calls come first: then the two overlap, which only allows more orders. */
export function entriesOf(operations: readonly Operation<unknown, unknown>[]): Entries {
  const moments = operations
    .flatMap(({ calledAt, outcome }, operation): Moment[] => {
      const call = { at: calledAt, operation, isCall: true };
      return outcome === undefined ? [call] : [call, { at: outcome.at, operation, isCall: false }];
    })
    .sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall));
  const head = entryOf(-1, { operation: -1, isCall: false });
  const doubtful: Entry[] = [];
  const calls: Entry[] = [];
  let last = head;
  for (const [position, moment] of moments.entries()) {
    const entry = entryOf(position, moment);
    if (operations[moment.operation]?.outcome === undefined) {
      doubtful.push(entry);
      continue;
    }
    if (moment.isCall) calls[moment.operation] = entry;
    else pair(calls[moment.operation] as Entry, entry);
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return { head, doubtful };
}

function entryOf(position: number, { operation, isCall }: Omit<Moment, "at">): Entry {
  return { position, operation, isCall, match: undefined, previous: undefined, next: undefined };
}

function pair(call: Entry, answer: Entry): void {
  call.match = answer;
  answer.match = call;
}

export function unlink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry.next;
  if (entry.next !== undefined) entry.next.previous = entry.previous;
}

/** Undoes `unlink`; correct only in the reverse order of unlinking. */
export function relink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
}
