/** Histories that no honest client writes: an error or an honest verdict, in bounded time and memory. */
import { expect, test } from "vitest";
import {
  checkLinearizable,
  HistoryError,
  type KeyValueInput,
  type KeyValueOutput,
  keyValueModel,
  type Operation,
} from "./index.ts";

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

const MODEL = keyValueModel(null);
const BUDGET = { stepsMax: 20_000_000 };
const MANY = 100_000;
const NULL_READ = { kind: "get", key: "k" } as const;

function read(value: string | null, calledAt: number): KeyValueOperation {
  return {
    client: 0,
    input: NULL_READ,
    calledAt,
    outcome: { at: calledAt + 1, output: { value } },
  };
}

function many(inputOf: (index: number) => KeyValueInput): KeyValueOperation[] {
  return Array.from({ length: MANY }, (_, index) => ({
    client: index,
    input: inputOf(index),
    calledAt: index,
  }));
}

test.for([
  { why: "NaN", times: [Number.NaN, 2] },
  { why: "no end of time", times: [1, Number.POSITIVE_INFINITY] },
  { why: "NaN at the end", times: [1, Number.NaN] },
  { why: "a clock that runs backwards", times: [5, 4] },
] as const)("stamps that are no times are refused: $why", ({ times: [calledAt, at] }) => {
  const bad = { client: 0, input: NULL_READ, calledAt, outcome: { at, output: { value: null } } };
  const check = () => checkLinearizable(MODEL, [read(null, 1), bad], BUDGET);
  expect(check).toThrow(HistoryError);
  expect(check).toThrow("operation 1");
});

test("the same operation twice is two operations", () => {
  const append = {
    client: 0,
    input: { kind: "append", key: "k", value: "a" } as const,
    calledAt: 0,
    outcome: { at: 1, output: {} },
  };
  const verdictOf = (value: string) =>
    checkLinearizable(MODEL, [append, append, read(value, 2)], BUDGET).verdict;
  expect(verdictOf("aa")).toBe("ok");
  expect(verdictOf("a")).toBe("bad");
});

test.for([
  {
    why: "values that nobody read",
    inputOf: (index: number) => ({ kind: "append", key: "k", value: `<${index}>` }) as const,
    value: null,
    verdict: "ok",
  },
  {
    why: "values that nobody can have read",
    inputOf: (index: number) => ({ kind: "append", key: "k", value: `<${index}>` }) as const,
    value: "<7>!",
    verdict: "bad",
  },
  {
    why: "the last of them was read",
    inputOf: (index: number) => ({ kind: "put", key: "k", value: `<${index}>` }) as const,
    value: `<${MANY - 1}>`,
    verdict: "ok",
  },
  {
    why: "equal appends",
    inputOf: () => ({ kind: "append", key: "k", value: "a" }) as const,
    value: "aaa",
    verdict: "ok",
  },
  {
    why: "equal appends, and a read that they do not explain",
    inputOf: () => ({ kind: "append", key: "k", value: "a" }) as const,
    value: "aab",
    verdict: "bad",
  },
  {
    why: "a few values, put and deleted",
    inputOf: (index: number): KeyValueInput =>
      index % 3 === 0
        ? { kind: "delete", key: "k" }
        : { kind: "put", key: "k", value: `v${index % 5}` },
    value: "v3",
    verdict: "ok",
  },
])("100 000 unknown operations on one key do not stop the judge: $why", (row) => {
  const history = [...many(row.inputOf), read(row.value, MANY + 1)];
  expect(checkLinearizable(MODEL, history, BUDGET).verdict).toBe(row.verdict);
});

test("100 000 unknown swaps, each of them possible, end within the budget and never in a wrong verdict", () => {
  const inputOf = (index: number): KeyValueInput => ({
    kind: "compareAndSwap",
    key: "k",
    expected: index % 2 === 0 ? null : `v${index % 7}`,
    value: `v${(index * 3) % 7}`,
  });
  const reads = ["v5", "v2", "v6", null].map((value, place) => read(value, MANY + 10 * place));
  const { verdict, steps } = checkLinearizable(MODEL, [...many(inputOf), ...reads], BUDGET);
  // Absent again, although nothing was deleted.
  expect(verdict).toBe("bad");
  expect(steps).toBeLessThan(BUDGET.stepsMax);
});

test("calls that all overlap are judged within the budget or left undecided", () => {
  const open = Array.from(
    { length: 5_000 },
    (_, index): KeyValueOperation => ({
      client: index,
      input: { kind: "append", key: "k", value: "a" },
      calledAt: 0,
      outcome: { at: 10_000 + index, output: {} },
    }),
  );
  const found = checkLinearizable(MODEL, [...open, read("b", 20_000)], { stepsMax: 3_000_000 });
  expect(found.verdict).toBe("unknown");
});
