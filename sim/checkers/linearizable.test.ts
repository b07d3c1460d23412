/**
 * The search is judged three ways: by rows whose verdict can be seen by eye, by a slow obvious twin
 * on random small histories, and by Porcupine's own histories (`npm run histories`).
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "./history.ts";
import { readKeyValueHistory } from "./history-text.ts";
import { type KeyValueInput, type KeyValueOutput, keyValueModel } from "./key-value.ts";
import { checkLinearizable } from "./linearizable.ts";

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

const OURS = keyValueModel(null);
const AMPLE = { stepsMax: 1_000_000 };
const FOLDER = "fixtures/interop/porcupine-kv";

test.for([
  { why: "an empty history breaks nothing", verdict: "ok", lines: [] },
  { why: "a read sees the write before it", verdict: "ok", lines: ["0 2 put a", "3 4 get a"] },
  { why: "a stale read", verdict: "bad", lines: ["0 1 put a", "2 3 put b", "4 5 get a"] },
  {
    why: "overlapping calls may swap",
    verdict: "ok",
    lines: ["0 9 put a", "1 2 get null", "3 4 get a"],
  },
  {
    why: "a read may not go back in time",
    verdict: "bad",
    lines: ["0 9 put a", "1 2 get a", "3 4 get null"],
  },
  { why: "equal stamps overlap", verdict: "ok", lines: ["0 2 put a", "2 3 get null"] },
  { why: "an append applied twice", verdict: "bad", lines: ["0 1 append a", "2 3 get aa"] },
  { why: "a lost append", verdict: "bad", lines: ["0 1 append a", "2 3 append b", "4 5 get b"] },
  {
    why: "an unknown write took effect late",
    verdict: "ok",
    lines: ["0 ? put a", "1 2 get null", "3 4 get a"],
  },
  { why: "an unknown write never happened", verdict: "ok", lines: ["0 ? put a", "1 2 get null"] },
  {
    why: "an unknown write cannot come and go",
    verdict: "bad",
    lines: ["0 ? put a", "1 2 get a", "3 4 get null"],
  },
  { why: "nor take effect before its call", verdict: "bad", lines: ["0 1 get a", "2 ? put a"] },
  {
    why: "an unknown append is applied once",
    verdict: "bad",
    lines: ["0 ? append a", "1 2 get aa"],
  },
  { why: "deleted is absent", verdict: "ok", lines: ["0 1 put a", "2 3 delete", "4 5 get null"] },
  { why: "the key was there", verdict: "ok", lines: ["0 1 put a", "2 3 delete true"] },
  { why: "the key was not there", verdict: "bad", lines: ["0 1 delete true"] },
  { why: "a delete that found nothing", verdict: "bad", lines: ["0 1 put a", "2 3 delete false"] },
  { why: "deleted is gone", verdict: "bad", lines: ["0 1 put a", "2 3 delete", "4 5 get a"] },
  {
    why: "only one swap of two can win",
    verdict: "bad",
    lines: ["0 9 swap null a true", "1 8 swap null b true"],
  },
  {
    why: "the loser of two swaps",
    verdict: "ok",
    lines: ["0 9 swap null a true", "1 8 swap null b false"],
  },
  { why: "a swap that had to win", verdict: "bad", lines: ["0 1 put a", "2 3 swap a b false"] },
  {
    why: "an unknown swap that somebody saw had found what nobody read",
    verdict: "ok",
    lines: ["0 1 put a", "2 ? swap a b true", "4 5 get b"],
  },
] as const)("checkLinearizable() says $verdict: $why", ({ verdict, lines }) => {
  const history = lines.map(operation);
  expect(checkLinearizable(OURS, history, AMPLE).verdict).toBe(verdict);
  expect(isLinearizableByTrial(history)).toBe(verdict === "ok");
});

test.for([
  { why: "any values", some: () => histories },
  { why: "values that tell who wrote them", some: () => telling },
])("checkLinearizable() agrees with the obvious twin on small histories: $why", ({ some }) => {
  const seen = { ok: 0, bad: 0 };
  fc.assert(
    fc.property(some(), (history) => {
      const { verdict } = checkLinearizable(OURS, history, AMPLE);
      expect(verdict).toBe(isLinearizableByTrial(history) ? "ok" : "bad");
      seen[verdict as "ok" | "bad"]++;
    }),
    { numRuns: 6000 },
  );
  // Both sides of the verdict were exercised, else the property proves nothing.
  expect(Math.min(seen.ok, seen.bad)).toBeGreaterThan(200);
});

test("checkLinearizable() finds a violation at an easy key beside one it cannot decide", () => {
  const hard = hardHistory(16);
  const easy = ["0 1 append a", "2 3 get aa"].map((line) => at("easy", operation(line)));
  const found = checkLinearizable(OURS, [...hard, ...easy], { stepsMax: 200_000 });
  expect(found).toMatchObject({ verdict: "bad", part: "easy" });
});

test("checkLinearizable() says unknown, not ok, when the budget ends first", () => {
  const found = checkLinearizable(OURS, hardHistory(16), { stepsMax: 5_000 });
  expect(found).toMatchObject({ verdict: "unknown", parts: ["hard"] });
  const late = checkLinearizable(OURS, hardHistory(3), { stepsMax: 5_000, isOver: () => true });
  expect(late.verdict).toBe("unknown");
});

test("the excerpt of a violation leaves out what does not matter", () => {
  const lines = [
    "0 1 put a",
    "2 3 get a",
    "4 5 put b",
    "6 7 get b",
    "8 9 get a",
    "10 11 put c",
    "12 13 get c",
  ];
  const found = checkLinearizable(OURS, lines.map(operation), AMPLE);
  expect(found.verdict === "bad" ? found.excerpt : []).toEqual([
    '[0 … 1] client 0: put("k", "a")   (1)',
    '[4 … 5] client 0: put("k", "b")   (2)',
    '[8 … 9] client 0: get("k") -> "a"   <- no place found',
  ]);
});

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".txt"));
test.for(files)("checkLinearizable() judges %s as its author does", (name) => {
  const history = readKeyValueHistory(readFileSync(`${FOLDER}/${name}`, "utf8"));
  const { verdict } = checkLinearizable(keyValueModel(""), history, AMPLE);
  expect(name).toContain(`-${verdict}.txt`);
});

test("one changed answer anywhere in a good history is found", () => {
  const good = readKeyValueHistory(readFileSync(`${FOLDER}/c10-ok.txt`, "utf8"));
  const reads = good.flatMap(({ input }, index) => (input.kind === "get" ? [index] : []));
  const changed = reads.map((index) =>
    good.map((each, i) =>
      i === index && each.outcome
        ? {
            ...each,
            outcome: { ...each.outcome, output: { value: `${each.outcome.output.value}!` } },
          }
        : each,
    ),
  );
  const verdicts = changed.map(
    (history) => checkLinearizable(keyValueModel(""), history, AMPLE).verdict,
  );
  expect(verdicts.length).toBeGreaterThan(50);
  expect(new Set(verdicts)).toEqual(new Set(["bad"]));
});

/** `<called> <returned or ?> <call> …`, on key "k". */
function operation(line: string): KeyValueOperation {
  const [called = "", returned = "", call = "", first = "", second = "", third = ""] =
    line.split(" ");
  const text = (value: string) => (value === "null" ? null : value);
  const calls: Record<string, readonly [KeyValueInput, KeyValueOutput]> = {
    get: [{ key: "k", kind: "get" }, { value: text(first) }],
    put: [{ key: "k", kind: "put", value: first }, {}],
    append: [{ key: "k", kind: "append", value: first }, {}],
    delete: [{ key: "k", kind: "delete" }, first === "" ? {} : { existed: first === "true" }],
    swap: [
      { key: "k", kind: "compareAndSwap", expected: text(first), value: second },
      { swapped: third === "true" },
    ],
  };
  const [input, output] = calls[call] ?? [];
  if (input === undefined || output === undefined) throw new Error(`row "${line}"`);
  const known = { client: 0, input, calledAt: Number(called) };
  return returned === "?" ? known : { ...known, outcome: { at: Number(returned), output } };
}

