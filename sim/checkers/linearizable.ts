/**
 * Is there one order of all operations that respects real time and that the model could have
 * produced? The parts (keys) are searched in turn, a slice each: a key that is hard to decide must
 * not hide a violation at an easy one. The search is exponential in the worst case, so it has a
 * budget, and "unknown" is an honest third verdict.
 */
import { excerptOf, offendingWindow, type WindowOperation } from "./excerpt.ts";
import type { Model, Operation, State } from "./history.ts";
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

export function checkLinearizable<S extends State, Input, Output>(
  model: Model<S, Input, Output>,
  history: readonly Operation<Input, Output>[],
  budget: Budget,
): LinearizableVerdict {
  const parts = partsOf(model, history);
  const operations = history.length;
  let open = [...parts].map(([part, of]) => ({ part, of, search: new Search(model, of) }));
  let steps = 0;
  while (open.length > 0) {
    for (const { part, of, search } of open) {
      if (steps >= budget.stepsMax || budget.isOver?.())
        return { verdict: "unknown", steps, operations, parts: open.map((each) => each.part) };
      steps += search.advance(Math.min(STEPS_PER_SLICE, budget.stepsMax - steps));
      if (search.verdict !== "bad") continue;
      const window = offendingWindow(model, of);
      return { verdict: "bad", steps, operations, part, excerpt: excerptOf(window), window };
    }
    open = open.filter(({ search }) => search.verdict === "running");
  }
  return { verdict: "ok", steps, operations };
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
