/**
 * The key-value service as one register per key. `missing` is what a get answers for a key nobody
 * wrote: histories of Porcupine say "", our own service says null.
 */
import { unreachable } from "../../base/index.ts";
import { foresee } from "./foresight.ts";
import type { Model } from "./history.ts";

export type KeyValueInput = { readonly key: string } & KeyValueCall;

type KeyValueCall =
  | { readonly kind: "get" }
  | { readonly kind: "put"; readonly value: string }
  | { readonly kind: "append"; readonly value: string }
  | { readonly kind: "delete" }
  /** Writes `value` only when the present one is `expected` (null: the key is absent). */
  | { readonly kind: "compareAndSwap"; readonly expected: string | null; readonly value: string };

export interface KeyValueOutput {
  /** What a get returned. */
  readonly value?: string | null;
  /** Whether a compareAndSwap wrote. */
  readonly swapped?: boolean;
  /** Whether there was something to delete; absent when the service does not say. */
  readonly existed?: boolean;
}

export type KeyValueModel = Model<string | null, KeyValueInput, KeyValueOutput>;

export function keyValueModel(missing: "" | null): KeyValueModel {
  return {
    initial: missing,
    partOf: (input) => input.key,
    step: (state, input, output) => step(missing, state, input, output),
    isRead: (input) => input.kind === "get",
    isEffectless: (input, output) =>
      input.kind === "get" || output.swapped === false || output.existed === false,
    foresee: (operations) => foresee(missing, operations),
    describe,
  };
}

function step(
  missing: "" | null,
  state: string | null,
  input: KeyValueInput,
  output: KeyValueOutput | undefined,
): { readonly state: string | null } | undefined {
  switch (input.kind) {
    case "get":
      return output === undefined || output.value === state ? { state } : undefined;
    case "put":
      return { state: input.value };
    case "append":
      return { state: (state ?? "") + input.value };
    case "delete": {
      const isWrong = output?.existed !== undefined && output.existed !== (state !== missing);
      return isWrong ? undefined : { state: missing };
    }
    case "compareAndSwap": {
      const swaps = state === input.expected;
      if (output !== undefined && output.swapped !== swaps) return undefined;
      return { state: swaps ? input.value : state };
    }
    default:
      return unreachable(input);
  }
}

function describe(input: KeyValueInput, output: KeyValueOutput | undefined): string {
  const key = JSON.stringify(input.key);
  switch (input.kind) {
    case "get":
      return `get(${key}) -> ${output === undefined ? "?" : shorten(output.value ?? null)}`;
    case "put":
    case "append":
      return `${input.kind}(${key}, ${shorten(input.value)})${output === undefined ? " -> ?" : ""}`;
    case "delete":
      return `delete(${key})${output === undefined ? " -> ?" : output.existed === undefined ? "" : ` -> ${output.existed}`}`;
    case "compareAndSwap": {
      const call = `compareAndSwap(${key}, ${shorten(input.expected)}, ${shorten(input.value)})`;
      return `${call} -> ${output === undefined ? "?" : output.swapped}`;
    }
    default:
      return unreachable(input);
  }
}

const SHOWN_MAX = 60;

/** The end of a long value tells more than its beginning, because values grow by appending. */
function shorten(value: string | null): string {
  if (value === null || value.length <= SHOWN_MAX) return JSON.stringify(value);
  return `(${value.length} characters) …${JSON.stringify(value.slice(-SHOWN_MAX))}`;
}
