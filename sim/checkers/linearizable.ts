/**
 * Is there one order of all operations that respects real time and that the model could have
 * produced? The parts (keys) are searched in turn, a slice each: a key that is hard to decide must
 * not hide a violation at an easy one. The search is exponential in the worst case, so it has a
 * budget, and "unknown" is an honest third verdict.
 */
import { excerptOf, offendingWindow, type WindowOperation } from "./excerpt.ts";
import { HistoryError, type Model, type Operation, type State } from "./history.ts";
import { Search } from "./search.ts";

export interface Budget {
  /** Choices tried, over all parts. */
  readonly stepsMax: number;
  /** Asked now and then; true ends the search. A clock belongs to the caller. */
  readonly isOver?: () => boolean;
}

export type LinearizableVerdict =
  | { readonly verdict: "ok"; readonly steps: number; readonly operations: number }
  | {
      readonly verdict: "bad";
      readonly steps: number;
      readonly operations: number;
      readonly part: string;
      /** The shortest beginning of that part that is already wrong, without the reads that do not matter. */
      readonly excerpt: readonly string[];
      /** The same, for a picture. */
      readonly window: readonly WindowOperation[];
    }
  | {
      readonly verdict: "unknown";
      readonly steps: number;
      readonly operations: number;
      /** Parts that were not decided. */
      readonly parts: readonly string[];
    };

const STEPS_PER_SLICE = 10_000;

/** Throws a `HistoryError` when the stamps are no times. */
export function checkLinearizable<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  history: readonly Operation<Input, Output>[],
  budget: Budget,
): LinearizableVerdict {
  history.forEach(refuseImpossibleTimes);
  const parts = partsOf(model, history);
  const operations = history.length;
  let open = [...parts].map(([part, of]) => ({ part, of, search: new Search(model, of) }));
  let steps = 0;
  for (;;) {
    // A contradiction is there before the first step.
    const bad = open.find(({ search }) => search.verdict === "bad");
    if (bad !== undefined) {
      const window = offendingWindow(model, bad.of);
      return {
        verdict: "bad",
        steps,
        operations,
        part: bad.part,
        excerpt: excerptOf(window),
        window,
      };
    }
    open = open.filter(({ search }) => search.verdict !== "ok");
    if (open.length === 0) return { verdict: "ok", steps, operations };
    const running = open.filter(({ search }) => search.verdict === "running");
    const isOver = () => steps >= budget.stepsMax || budget.isOver?.() === true;
    if (running.length === 0 || isOver())
      return { verdict: "unknown", steps, operations, parts: open.map((each) => each.part) };
    for (const { search } of running) {
      if (isOver()) break;
      steps += search.advance(Math.min(STEPS_PER_SLICE, budget.stepsMax - steps));
    }
  }
}

/** A read that nobody saw the answer of says nothing. */
function partsOf<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  history: readonly Operation<Input, Output>[],
): Map<string, Operation<Input, Output>[]> {
  const parts = new Map<string, Operation<Input, Output>[]>();
  for (const operation of history) {
    if (operation.outcome === undefined && model.isRead(operation.input)) continue;
    const part = model.partOf(operation.input);
    const of = parts.get(part) ?? [];
    of.push(operation);
    parts.set(part, of);
  }
  return parts;
}

function refuseImpossibleTimes(operation: Operation<unknown, unknown>, index: number): void {
  const { calledAt, outcome } = operation;
  if (!Number.isFinite(calledAt)) throw new HistoryError(index, `is called at ${calledAt}`);
  if (outcome === undefined) return;
  if (!Number.isFinite(outcome.at)) throw new HistoryError(index, `returns at ${outcome.at}`);
  if (outcome.at < calledAt)
    throw new HistoryError(index, `is called at ${calledAt} and returns before, at ${outcome.at}`);
}
