/**
 * What the reads give away about the writes. When each write has a value of its own and no value is
 * the beginning of another, a read value splits into its writes in exactly one way: "x1y" + "x2y".
 * Then the state right behind a write that somebody saw can only be the read value up to there.
 * A choice that leads elsewhere is wrong at once, not many operations later; without this, keys
 * with many overlapping appends and puts take exponential time.
 */
import type { Operation } from "./history.ts";
import type { KeyValueInput, KeyValueOutput } from "./key-value.ts";

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

/** For each operation the only state that can follow it, or undefined when the reads do not tell. */
export function foresee(operations: readonly KeyValueOperation[]): (string | undefined)[] {
  const after: (string | undefined)[] = operations.map(() => undefined);
  const writers = writersByValue(operations);
  if (writers === undefined) return after;
  const lengths = [...new Set([...writers.keys()].map((value) => value.length))];
  for (const { outcome } of operations) {
    const read = outcome?.output.value ?? "";
    let end = 0;
    while (end < read.length) {
      const start = end;
      for (const length of lengths) {
        const writer = writers.get(read.slice(start, start + length));
        if (writer === undefined) continue;
        end = start + length;
        after[writer] ??= read.slice(0, end);
        break;
      }
      if (end === start) break; // Nobody wrote this: the search will find the read impossible.
    }
  }
  return after;
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
