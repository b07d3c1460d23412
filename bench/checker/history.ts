/** Histories of a correct service with clients that overlap: each operation takes effect between its call and its return. */
import { Chance } from "../../base/index.ts";
import type { KeyValueInput, KeyValueOutput, Operation } from "../../sim/checkers/index.ts";

export interface HistoryPlan {
  readonly seed: number;
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Of a thousand, how many answers are lost. */
  readonly lostPerMille: number;
  /** Each write has a value of its own, or all take from a few and swap them as well. */
  readonly values: "own" | "few";
}

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

const DURATION_MAX = 1000;
const PAUSE_MAX = 100;
const FEW = 5;

/** One more read than asked for when `isBad`: of a value that was overwritten long ago, or that nobody wrote. */
export function makeHistory(plan: HistoryPlan, isBad = false): KeyValueOperation[] {
  const chance = new Chance(plan.seed);
  const below = (limit: number): number => chance.below(limit);
  const free = Array.from({ length: plan.clients }, () => below(DURATION_MAX));
  const calls = Array.from({ length: plan.operations }, (_, place) => {
    const client = place % plan.clients;
    const calledAt = (free[client] ?? 0) + below(PAUSE_MAX);
    const endedAt = calledAt + 2 + below(DURATION_MAX);
    free[client] = endedAt;
    const effectAt = calledAt + 1 + below(endedAt - calledAt - 1);
    const key = `k${below(plan.keys)}`;
    const few = (): string => `v${below(FEW)}`;
    const input =
      plan.values === "own"
        ? inputOf(below(3), key, `v${place};`)
        : swapOf(below(4), { key, value: few(), expected: few() });
    return { client, calledAt, endedAt, effectAt, input, isLost: below(1000) < plan.lostPerMille };
  });
  const state = new Map<string, string>();
  const history = calls
    .sort((a, b) => a.effectAt - b.effectAt)
    .map(({ client, calledAt, endedAt, input, isLost }): KeyValueOperation => {
      const output = apply(state, input);
      // A client that got no answer goes on as another one.
      if (isLost) return { client: client + plan.clients, input, calledAt };
      return { client, input, calledAt, outcome: { at: endedAt, output } };
    });
  if (isBad) history.push(lateRead(history, plan.values === "few" ? "nobody's" : undefined));
  return history.sort((a, b) => a.calledAt - b.calledAt);
}

function inputOf(kind: number, key: string, value: string): KeyValueInput {
  if (kind === 0) return { kind: "get", key };
  return kind === 1 ? { kind: "put", key, value } : { kind: "append", key, value };
}

function swapOf(
  kind: number,
  { key, value, expected }: { key: string; value: string; expected: string },
): KeyValueInput {
  if (kind === 0) return { kind: "get", key };
  if (kind === 1) return { kind: "delete", key };
  return kind === 2
    ? { kind: "put", key, value }
    : { kind: "compareAndSwap", key, value, expected };
}

function apply(state: Map<string, string>, input: KeyValueInput): KeyValueOutput {
  const now = state.get(input.key);
  if (input.kind === "get") return { value: now ?? null };
  if (input.kind === "put") state.set(input.key, input.value);
  if (input.kind === "append") state.set(input.key, (now ?? "") + input.value);
  if (input.kind === "delete") return { existed: state.delete(input.key) };
  if (input.kind !== "compareAndSwap") return {};
  const swapped = now === input.expected;
  if (swapped) state.set(input.key, input.value);
  return { swapped };
}

/** Without a value: the first that was put. */
function lateRead(history: readonly KeyValueOperation[], value?: string): KeyValueOperation {
  const first = history.find(({ input, outcome }) => input.kind === "put" && outcome)?.input;
  if (first?.kind !== "put") throw new Error("no put in the history");
  const end = Math.max(...history.map(({ calledAt, outcome }) => outcome?.at ?? calledAt));
  const outcome = { at: end + 2, output: { value: value ?? first.value } };
  return { client: 0, input: { kind: "get", key: first.key }, calledAt: end + 1, outcome };
}
