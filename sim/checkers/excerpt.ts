/**
 * Makes a violation readable. Both reductions keep the proof: what is left is still impossible, and
 * it would be possible if the whole were.
 * 1. The shortest beginning that is already wrong: operations that returned later become unknown,
 *    those called later go. More future can never repair a history.
 * 2. Operations without effect and writes that nobody noticed go, many at once and then fewer, while
 *    the rest stays wrong. Other writes stay, because a read of a value nobody wrote would be wrong
 *    for another reason.
 */
import type { Model, Operation, State } from "./history.ts";
import { Search } from "./search.ts";

const LINES_MAX = 24;
/** An excerpt is a courtesy: when the search is hard, a longer one must do. */
const STEPS_MAX = 400_000;
const STEPS_PER_TRIAL_MAX = 40_000;

/** One operation of the window that has no valid order. */
export interface WindowOperation {
  readonly client: number;
  readonly text: string;
  readonly calledAt: number;
  /** Absent: its outcome is unknown, or it came after the end of the window. */
  readonly endedAt: number | undefined;
  /** Its place in the longest order that was found; absent: it found none. */
  readonly place: number | undefined;
}

/** What is left when both reductions are done, in the order of the calls. */
export function offendingWindow<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  operations: readonly Operation<Input, Output>[],
): readonly WindowOperation[] {
  let stepsLeft = STEPS_MAX;
  const isBad = (candidate: readonly Operation<Input, Output>[]): boolean => {
    if (stepsLeft <= 0) return false;
    const search = new Search(model, candidate);
    stepsLeft -= candidate.length;
    if (search.verdict === "running") stepsLeft -= search.advance(STEPS_PER_TRIAL_MAX);
    return search.verdict === "bad";
  };
  const beginning = shortestBadBeginning(operations, isBad);
  return describeWindow(model, withoutBystanders(model, beginning, isBad));
}

/** The window as text, its end when it is long. */
export function excerptOf(window: readonly WindowOperation[]): readonly string[] {
  const lines = window.map(({ client, text, calledAt, endedAt, place }) => {
    const order = place === undefined ? "   <- no place found" : `   (${place})`;
    return `[${calledAt} … ${endedAt ?? "?"}] client ${client}: ${text}${order}`;
  });
  const dropped = lines.length - LINES_MAX;
  return dropped <= 0 ? lines : [`… ${dropped} earlier operations`, ...lines.slice(dropped)];
}

/** Binary search over the returns: being wrong is monotone in time. Without budget the whole is kept. */
function shortestBadBeginning<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  isBad: (candidate: readonly Operation<Input, Output>[]) => boolean,
): readonly Operation<Input, Output>[] {
  const returns = operations
    .flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome.at]))
    .sort((a, b) => a - b);
  let low = 0;
  let high = returns.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBad(until(operations, returns[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  return until(operations, returns[high] ?? 0);
}

function until<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  end: number,
): readonly Operation<Input, Output>[] {
  return operations
    .filter(({ calledAt }) => calledAt <= end)
    .map((operation) => {
      if (operation.outcome === undefined || operation.outcome.at <= end) return operation;
      const { client, input, calledAt } = operation;
      return { client, input, calledAt };
    });
}

/** Until nothing more can go: without a read, a write may be one that nobody noticed. */
function withoutBystanders<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  isBad: (candidate: readonly Operation<Input, Output>[]) => boolean,
): readonly Operation<Input, Output>[] {
  const unnoticed = model.foresee?.(operations).unnoticed ?? [];
  const bystanders = operations.filter(({ input, outcome }, index) => {
    if (unnoticed[index]) return true;
    return outcome ? model.isEffectless(input, outcome.output) : model.isRead(input);
  });
  const kept = withoutAny(operations, bystanders, isBad);
  return kept.length < operations.length ? withoutBystanders(model, kept, isBad) : kept;
}

/** Tries to do without all of them, then without each half, and so on. */
function withoutAny<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  some: readonly Operation<Input, Output>[],
  isBad: (candidate: readonly Operation<Input, Output>[]) => boolean,
): readonly Operation<Input, Output>[] {
  if (some.length === 0) return operations;
  const dropped = new Set(some);
  const fewer = operations.filter((each) => !dropped.has(each));
  if (isBad(fewer)) return fewer;
  if (some.length === 1) return operations;
  const middle = some.length >>> 1;
  const first = withoutAny(operations, some.slice(0, middle), isBad);
  return withoutAny(first, some.slice(middle), isBad);
}

function describeWindow<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  operations: readonly Operation<Input, Output>[],
): readonly WindowOperation[] {
  // Without foresight: the order is to show how far one gets, not that it ends badly.
  const { foresee: _, ...plain } = model;
  const search = new Search(plain, operations);
  search.advance(STEPS_PER_TRIAL_MAX);
  const places = new Map(search.longest.map((operation, index) => [operation, index + 1]));
  return operations
    .map(({ client, input, calledAt, outcome }, index) => ({
      client,
      text: model.describe(input, outcome?.output),
      calledAt,
      endedAt: outcome?.at,
      place: places.get(index),
    }))
    .sort((a, b) => a.calledAt - b.calledAt);
}