function at(key: string, each: KeyValueOperation): KeyValueOperation {
  return { ...each, input: { ...each.input, key } };
}

/** Equal appends at one time, so that nothing tells which came first, and a read that none of them explains. */
function hardHistory(appends: number): KeyValueOperation[] {
  const lines = Array.from({ length: appends }, (_, index) => `0 ${50 + index} append a`);
  return [...lines, "98 99 get impossible"].map((line) => at("hard", operation(line)));
}

const value = fc.constantFrom("a", "b", "aa", "ab");
const content = fc.constantFrom(null, "a", "b", "aa", "ab", "ba");
const calls: fc.Arbitrary<readonly [KeyValueInput, KeyValueOutput]> = fc.oneof(
  content.map((answer) => [{ key: "k", kind: "get" }, { value: answer }] as const),
  value.map((text) => [{ key: "k", kind: "put", value: text }, {}] as const),
  value.map((text) => [{ key: "k", kind: "append", value: text }, {}] as const),
  fc
    .constantFrom({}, { existed: true }, { existed: false })
    .map((output) => [{ key: "k", kind: "delete" }, output] as const),
  fc
    .tuple(content, value, fc.boolean())
    .map(
      ([expected, text, swapped]) =>
        [{ key: "k", kind: "compareAndSwap", expected, value: text }, { swapped }] as const,
    ),
);
const histories: fc.Arbitrary<KeyValueOperation[]> = fc.array(
  fc
    .tuple(calls, fc.nat(12), fc.nat(5), fc.nat(3))
    .map(([[input, output], calledAt, length, known]) =>
      known === 0
        ? { client: 0, input, calledAt }
        : { client: 0, input, calledAt, outcome: { at: calledAt + length, output } },
    ),
  { maxLength: 6 },
);

/** The same histories with a value of its own for each write, and reads made of these: then `foresee` speaks. */
const telling: fc.Arbitrary<KeyValueOperation[]> = fc
  .tuple(histories, fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }), fc.array(fc.nat(5)))
  .map(([history, shapes, picks]) => {
    const name = (index: number) => `<${index}>`;
    const seen = (index: number) =>
      Array.from({ length: shapes[index] ?? 0 }, (_, i) => name(picks[index + i] ?? i)).join("");
    return history.map((each, index) => {
      const named = "value" in each.input ? { ...each.input, value: name(index) } : each.input;
      const input =
        named.kind === "compareAndSwap" ? { ...named, expected: seen(index) || null } : named;
      if (each.outcome === undefined || input.kind !== "get") return { ...each, input };
      const outcome = { ...each.outcome, output: { value: seen(index) || null } };
      return { ...each, input, outcome };
    });
  });

/** Tries every order: an operation may come next when no other one left returned before it was called. */
function isLinearizableByTrial(
  left: readonly KeyValueOperation[],
  state: string | null = OURS.initial,
): boolean {
  if (left.every(({ outcome }) => outcome === undefined)) return true;
  return left.some((next) => {
    const rest = left.filter((each) => each !== next);
    if (rest.some(({ outcome }) => outcome !== undefined && outcome.at < next.calledAt))
      return false;
    const after = OURS.step(state, next.input, next.outcome?.output);
    return after !== undefined && isLinearizableByTrial(rest, after.state);
  });
}
