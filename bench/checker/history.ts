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
}

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

const DURATION_MAX = 1000;
const PAUSE_MAX = 100;

/** One more read than asked for, of a value that was overwritten long ago, when `isBad`. */
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
    const input = inputOf(below(3), `k${below(plan.keys)}`, `v${place};`);
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
  if (isBad) history.push(staleRead(history));
  return history.sort((a, b) => a.calledAt - b.calledAt);
}

function inputOf(kind: number, key: string, value: string): KeyValueInput {
  if (kind === 0) return { kind: "get", key };
  return kind === 1 ? { kind: "put", key, value } : { kind: "append", key, value };
}

function apply(state: Map<string, string>, input: KeyValueInput): KeyValueOutput {
  const now = state.get(input.key);
  if (input.kind === "get") return { value: now ?? null };
  if (input.kind === "put") state.set(input.key, input.value);
  if (input.kind === "append") state.set(input.key, (now ?? "") + input.value);
  return {};
}

function staleRead(history: readonly KeyValueOperation[]): KeyValueOperation {
  const first = history.find(({ input, outcome }) => input.kind === "put" && outcome);
  const end = Math.max(...history.map(({ calledAt, outcome }) => outcome?.at ?? calledAt));
  const { key = "", value = "" } = (first?.input ?? {}) as { key?: string; value?: string };
  const outcome = { at: end + 2, output: { value } };
  return { client: 0, input: { kind: "get", key }, calledAt: end + 1, outcome };
}
