/**
 * What the answers of one key give away about its operations.
 *
 * 1. A state that is the beginning of nothing that was read or expected stays so whatever is appended:
 *    no answer can tell two of them apart, so one stands for all. This holds for every history.
 * 2. When each write has a value of its own and no value is the beginning of another, a read value
 *    splits into its writes in exactly one way: "x1y" + "x2y". Then each state that somebody saw is
 *    there once, in one piece, and both its makers and its readers are known. A choice that leads
 *    elsewhere is wrong at once, not many operations later.
 */
import type { Foresight, Operation } from "./history.ts";
import type { KeyValueInput, KeyValueOutput } from "./key-value.ts";

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;
type Value = string | null;

export function foresee(
  missing: "" | null,
  operations: readonly KeyValueOperation[],
): Foresight<Value> {
  const texts = textsOf(operations);
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  const nobodySaw = "?".repeat(longest + 1);
  const simplify = (state: Value): Value =>
    state === missing || isBeginning(state ?? "", texts) ? state : nobodySaw;
  const before: (Value | undefined)[] = operations.map(() => undefined);
  const after: (Value | undefined)[] = operations.map(() => undefined);
  const alike = operations.map(({ input }) =>
    input.kind === "put" && simplify(input.value) !== input.value ? "" : JSON.stringify(input),
  );
  const unnoticed = operations.map(() => false);
  const writers = writersByValue(operations);
  const all = { simplify, before, after, alike, unnoticed };
  if (writers === undefined) return { ...all, spent: undefined };
  traceReads(operations, writers, after);
  const isPlain = !operations.some(saysWhatIsNot);
  for (const [index, { input, outcome }] of operations.entries()) {
    before[index] = stateBefore(input, outcome?.output, after[index]);
    const isBlind = input.kind === "put" || input.kind === "append";
    unnoticed[index] = isPlain && isBlind && after[index] === undefined;
  }
  return { ...all, spent: isPlain ? nobodySaw : undefined };
}

/** Whether the answer is true in all states but one: then also states that nobody read matter. */
function saysWhatIsNot({ outcome }: KeyValueOperation): boolean {
  return outcome?.output.swapped === false || outcome?.output.existed !== undefined;
}

/** Goes along each read and tells its writers which state they led to. */
function traceReads(
  operations: readonly KeyValueOperation[],
  writers: ReadonlyMap<string, number>,
  after: (Value | undefined)[],
): void {
  const lengths = [...new Set([...writers.keys()].map((value) => value.length))];
  const seen = new Set(operations.flatMap(seenIn));
  for (const text of seen) {
    for (let start = 0, end = 0; start < text.length; start = end) {
      const length = lengths.find((each) => writers.has(text.slice(start, start + each)));
      if (length === undefined) break; // Nobody wrote this: the search will find the read impossible.
      end = start + length;
      const writer = writers.get(text.slice(start, end)) as number;
      after[writer] ??= text.slice(0, end);
      const { input } = operations[writer] as KeyValueOperation;
      // What a swap wrote was seen, so it found what it expected, even if nobody heard of it.
      if (input.kind === "compareAndSwap" && input.expected) seen.add(input.expected);
    }
  }
}

/** The value that an operation must have found: it was read, or a swap that won expected it. */
function seenIn({ input, outcome }: KeyValueOperation): string[] {
  if (input.kind === "get") return outcome?.output.value ? [outcome.output.value] : [];
  const isSwapped = input.kind === "compareAndSwap" && outcome?.output.swapped;
  return isSwapped && input.expected ? [input.expected] : [];
}

/** Absence comes and goes, so nothing is said about it. */
function stateBefore(
  input: KeyValueInput,
  output: KeyValueOutput | undefined,
  after: Value | undefined,
): Value | undefined {
  if (input.kind === "get") return output?.value || undefined;
  if (input.kind === "append") return after?.slice(0, -input.value.length) || undefined;
  if (input.kind !== "compareAndSwap") return undefined;
  const isSwapped = output?.swapped ?? after !== undefined;
  return isSwapped ? input.expected || undefined : undefined;
}

/** Undefined when values are empty, repeated, or one begins with another: then reads are ambiguous. */
function writersByValue(operations: readonly KeyValueOperation[]): Map<string, number> | undefined {
  const writers = new Map<string, number>();
  for (const [index, { input, outcome }] of operations.entries()) {
    if (!("value" in input) || outcome?.output.swapped === false) continue;
    if (input.value === "" || writers.has(input.value)) return undefined;
    writers.set(input.value, index);
  }
  const sorted = [...writers.keys()].sort();
  const isAmbiguous = sorted.some((value, index) => sorted[index + 1]?.startsWith(value));
  return isAmbiguous ? undefined : writers;
}

/** Everything that was read or expected, sorted. */
function textsOf(operations: readonly KeyValueOperation[]): string[] {
  const texts = operations.flatMap(({ input, outcome }) => {
    if (input.kind === "get") return outcome?.output.value ?? [];
    return input.kind === "compareAndSwap" ? (input.expected ?? []) : [];
  });
  return [...new Set(texts)].sort();
}

/** Whether one of the texts begins with it: the first that does not sort before it tells. */
function isBeginning(beginning: string, sorted: readonly string[]): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < beginning) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(beginning) ?? false;
}
